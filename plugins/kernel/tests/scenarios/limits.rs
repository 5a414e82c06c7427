//! Bounds, and what is answered when one is reached.

use helios_abi::calls::{Pipe, SYSCALLS, Sleep};
use helios_abi::grant::VerdictReason;
use helios_abi::{Errno, Pid, ProcKey, Value};
use helios_kernel::testing::{TestWorld, exec, home, print, run, run_session, spawn, test_app};
use helios_kernel::{Syscalls, memory, proc};
use proptest::prelude::*;
use serde_json::json;

use crate::script;

#[test]
fn a_fork_bomb_stops_at_the_users_limit_and_root_goes_on() {
    let bomb = script!(sys => {
        loop {
            if spawn(&sys, &["bomb"], None).await.is_err() {
                sys.call(Sleep { ns: 1 << 50 }).await.unwrap();
            }
        }
    });
    let hello = script!(sys => { print(&sys, "hello").await; Ok(0) });
    let mut app = TestWorld::new(&[("bomb", bomb), ("hello", hello)])
        .spec(|spec| (spec.max_processes, spec.max_user_processes) = (60, 40))
        .build();
    exec(&mut app, 1, "player", &["bomb"]);
    run(&mut app, 60);
    assert_eq!(proc::pids(app.world(), home()).len(), 41);
    exec(&mut app, 2, "player", &["hello"]);
    assert_eq!(
        run_session(&mut app, 2).1,
        "helios: /bin/hello: the user has 40 processes, which is the limit\n"
    );
    exec(&mut app, 3, "root", &["hello"]);
    assert_eq!(run_session(&mut app, 3).0, "hello");
}

#[test]
fn descriptors_run_out() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            let mut made = 0;
            let error = loop {
                match sys.call(Pipe {}).await {
                    Ok(_) => made += 1,
                    Err(error) => break error.errno,
                }
            };
            print(&sys, format!("{made} {error}")).await;
            Ok(0)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(run_session(&mut app, 1).0, "126 EMFILE");
    run(&mut app, 2);
    assert_eq!(
        app.world().resource::<helios_kernel::KernelIndex>().open_files(home()),
        1,
        "init's console is left"
    );
}

#[test]
fn outstanding_calls_are_bounded() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            let mut errors = 0;
            let sleeps: Vec<_> = (0..1030).map(|_| sys.call(Sleep { ns: 5_000_000 })).collect();
            for sleep in sleeps {
                errors += i32::from(sleep.await.is_err_and(|error| error.errno == Errno::EAGAIN));
            }
            Ok(errors)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(run_session(&mut app, 1).2, 6);
}

#[test]
fn unknown_calls_and_wrong_arguments_are_named() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            let map = |fields: &[(&str, Value)]| Value::Map(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect());
            for (name, args) in [
                ("frobnicate", Value::Null),
                ("read", map(&[("fd", Value::Str("0".into())), ("count", Value::Int(1))])),
                ("read", map(&[("fd", Value::Int(0)), ("count", Value::Int(1)), ("more", Value::Int(1))])),
                ("sleep", Value::List(vec![])),
                ("poll", map(&[("fds", Value::List(vec![map(&[("fd", Value::Int(1 << 40)), ("events", Value::Int(1))])]))])),
            ] {
                let error = sys.raw(name, args).await.unwrap_err();
                print(&sys, format!("{error}\n")).await;
            }
            Ok(0)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    let want = "ENOSYS: there is no syscall named frobnicate
EINVAL: read: fd: expected an integer, got a string
EINVAL: read: more: expected no such field, got an integer
EINVAL: sleep: : expected an object, got an array
EINVAL: poll: fds[0].fd: expected an integer from -2147483648 to 2147483647, got 1099511627776
";
    assert_eq!(run_session(&mut app, 1).0, want);
}

#[test]
fn a_turn_without_end_is_told_and_killed() {
    let busy = script!(sys => { sys.burn(u64::MAX >> 12).await; Ok(0) });
    let deaf = script!(sys => {
        sys.call(helios_abi::calls::Sigaction { signal: 24, action: "handle".into() }).await.unwrap();
        sys.burn(u64::MAX >> 12).await;
        Ok(0)
    });
    let mut app = TestWorld::new(&[("busy", busy), ("deaf", deaf)])
        .spec(|spec| spec.gas_per_tick = 2_000)
        .build();
    run(&mut app, 2);
    exec(&mut app, 1, "player", &["busy"]);
    run(&mut app, 119_000);
    assert!(
        proc::process_file(app.world(), key(2), "stat")
            .unwrap()
            .contains(" R 1 1000 1000 "),
        "it has all of the CPU"
    );
    let (_, _, code) = run_session(&mut app, 1);
    assert_eq!(code, 128 + 24);
    exec(&mut app, 2, "player", &["deaf"]);
    run(&mut app, 124_000);
    assert_eq!(run_session(&mut app, 2).2, 128 + 9);
    assert!(
        proc::machine_file(app.world(), home(), "kmsg")
            .unwrap()
            .contains("killed: a single turn used more than 120000 ms of CPU")
    );
}

/// Logs memory of processes, as the host would have seen it.
fn sample(app: &mut bevy_app::App, samples: &[(u32, u64)]) {
    let samples = json!({ "samples": samples });
    helios_engine::log::submit(app.world_mut(), home(), "kernel.sample", samples).unwrap();
    run(app, 1);
}

fn killed_for(app: &bevy_app::App, session: u64) -> Option<String> {
    let outputs = app.world().resource::<helios_kernel::HostOutputs>();
    let status = outputs.session_status(session)?;
    assert_eq!(status.signal, Some(9));
    status.reason.clone()
}

#[test]
fn memory_over_the_quota_ends_the_process_with_a_reason() {
    let mut app = test_app(&[("main", sleeper())]);
    exec(&mut app, 1, "player", &["main"]);
    run(&mut app, 2);
    sample(&mut app, &[(2, 8 << 20)]);
    assert_eq!(memory::used(app.world(), home()), 8 << 20);
    sample(&mut app, &[(2, 80 << 20)]);
    assert_eq!(
        killed_for(&app, 1).unwrap(),
        "out of memory: 83886080 bytes are over the quota of 67108864"
    );
}

fn sleeper() -> helios_kernel::testing::Script {
    script!(sys => { sys.call(Sleep { ns: 1 << 50 }).await.unwrap(); Ok(0) })
}

#[test]
fn whoever_holds_most_goes_when_a_machine_is_out_of_memory_and_init_stays() {
    let mut app = TestWorld::new(&[("main", sleeper())])
        .spec(|spec| spec.memory_bytes = 48 << 20)
        .build();
    (1..=4).for_each(|session| exec(&mut app, session, "player", &["main"]));
    run(&mut app, 2);
    // Together exactly what the machine has: nobody goes.
    let mut samples = [(1, 20 << 20), (2, 8 << 20), (3, 10 << 20), (4, 10 << 20), (5, 0)];
    sample(&mut app, &samples);
    assert_eq!(proc::pids(app.world(), home()).len(), 5);
    // 57 MiB: of the two that hold most the younger goes, which is enough.
    samples[4].1 = 9 << 20;
    sample(&mut app, &samples);
    let reason = "out of memory: the machine has 50331648 bytes";
    assert_eq!(killed_for(&app, 3).as_deref(), Some(reason));
    assert_eq!([1, 2, 4].map(|session| killed_for(&app, session)), [None, None, None]);
    // `init` alone is too large: everybody else goes, from the largest down, and it stays.
    sample(&mut app, &[(1, 50 << 20)]);
    assert!(
        [1, 2, 4]
            .iter()
            .all(|session| killed_for(&app, *session).as_deref() == Some(reason))
    );
    assert_eq!(proc::pids(app.world(), home()), [Pid(1)]);
    let log = proc::machine_file(app.world(), home(), "kmsg").unwrap();
    let killed: Vec<_> = log.lines().filter_map(|line| line.split_once("pid ")).collect();
    let order: Vec<_> = killed
        .iter()
        .filter_map(|(_, rest)| rest.split_once(": killed: out"))
        .map(|(pid, _)| pid)
        .collect();
    assert_eq!(order, ["4", "3", "5", "2"]);
}

#[test]
fn a_machine_whose_memory_is_in_use_starts_nothing() {
    let mut app = TestWorld::new(&[
        ("main", sleeper()),
        ("hello", script!(sys => { print(&sys, "hello").await; Ok(0) })),
    ])
    .spec(|spec| spec.memory_bytes = 64 << 20)
    .build();
    exec(&mut app, 1, "player", &["main"]);
    run(&mut app, 2);
    sample(&mut app, &[(2, (63 << 20) + 1)]);
    exec(&mut app, 2, "player", &["hello"]);
    assert_eq!(
        run_session(&mut app, 2).1,
        "helios: /bin/hello: the machine has 67108864 bytes of memory, and they are in use\n"
    );
    sample(&mut app, &[(2, 63 << 20)]);
    exec(&mut app, 3, "player", &["hello"]);
    assert_eq!(run_session(&mut app, 3).0, "hello");
}

#[test]
fn a_verdict_ends_the_process_and_undoes_its_slice() {
    let mut app = test_app(&[(
        "main",
        script!(sys => {
            print(&sys, "before ").await;
            drop(sys.raw("write", Value::Map([("fd".into(), Value::Int(1)), ("data".into(), Value::Bytes(b"undone".to_vec().into()))].into())));
            sys.die(VerdictReason::Heap).await;
            Ok(0)
        }),
    )]);
    exec(&mut app, 1, "player", &["main"]);
    assert_eq!(run_session(&mut app, 1), ("before ".into(), String::new(), 128 + 9));
    let status = app
        .world()
        .resource::<helios_kernel::HostOutputs>()
        .session_status(1)
        .unwrap();
    assert_eq!(status.reason.as_deref(), Some(VerdictReason::Heap.text()));
}

fn key(pid: u32) -> ProcKey {
    ProcKey {
        node: home(),
        pid: Pid(pid),
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-(1i64 << 52)..(1 << 52)).prop_map(Value::Int),
        (0i64..4).prop_map(Value::Int),
        ".{0,8}".prop_map(Value::Str),
        prop::collection::vec(any::<u8>(), 0..64).prop_map(|bytes| Value::Bytes(bytes.into())),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::btree_map(
                "(fd|fds|count|data|events|pid|signal|call|to|ns|code|action|timeoutMs)",
                inner,
                0..6
            )
            .prop_map(Value::Map),
        ]
    })
}

/// One call of each kind with fields of the right names and any values: whatever comes, the kernel answers and stands.
fn calls() -> impl Strategy<Value = Vec<(String, Value)>> {
    let call = (0..SYSCALLS.len(), value(), prop::collection::vec(value(), 8)).prop_map(|(at, whole, fields)| {
        let def = SYSCALLS[at];
        let map = def
            .request
            .fields
            .iter()
            .zip(fields)
            .map(|(field, value)| (field.name.to_owned(), value))
            .collect();
        (
            def.name.to_owned(),
            if def.request.fields.is_empty() {
                whole
            } else {
                Value::Map(map)
            },
        )
    });
    prop::collection::vec(call, 1..24)
}

static CALLS: std::sync::Mutex<Vec<(String, Value)>> = std::sync::Mutex::new(Vec::new());

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn no_call_of_a_program_breaks_the_kernel(calls in calls()) {
        *CALLS.lock().unwrap() = calls;
        let mut app = test_app(&[("any", script!(sys => {
            let calls = CALLS.lock().unwrap().clone();
            let replies: Vec<_> = calls.into_iter().map(|(name, args)| sys.raw(&name, args)).collect();
            drop(replies);
            std::future::pending::<()>().await;
            Ok(0)
        }))]);
        prop_assert!(app.world().resource::<Syscalls>().names().count() > 20);
        exec(&mut app, 1, "player", &["any"]);
        run(&mut app, 6);
        helios_engine::testing::assert_hash_is_fresh(app.world_mut());
        let snapshot = helios_engine::snapshot::take(app.world_mut());
        let mut other = test_app(&[]);
        helios_engine::snapshot::restore(other.world_mut(), snapshot).unwrap();
        prop_assert_eq!(&other.world().resource::<helios_kernel::Halted>().0, &None);
    }
}
