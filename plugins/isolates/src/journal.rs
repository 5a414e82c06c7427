//! Says where a repetition differs from its record.

use helios_abi::ProcKey;
use helios_abi::grant::Call;

use crate::state::Recorded;

/// Names process, slice and place, with both versions.
pub(crate) fn difference(key: ProcKey, slice: u64, recorded: &Recorded, repeated: &Recorded) -> String {
    let place = format!("process {key}, slice {slice}");
    let (names, others) = (&recorded.made, &repeated.made);
    let (recorded, repeated) = (&recorded.batch, &repeated.batch);
    let calls = recorded.calls.len().max(repeated.calls.len());
    for index in 0..calls {
        let (was, is) = (recorded.calls.get(index), repeated.calls.get(index));
        if was != is {
            return format!(
                "{place}, call {index}: the journal has {}, the repetition made {}",
                show(was),
                show(is)
            );
        }
    }
    if let Some(at) = (0..names.len().max(others.len())).find(|at| names.get(*at) != others.get(*at)) {
        let (was, is) = (names.get(at), others.get(at));
        return format!("{place}: the journal has the long byte array {was:?}, the repetition made {is:?}");
    }
    if recorded.status != repeated.status {
        let (was, is) = (&recorded.status, &repeated.status);
        return format!("{place}: the journal ends it as {was:?}, the repetition as {is:?}");
    }
    let (was, is) = (recorded.gas_used, repeated.gas_used);
    format!("{place}: the journal says {was} gas, the repetition used {is}")
}

fn show(call: Option<&Call>) -> String {
    let Some(call) = call else { return "no call".into() };
    let mut args = format!("{:?}", call.args);
    if args.len() > 200 {
        args = args.chars().take(200).collect::<String>() + "…";
    }
    format!("#{} {}({args})", call.id, call.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use helios_abi::Value;
    use helios_abi::grant::{Batch, Status};

    fn recorded(calls: Vec<Call>, gas_used: u64) -> Recorded {
        let mut calls = calls;
        let made = helios_abi::held::take_made(&mut calls);
        let status = Status::Pending;
        let batch = Batch {
            calls,
            gas_used,
            status,
        };
        Recorded { batch, made }
    }

    fn call(id: u64, name: &str, args: Value) -> Call {
        Call {
            id,
            name: name.into(),
            args,
        }
    }

    #[test]
    fn the_first_difference_is_named() {
        let calls = |second| vec![call(1, "open", Value::Null), call(2, second, Value::Null)];
        let was = recorded(calls("read"), 5);
        let text = difference(ProcKey::default(), 7, &was, &recorded(calls("stat"), 6));
        assert!(
            text.contains("slice 7, call 1: the journal has #2 read(Null), the repetition made #2 stat(Null)"),
            "{text}"
        );
        let text = difference(ProcKey::default(), 7, &was, &recorded(calls("read"), 6));
        assert!(
            text.ends_with("the journal says 5 gas, the repetition used 6"),
            "{text}"
        );
    }

    #[test]
    fn other_long_bytes_are_a_difference() {
        let write = |with: u8| recorded(vec![call(1, "write", Value::Bytes(vec![with; 2000].into()))], 5);
        let text = difference(ProcKey::default(), 7, &write(1), &write(2));
        assert!(
            text.contains("slice 7: the journal has the long byte array Some(Held { nth: 0, len: 2000"),
            "{text}"
        );
    }
}
