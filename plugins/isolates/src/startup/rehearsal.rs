//! A rehearsal of what every process does, before the context that the startup snapshot keeps is made.
//!
//! V8 compiles a function when it is first called, and a snapshot holds the bytecode of what was compiled when it was
//! made. To compile everything makes each isolate larger by what it never calls; to compile nothing makes each process
//! compile the same functions as it starts. So the scripts run once in a context that is thrown away: a program starts,
//! writes, reads and leaves. The context that is kept gets the same compiled scripts from V8's compilation cache, with
//! exactly the functions compiled that this took.

use std::collections::BTreeMap;
use std::sync::Arc;

use helios_abi::Tick;
use helios_abi::grant::{Batch, Delivery, Grant, Start};
use helios_abi::program::{Module, Program, sha256};
use helios_abi::value::{Bytes, Value};

use super::{HOOKS, get_function};
use crate::modules::Modules;
use crate::process;
use crate::state::{self, ProcState};

/// The program. It is part of the library's digest: what is compiled when may matter deep in a recursion.
pub(crate) const PROGRAM: &str = include_str!("rehearsal.ts");
const SPECIFIER: &str = "/usr/lib/helios/rehearsal.ts";
/// No end of gas for what the program does.
const GAS: u64 = 1 << 40;
/// Bytes that its standard input has.
const INPUT: &[u8] = b"one line\nand another\n";

/// Runs it in a context of its own and leaves nothing behind but compiled functions.
pub(super) fn rehearse(isolate: &mut v8::Isolate) {
    let import = "helios:process".to_owned();
    let program = Program {
        modules: vec![Module {
            specifier: SPECIFIER.into(),
            source_hash: sha256(PROGRAM.as_bytes()),
            source: PROGRAM.into(),
            imports: vec![(import.clone(), import)],
        }],
    };
    let mut state = ProcState::for_snapshot();
    state.modules = Modules::new(Arc::new(program));
    state::install(Box::new(state));
    {
        v8::scope!(let scope, &mut *isolate);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        let scope = &mut v8::ContextScope::new(scope, context);
        let filled = super::fill(scope, context);
        let hooks = HOOKS.map(|name| {
            let function = get_function(scope, filled.hooks, name);
            v8::Global::new(scope, function)
        });
        let hooks = super::hooks_of(scope, context, hooks);
        super::settle(scope, context);
        state::with(|state| state.hooks = Some(Arc::new(hooks)));
    }
    perform(isolate);
    drop(state::remove());
}

/// The program's life: each call of it is answered in a slice of its own.
fn perform(isolate: &mut v8::Isolate) {
    let mut deliveries = vec![Delivery::Start(Start {
        pid: 1,
        argv: vec!["rehearsal".into(), "argument".into()],
        env: BTreeMap::from([("HOME".to_owned(), "/root".to_owned())]),
        cwd: "/".into(),
        epoch_ms: 0,
        random_key: Bytes(vec![0; 32]),
    })];
    let mut input = INPUT;
    for slice in 0.. {
        assert!(slice < 64, "the rehearsal's program ends");
        let grant = Grant {
            slice,
            tick: Tick(slice),
            gas: GAS,
            deliveries: std::mem::take(&mut deliveries),
        };
        let batch = match process::run_slice(isolate, &grant) {
            Ok(batch) => batch,
            Err(error) => panic!("the rehearsal fails: {error}"),
        };
        if batch.calls.iter().any(|call| call.name == "exit") {
            return;
        }
        deliveries = replies(&batch, &mut input);
        assert!(!deliveries.is_empty(), "the rehearsal's program is stuck: {batch:?}");
    }
}

/// What a machine answers.
fn replies(batch: &Batch, input: &mut &[u8]) -> Vec<Delivery> {
    let answer = |call: &helios_abi::grant::Call| match call.name.as_str() {
        "read" => Value::Bytes(std::mem::take(input).to_vec().into()),
        "write" => match &call.args {
            Value::Map(args) => match args.get("data") {
                Some(Value::Bytes(data)) => Value::Int(i64::try_from(data.len()).unwrap_or(i64::MAX)),
                _ => Value::Null,
            },
            _ => Value::Null,
        },
        _ => Value::Null,
    };
    let mut answer = answer;
    let replies = batch.calls.iter().map(|call| Delivery::Reply {
        call: call.id,
        result: Ok(answer(call)),
    });
    replies.collect()
}
