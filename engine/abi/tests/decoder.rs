//! The syscall decoder against whatever a program may send: it answers, or refuses with the field's name, and never panics.

use helios_abi::calls::{self, SYSCALLS, decode};
use helios_abi::value::Value;

/// Builds a value from bytes, so that the fuzzer reaches every shape; names of real fields come up often.
fn value(input: &mut std::slice::Iter<'_, u8>, depth: u32) -> Value {
    let names: Vec<&str> = SYSCALLS
        .iter()
        .flat_map(|def| def.request.fields.iter().map(|field| field.name))
        .collect();
    let mut byte = || input.next().copied().unwrap_or(0);
    match byte() % 8 {
        0 => Value::Null,
        1 => Value::Bool(byte() & 1 == 1),
        2 => Value::Int(i64::from(byte())),
        3 => Value::Int(i64::from_le_bytes(std::array::from_fn(|_| byte()))),
        4 => Value::Str("x".repeat(usize::from(byte()))),
        5 => Value::Bytes(vec![byte(); usize::from(byte())].into()),
        kind if depth > 4 => Value::Int(i64::from(kind)),
        6 => {
            let len = byte() % 5;
            Value::List((0..len).map(|_| value(input, depth + 1)).collect())
        }
        _ => {
            let len = byte() % 6;
            let entry = |input: &mut std::slice::Iter<'_, u8>| {
                let name = names[usize::from(input.next().copied().unwrap_or(0)) % names.len()];
                (name.to_owned(), value(input, depth + 1))
            };
            Value::Map((0..len).map(|_| entry(input)).collect())
        }
    }
}

/// Decodes `args` as one call, and checks that a refusal names the call.
fn refuses_well<S: calls::Syscall>(args: &Value) {
    if let Err(message) = decode::<S>(args.clone()) {
        assert!(message.starts_with(S::DEF.name), "{message}");
    }
}

fn every_call(args: &Value) {
    refuses_well::<calls::Open>(args);
    refuses_well::<calls::Read>(args);
    refuses_well::<calls::Write>(args);
    refuses_well::<calls::Seek>(args);
    refuses_well::<calls::Dup>(args);
    refuses_well::<calls::Pipe>(args);
    refuses_well::<calls::Poll>(args);
    refuses_well::<calls::StatPath>(args);
    refuses_well::<calls::Mkdir>(args);
    refuses_well::<calls::Unlink>(args);
    refuses_well::<calls::Rename>(args);
    refuses_well::<calls::Chown>(args);
    refuses_well::<calls::Truncate>(args);
    refuses_well::<calls::Utimes>(args);
    refuses_well::<calls::Spawn>(args);
    refuses_well::<calls::Wait>(args);
    refuses_well::<calls::Kill>(args);
    refuses_well::<calls::Sigaction>(args);
    refuses_well::<calls::Exit>(args);
    refuses_well::<calls::Sleep>(args);
    refuses_well::<calls::Cancel>(args);
    refuses_well::<calls::MailboxSend>(args);
    refuses_well::<calls::TraceRead>(args);
}

#[test]
fn fuzz_decoder_of_syscalls() {
    bolero::check!()
        .with_iterations(20_000)
        .for_each(|bytes: &[u8]| every_call(&value(&mut bytes.iter(), 0)));
}

#[test]
fn fuzz_values_as_json() {
    bolero::check!().with_iterations(20_000).for_each(|bytes: &[u8]| {
        if let Ok(read) = serde_json::from_slice::<Value>(bytes) {
            let again = serde_json::to_vec(&read).expect("a value is JSON");
            assert_eq!(
                serde_json::from_slice::<Value>(&again).expect("what was written is read"),
                read
            );
        }
    });
}

#[test]
fn a_wrong_field_is_named() {
    let args = Value::Map([("path".to_owned(), Value::Int(1))].into());
    assert_eq!(
        decode::<calls::Open>(args).unwrap_err(),
        "open: path: expected a string, got an integer"
    );
    let args = Value::Map([("pth".to_owned(), Value::Str("x".into()))].into());
    assert!(
        decode::<calls::StatPath>(args)
            .unwrap_err()
            .starts_with("stat: path: expected a string")
    );
}
