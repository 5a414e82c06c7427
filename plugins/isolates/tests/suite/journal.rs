//! Whatever happens to an isolate, its journal rebuilds it: the same calls, the same gas, the same ends of slices.

use helios_abi::grant::Status;
use helios_abi::host::{IsolateHost, Strictness};
use helios_isolates::testing::{Life, Machine, Setup, program};
use helios_isolates::{ThreadConfig, ThreadHost};
use libtest_mimic::Trial;

use super::{MakeHost, both};

pub(crate) fn tests() -> Vec<Trial> {
    let cases: [(&str, fn(MakeHost)); 6] = [
        ("rebuilt_lives_are_equal", rebuilt_lives_are_equal),
        ("parked_beyond_the_bound_are_equal", parked_beyond_the_bound_are_equal),
        (
            "long_byte_arrays_rebuild_from_their_names",
            long_byte_arrays_rebuild_from_their_names,
        ),
        ("divergence_is_named", divergence_is_named),
        ("following_never_gives_verdicts", following_never_gives_verdicts),
        ("memory_is_sampled", memory_is_sampled),
    ];
    cases.into_iter().flat_map(|(name, test)| both(name, test)).collect()
}

/// Async functions, generators, timers, random numbers, parking in the middle of all of it.
const BUSY: &str = "import { stdout } from 'helios:process'; import { sleep } from 'helios:time';
    class Counter { #n = 0; add(k: number) { return this.#n += k; } }
    const counter = new Counter(); const seen = new Map<number, string>();
    async function* numbers(n: number) { for (let i = 0; i < n; i++) { await sleep(i % 2); yield i; } }
    async function worker(name: string, n: number) {
        try { for await (const i of numbers(n)) { let x = 0; for (let k = 0; k < 500; k++) x += k % (i + 1);
            seen.set(seen.size, `${name}${i}:${counter.add(x)}`); } }
        finally { await stdout.write(`${name} done ${Math.random()}\\n`); }
    }
    await Promise.all([worker('a', 5), worker('b', 7), worker('c', 3)]);
    await stdout.write([...seen.values()].join(' ') + '\\n');";

fn rebuilt_lives_are_equal(make: MakeHost) {
    let run = |evict_every| {
        let setup = Setup {
            gas: 700,
            evict_every,
            ..Setup::default()
        };
        let mut host = make(ThreadConfig::workers(2));
        Machine::new((1..=3).map(|n| Life::new(n, program(BUSY), setup.clone()))).run(&mut *host)
    };
    let whole = run(0);
    assert!(whole.iter().all(|transcript| transcript.code == Some(0)), "{whole:#?}");
    assert!(whole[0].slices > 20, "it parks often: {} slices", whole[0].slices);
    for every in [1, 3, 7] {
        assert_eq!(run(every), whole, "dropped after every {every} slices");
    }
}

fn parked_beyond_the_bound_are_equal(make: MakeHost) {
    let run = |parked_max, live_max| {
        let setup = Setup {
            gas: 2_000,
            ..Setup::default()
        };
        let mut host = make(ThreadConfig {
            parked_max,
            live_max,
            ..ThreadConfig::workers(2)
        });
        Machine::new((1..=6).map(|n| Life::new(n, program(BUSY), setup.clone()))).run(&mut *host)
    };
    let roomy = run(64, 64);
    assert!(roomy.iter().all(|transcript| transcript.code == Some(0)), "{roomy:#?}");
    assert_eq!(run(1, 64), roomy);
    assert_eq!(run(0, 1), roomy);
}

/// 300 different arrays: more than go to a child in one frame.
const LONG: &str = "import { call } from 'helios:core'; import { stdout } from 'helios:process';
    const go = call as unknown as (name: string, args: unknown) => Promise<{ data: Uint8Array, short: Uint8Array }>;
    let sum = 0;
    for (let i = 0; i < 300; i++) {
        const data = new Uint8Array(1025 + i).fill(i);
        const back = await go('echo', { data, short: data.subarray(0, 1024) });
        if (back.data.length !== data.length || back.short.length !== 1024) throw new Error(`${i}: another length`);
        if (back.data.some((byte) => byte !== (i & 255))) throw new Error(`${i}: other bytes`);
        sum += back.data.length;
    }
    await go('echo', { data: new Uint8Array(200_000).fill(7), short: new Uint8Array() });
    await stdout.write(`${sum}\\n`);";

fn long_byte_arrays_rebuild_from_their_names(make: MakeHost) {
    let run = |evict_every| {
        let setup = Setup {
            evict_every,
            ..Setup::default()
        };
        let mut host = make(ThreadConfig::workers(1));
        let mut machine = Machine::new([Life::new(1, program(LONG), setup)]);
        let transcripts = machine.run(&mut *host);
        let life = machine.lives.values().next().expect("there is one");
        let journal = life.journal();
        let given: usize = journal.iter().map(|slice| slice.given.len()).sum();
        let made: usize = journal.iter().map(|slice| slice.made.len()).sum();
        assert_eq!((given, made), (301, 301), "{transcripts:?}");
        transcripts
    };
    let whole = run(0);
    assert_eq!(whole[0].code, Some(0), "{whole:#?}");
    assert_eq!(whole[0].stdout, "352350\n");
    assert_eq!(run(140), whole);
}

fn divergence_is_named(make: MakeHost) {
    let mut host = make(ThreadConfig::workers(1));
    let mut machine = Machine::new([Life::new(
        9,
        program(BUSY),
        Setup {
            gas: 5_000,
            ..Setup::default()
        },
    )]);
    for _ in 0..8 {
        assert!(machine.round(&mut *host));
    }
    let life = machine.lives.first_entry().expect("there is one").into_mut();
    let key = life.key();
    let called = life
        .journal_mut()
        .iter_mut()
        .find_map(|slice| slice.batch.as_mut().filter(|b| !b.calls.is_empty()));
    called.expect("it has made calls").calls[0].name = "reboot".into();
    host.forget(key);
    machine.round(&mut *host);
    let failure = machine.lives[&key]
        .transcript()
        .failure
        .expect("a divergence is a failure");
    assert!(
        failure.contains("call 0: the journal has #1 reboot(") && failure.contains("the repetition made #1"),
        "{failure}"
    );
    assert!(failure.contains(&format!("process {key}")), "{failure}");
}

fn following_never_gives_verdicts(make: MakeHost) {
    let mut host = make(ThreadConfig {
        slice_cpu: std::time::Duration::from_millis(100),
        ..ThreadConfig::workers(1)
    });
    host.set_strictness(Strictness::Following);
    let setup = Setup {
        gas: 1 << 50,
        ..Setup::default()
    };
    let mut machine = Machine::new([Life::new(1, program("for (;;);"), setup)]);
    let transcript = machine.run(&mut *host).remove(0);
    assert_eq!(transcript.verdict, None);
    assert!(
        transcript
            .failure
            .as_deref()
            .is_some_and(|text| text.contains("after 3 tries")),
        "{transcript}"
    );
}

fn memory_is_sampled(make: MakeHost) {
    let mut host = make(ThreadConfig::workers(1));
    let idle = "const kept = new Uint8Array(1 << 20); await new Promise(() => {}); kept.fill(1);";
    let idle = Life::new(1, program(idle), Setup::default());
    let parked = Life::new(
        2,
        program("for (;;);"),
        Setup {
            gas: 1000,
            ..Setup::default()
        },
    );
    let mut machine = Machine::new([idle, parked]);
    assert!(machine.round(&mut *host));
    let before: Vec<_> = machine.lives.values().map(|life| life.journal().to_vec()).collect();
    assert_eq!(
        before[1][0].batch.as_ref().map(|batch| &batch.status),
        Some(&Status::Parked)
    );
    let samples = host.sample_memory();
    assert_eq!(samples.len(), 2);
    assert!(samples[0].bytes > 1 << 20 && samples[1].bytes < 64 << 20, "{samples:?}");
    let after: Vec<_> = machine.lives.values().map(|life| life.journal().to_vec()).collect();
    assert_eq!(before, after);
    let thread = ThreadHost::new(ThreadConfig::workers(1));
    assert_eq!(thread.versions(), host.versions());
}
