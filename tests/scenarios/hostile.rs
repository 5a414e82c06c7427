//! What bad programs get: that process alone suffers, with a status and a message that say why, and every other process
//! goes on. Each with both hosts.

use helios::sim::{HostChoice, SessionEnd, Sim};
use helios_tests::{KINDS, host_name, sh, sim_of, test_sim, ts};
use libtest_mimic::Trial;

use crate::trial;

/// How a hostile program must end.
enum End {
    /// With this status, and this text on its standard error.
    Exit(u8, &'static str),
    /// By this signal, or by a host verdict that shows as one, with a reason that contains the text.
    Killed(&'static str),
    /// It does not end: a limit of its machine ends it, by signal.
    Signal(i32),
}

const CASES: &[(&str, &str, End)] = &[
    (
        "throws",
        "throw new TypeError('deliberate');",
        End::Exit(1, "TypeError: deliberate"),
    ),
    (
        "rejects",
        "Promise.reject(new Error('nobody listens')); await new Promise((r) => setTimeout(r, 5));",
        End::Exit(1, "nobody listens"),
    ),
    (
        "throws_with_a_typescript_position",
        "interface A { b: number }\nconst a: A = { b: 1 };\nfunction f(x: A): never { throw new Error('here ' + x.b); }\nf(a);",
        End::Exit(1, "test.ts:3:"),
    ),
    (
        "exits_twice",
        "import { exit } from 'helios:process';\ntry { exit(3); } finally { exit(4); }",
        End::Exit(3, ""),
    ),
    (
        "recurses_for_ever",
        "function f(n: number): number { return 1 + f(n + 1); }\nf(0);",
        End::Exit(1, "RangeError: Maximum call stack size exceeded"),
    ),
    (
        "loops_for_ever",
        "import * as process from 'helios:process';\nawait process.stdout.write('');\nwhile (true) {}",
        End::Signal(24),
    ),
    (
        "allocates_objects_for_ever",
        "const a: unknown[] = []; while (true) a.push({ x: a.length, y: [a.length] });",
        End::Killed("out of memory"),
    ),
    (
        "allocates_strings_for_ever",
        "const a: string[] = []; let i = 0; while (true) a.push(('x'.repeat(100000) + i++).toUpperCase());",
        End::Killed("out of memory"),
    ),
    (
        "allocates_typed_arrays_for_ever",
        "const a: Uint8Array[] = []; while (true) a.push(new Uint8Array(1 << 20));",
        End::Killed("out of memory"),
    ),
    (
        "allocates_maps_for_ever",
        "const m = new Map<number, unknown>(); let i = 0; while (true) m.set(i++, new Map([[i, { i }]]));",
        End::Killed("out of memory"),
    ),
    (
        "allocates_closures_for_ever",
        "const f: (() => number)[] = []; let i = 0; while (true) { const k = [i++, i, i]; f.push(() => k.length + i); }",
        End::Killed("out of memory"),
    ),
    (
        "one_huge_typed_array",
        "new Uint8Array(2 ** 40);",
        End::Exit(1, "RangeError"),
    ),
    (
        "index_of_a_huge_array_like",
        "console.log(Array.prototype.indexOf.call({ length: 2 ** 52 }, 1));",
        End::Exit(1, "RangeError"),
    ),
    (
        "fill_of_a_huge_array_like",
        "console.log(Array.prototype.fill.call({ length: 2 ** 50 }, 1));",
        End::Exit(1, "RangeError"),
    ),
    (
        "sort_of_a_huge_array",
        "const a = new Array(2 ** 31); a.sort();",
        End::Exit(1, "RangeError"),
    ),
    (
        "repeat_to_the_limit",
        "'ab'.repeat(2 ** 29);",
        End::Exit(1, "RangeError"),
    ),
    (
        "json_parse_of_60_megabytes",
        "JSON.parse('[' + '1,'.repeat(30_000_000) + '1]');",
        End::Exit(1, "RangeError"),
    ),
    (
        "an_unknown_syscall",
        "import { call } from 'helios:core';\nawait call('nosuch' as never, {} as never);",
        End::Exit(1, "there is no syscall named nosuch"),
    ),
    (
        "the_door_of_the_library",
        "const m = 'helios:internal'; await import(m);",
        End::Exit(1, "only the system library may import helios:internal"),
    ),
    (
        "wrong_types",
        "import { open } from 'helios:fs';\nawait open({ not: 'a path' } as unknown as string, 'r');",
        End::Exit(1, "open: path: expected a string, got an object"),
    ),
    (
        "huge_sizes",
        "import { fromFd } from 'helios:fs';\nawait fromFd(0).read(2 ** 40);",
        End::Exit(1, "read: count: expected an integer from 0 to 4294967295"),
    ),
];

fn slow_sim(host: HostChoice) -> Sim {
    let single = helios_engine::worlds::builtin_world("single").expect("the default world is part of the program");
    let slow = single.replacen("cpu_gas_per_tick: 10000", "cpu_gas_per_tick: 500", 1);
    assert_ne!(single, slow, "the default world says how fast its machine is");
    sim_of(&slow, host).expect("the world can be built")
}

fn bystander(name: &str, host: HostChoice, source: &'static str, check: impl FnOnce(&SessionEnd)) {
    // A turn may take 120 s of its machine's CPU: a slow machine brings a loop there with less of the host's.
    let mut sim = if name == "loops_for_ever" {
        slow_sim(host)
    } else {
        test_sim(host)
    };
    let node = sim.machine(None).expect("the world has a machine");
    let other = "for (let i = 0; i < 5; i++) { await new Promise((r) => setTimeout(r, 20)); console.log('alive', i); }";
    let modules = [("/host/bystander.ts".to_owned(), other.to_owned())];
    let session = sim
        .run(node, "player", &modules, &["bystander".to_owned()])
        .expect("the command is logged");
    let end = ts(&mut sim, source);
    check(&end);
    let witness = sim
        .finish_session(session, helios_tests::LIMIT_TICKS)
        .unwrap_or_else(|failure| panic!("{name}: {failure}"));
    let said = String::from_utf8_lossy(&witness.stdout).into_owned();
    assert_eq!(
        (witness.code(), said.as_str()),
        (0, "alive 0\nalive 1\nalive 2\nalive 3\nalive 4\n"),
        "{name}: the bystander"
    );
    let after = sh(&mut sim, "echo still here");
    assert_eq!(after.stdout, b"still here\n", "{name}: the machine");
}

fn check_end(name: &str, end: &SessionEnd, wanted: &End) {
    let errors = String::from_utf8_lossy(&end.stderr).into_owned();
    let status = end.status.as_ref().unwrap_or_else(|| panic!("{name} did not end"));
    let reason = status.reason.clone().unwrap_or_default();
    match wanted {
        End::Exit(code, text) => {
            assert_eq!(status.code, Some(i32::from(*code)), "{name}: {status:?}\n{errors}");
            assert!(errors.contains(text), "{name}: {text:?} is not in:\n{errors}");
        }
        End::Killed(text) => {
            assert!(status.code.is_none(), "{name}: {status:?}\n{errors}");
            assert!(reason.contains(text), "{name}: {text:?} is not in {reason:?}");
        }
        End::Signal(signal) => assert_eq!(status.signal, Some(*signal), "{name}: {status:?}"),
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for host in KINDS {
        for (name, source, wanted) in CASES {
            trials.push(trial(format!("hostile::{name}::{}", host_name(host)), move || {
                bystander(name, host, source, |end| check_end(name, end, wanted));
            }));
        }
        trials.push(trial(format!("hostile::fork_bomb::{}", host_name(host)), move || {
            let source = "import * as process from 'helios:process';\n\
                          const code = `import * as process from 'helios:process'; while (true) await process.spawn({ code: process.env['BOMB']! });`;\n\
                          try { while (true) await process.spawn({ code, env: { BOMB: code } }); } catch (e) { console.log((e as { code: string }).code); process.exit(7); }";
            let mut sim = test_sim(host);
            let end = ts(&mut sim, source);
            assert_eq!((end.code(), String::from_utf8_lossy(&end.stdout).as_ref()), (7, "EAGAIN\n"), "{end:?}");
        }));
        trials.push(trial(format!("hostile::flood_of_calls::{}", host_name(host)), move || {
            let source = "import { stat } from 'helios:fs';\n\
                          const all = await Promise.allSettled(Array.from({ length: 5000 }, () => stat('/etc/issue')));\n\
                          const failed = all.filter((r) => r.status === 'rejected') as PromiseRejectedResult[];\n\
                          console.log(failed.length > 0, new Set(failed.map((r) => r.reason.code)).size <= 1 ? (failed[0]?.reason.code ?? 'none') : 'mixed');";
            let mut sim = test_sim(host);
            let end = ts(&mut sim, source);
            let said = String::from_utf8_lossy(&end.stdout).into_owned();
            assert_eq!((end.code(), said.as_str()), (0, "true EAGAIN\n"), "{end:?}");
        }));
    }
    trials
}
