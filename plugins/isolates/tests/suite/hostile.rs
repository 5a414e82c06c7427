//! Programs that mean harm: each suffers alone, with a status that says why, and its neighbour goes on.

use std::time::Duration;

use helios_abi::host::Limits;
use helios_isolates::ThreadConfig;
use helios_isolates::testing::{Life, Machine, Setup, Transcript, program};
use libtest_mimic::Trial;

use super::{MakeHost, both};

pub(crate) fn tests() -> Vec<Trial> {
    let cases: [(&str, fn(MakeHost)); 15] = [
        ("loops_for_ever", loops_for_ever),
        ("recurses_for_ever", recurses_for_ever),
        ("allocates_objects", |make| {
            allocates(make, "const a: unknown[] = []; for (;;) a.push({ a: [1, 2, 3] });")
        }),
        ("allocates_strings", |make| {
            allocates(
                make,
                "const a: string[] = []; for (let i = 0; ; i++) a.push(String(i).padEnd(1000, 'x') + i);",
            );
        }),
        ("allocates_maps", |make| {
            allocates(make, "const m = new Map(); for (let i = 0; ; i++) m.set(i, [i]);")
        }),
        ("allocates_closures", |make| {
            allocates(
                make,
                "const a: unknown[] = []; for (let i = 0; ; i++) { const j = [i]; a.push(() => j); }",
            );
        }),
        ("allocates_typed_arrays", allocates_typed_arrays),
        ("heap_verdicts_cannot_be_caught", heap_verdicts_cannot_be_caught),
        ("floods_calls", floods_calls),
        ("passes_wrong_types", passes_wrong_types),
        ("runs_in_a_builtin", runs_in_a_builtin),
        ("throws_odd_things", throws_odd_things),
        ("exits_twice", exits_twice),
        ("built_ins_do_not_hold_a_slice", built_ins_do_not_hold_a_slice),
        ("nests_declarations", nests_declarations),
    ];
    cases.into_iter().flat_map(|(name, test)| both(name, test)).collect()
}

const NEIGHBOUR: &str = "import { stdout } from 'helios:process'; import { sleep } from 'helios:time';
    for (let i = 0; i < 3; i++) { await sleep(1); await stdout.write(`${i}`); }";

/// As deep as the compiler lets `using` be nested, each a few levels of what V8 is given.
fn nests_declarations(make: MakeHost) {
    let source = |depth: usize| {
        format!(
            "{}{}",
            "for (using a of [null]) { using b = null;".repeat(depth),
            "}".repeat(depth)
        )
    };
    let deepest = beside_a_neighbour(make, &source(120), Setup::default());
    assert_eq!((deepest.code, deepest.stderr.as_str()), (Some(0), ""), "{deepest}");
    let deeper = beside_a_neighbour(make, &source(240), Setup::default());
    assert!(deeper.to_string().contains("nested deeper than"), "{deeper}");
}

/// Runs the source beside a well-behaved neighbour, which must come through.
fn beside_a_neighbour(make: MakeHost, source: &str, setup: Setup) -> Transcript {
    let config = ThreadConfig {
        slice_cpu: Duration::from_millis(500),
        ..ThreadConfig::workers(2)
    };
    let mut host = make(config);
    let lives = [
        Life::new(1, program(source), setup),
        Life::new(2, program(NEIGHBOUR), Setup::default()),
    ];
    let mut transcripts = Machine::new(lives).run(&mut *host);
    assert_eq!(transcripts.remove(1).to_string(), "012", "the neighbour goes on");
    transcripts.remove(0)
}

fn loops_for_ever(make: MakeHost) {
    let setup = Setup {
        gas: 10_000,
        slices_max: 200,
        ..Setup::default()
    };
    for source in [
        "while (true) {}",
        "for (;;) await null;",
        "const f = () => { Promise.resolve().then(f); }; f();",
    ] {
        let transcript = beside_a_neighbour(make, source, setup.clone());
        assert_eq!(transcript.to_string(), "--- still waiting\n");
        assert_eq!(transcript.slices, 200, "it parks at every grant");
        assert!(
            transcript.gas >= 200 * 10_000 && transcript.gas < 201 * 10_000,
            "{}",
            transcript.gas
        );
    }
}

fn recurses_for_ever(make: MakeHost) {
    let source = "function f(): number { return 1 + f(); } f();";
    let transcript = beside_a_neighbour(make, source, Setup::default());
    let start = "--- stderr\nUncaught RangeError: Maximum call stack size exceeded\n    at f (/bin/program:1:";
    assert!(transcript.to_string().starts_with(start), "{transcript}");
    assert_eq!(transcript.code, Some(1));
}

fn small() -> Setup {
    let limits = Limits {
        heap_bytes: 16 << 20,
        array_buffer_bytes: 4 << 20,
    };
    Setup {
        gas: 100_000_000,
        limits,
        ..Setup::default()
    }
}

fn allocates(make: MakeHost, source: &str) {
    let transcript = beside_a_neighbour(make, source, small());
    let expected = "--- verdict: out of memory: the JavaScript heap outgrew the process's quota\n";
    assert_eq!(transcript.to_string(), expected);
}

fn allocates_typed_arrays(make: MakeHost) {
    let verdict = "--- verdict: out of memory: typed arrays outgrew the process's quota\n";
    let held = "const a: Uint8Array[] = []; for (;;) { try { a.push(new Uint8Array(100_000)); } catch { } }";
    assert_eq!(beside_a_neighbour(make, held, small()).to_string(), verdict);
    // Garbage is collected first.
    let dropped = "let n = 0; for (let i = 0; i < 500; i++) { n += new Uint8Array(100_000).length; }";
    assert_eq!(beside_a_neighbour(make, dropped, small()).to_string(), "");
}

fn heap_verdicts_cannot_be_caught(make: MakeHost) {
    let source = "import { exit } from 'helios:process'; const a: unknown[] = [];
        for (;;) { try { for (;;) a.push([a.length]); } catch { exit(0); } finally { exit(0); } }";
    assert!(beside_a_neighbour(make, source, small()).verdict.is_some());
}

fn floods_calls(make: MakeHost) {
    let source = "import { sleep } from 'helios:time'; const all: Promise<void>[] = [];
        for (let i = 0; i < 5000; i++) all.push(sleep(1)); await Promise.all(all);";
    let transcript = beside_a_neighbour(
        make,
        source,
        Setup {
            gas: 100_000_000,
            ..Setup::default()
        },
    );
    assert_eq!(transcript.to_string(), "");
    assert!(
        transcript.slices >= 5,
        "a full batch yields: {} slices",
        transcript.slices
    );
}

fn passes_wrong_types(make: MakeHost) {
    let message = |value: &str| {
        let source = format!(
            "import {{ stdout }} from 'helios:process'; import {{ call }} from 'helios:core';
             const go = call as unknown as (name: unknown, args: unknown) => Promise<unknown>;
             try {{ await stdout.write(JSON.stringify(await go('echo', {value}))); }}
             catch (e) {{ await stdout.write(`${{e}}`); }}"
        );
        beside_a_neighbour(make, &source, Setup::default()).to_string()
    };
    assert_eq!(
        message("{ a: [1, null, 'x', true], b: undefined }"),
        "{\"a\":[1,null,\"x\",true]}"
    );
    let type_error = |what: &str| format!("TypeError: {what} cannot be passed to the system");
    for (value, what) in [
        ("{ a: 1n }", "a bigint"),
        ("{ a: Symbol() }", "a symbol"),
        ("{ a() {} }", "a function"),
        ("{ a: new Map() }", "an object of class Map"),
        ("{ a: new Date() }", "an object of class Date"),
        ("new Proxy({}, {})", "a Proxy"),
        ("{ get a() { for (;;); } }", "an accessor"),
        ("[, ...[{ get a() { throw 1; } }]]", "an accessor"),
    ] {
        assert_eq!(message(value), type_error(what), "{value}");
    }
    for number in ["0.5", "NaN", "Infinity", "2 ** 53"] {
        assert!(
            message(&format!("[{number}]")).contains("is not an exact integer"),
            "{number}"
        );
    }
    assert!(message("'x'.repeat(2_000_000)").contains("RangeError: the arguments of one call may weigh"));
    assert!(message("new Array(2_000_000)").contains("RangeError: the arguments of one call may weigh"));
    let deep = "(() => { let a: unknown = 1; for (let i = 0; i < 40; i++) a = [a]; return a; })()";
    assert!(message(deep).contains("RangeError: arguments may be nested"));
    let cyclic = "(() => { const a: unknown[] = []; a.push(a); return a; })()";
    assert!(message(cyclic).contains("RangeError: arguments may be nested"));
}

fn runs_in_a_builtin(make: MakeHost) {
    // A host that is given too much gas falls back on CPU time.
    let setup = Setup {
        gas: 1 << 50,
        slices_max: 3,
        ..Setup::default()
    };
    let transcript = beside_a_neighbour(make, "for (;;) { try { for (;;); } finally { continue; } }", setup);
    let expected = "--- verdict: a single slice ran for too long without reaching a gas check\n";
    assert_eq!(transcript.to_string(), expected);
}

fn throws_odd_things(make: MakeHost) {
    for source in [
        "throw { get stack() { for (;;); } };",
        "throw { toString() { for (;;); } };",
        "throw new Proxy({}, { get() { for (;;); } });",
        "const e = new Error('x'); Object.defineProperty(e, 'message', { get() { for (;;); } }); throw e;",
        "class E extends Error { get name() { for (;;); } } throw new E('x');",
    ] {
        let transcript = beside_a_neighbour(
            make,
            source,
            Setup {
                slices_max: 20,
                ..Setup::default()
            },
        );
        assert_eq!(transcript.code, Some(1), "{source}: {transcript}");
    }
}

fn exits_twice(make: MakeHost) {
    let source = "import { exit, stdout } from 'helios:process';
        queueMicrotask(() => exit(2)); setTimeout(() => exit(3), 0);
        const again = { get then() { exit(4); return undefined; } };
        try { exit(1); } finally { exit(5); } void stdout.write(`${again}`);";
    assert_eq!(
        beside_a_neighbour(make, source, Setup::default()).to_string(),
        "--- exit 1\n"
    );
}

/// Built-ins over huge inputs are charged for, refused, or ended: none of them runs for long on a small grant.
fn built_ins_do_not_hold_a_slice(make: MakeHost) {
    for source in [
        "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);",
        "Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 1);",
        "Array.prototype.slice.call(new Proxy({}, { get: (_t, k) => k === 'length' ? 2 ** 53 - 1 : 1, has: () => true }));",
        "new Array(2 ** 32 - 1).fill(0).sort();",
        "new Array(2 ** 32 - 1).join('x');",
        "const a: unknown[] = []; a.length = 2 ** 32 - 1; a.reverse(); a.sort(() => 0);",
        "const text = '['.repeat(60_000_000); JSON.parse(text);",
        "JSON.parse('[' + '0,'.repeat(30_000_000) + '0]');",
        "'x'.repeat(2 ** 29).padEnd(2 ** 30 - 25).split('');",
        "let n = 3n; for (;;) n = n * n;",
        "/^(a+)+$/.test('a'.repeat(40) + 'b');",
        "'a'.repeat(100_000).replace(/(?=(a+))a*b/g, '');",
        "new Uint8Array(30_000_000).sort(); for (;;);",
        "Array.from({ length: 2 ** 40 }, () => 1);",
        "String.fromCharCode(...new Array(10_000_000).fill(65));",
    ] {
        let setup = Setup {
            gas: 100_000,
            slices_max: 30,
            ..Setup::default()
        };
        let transcript = beside_a_neighbour(make, source, setup);
        assert_eq!(transcript.failure, None, "{source}");
        let spoken = transcript
            .verdict
            .as_deref()
            .is_some_and(|verdict| verdict.starts_with("a single slice"));
        assert!(!spoken, "{source}: it held a slice until the watchdog came");
    }
}
