//! A process made from a checkpoint goes on as if it had lived through all of it.

use std::path::Path;

use helios_isolates::ThreadConfig;
use helios_isolates::testing::{Life, Machine, Setup, Transcript, program};
use libtest_mimic::{Failed, Trial};

use super::{MakeHost, both};

pub(crate) fn tests() -> Vec<Trial> {
    let cases: [(&str, fn(MakeHost)); 2] = [
        ("checkpoints_are_equal", checkpoints_are_equal),
        ("every_kind_of_object_is_kept", every_kind_of_object_is_kept),
    ];
    let cases = cases.into_iter().flat_map(|(name, test)| both(name, test));
    cases.chain(super::files::each("checkpointed", check_file)).collect()
}

const DAEMON: &str = "import { stdout } from 'helios:process'; import { sleep } from 'helios:time';
    class Counter { #n = 0; static made = 0; constructor() { Counter.made++; } add(k: number) { return this.#n += k; } }
    const counter = new Counter(); const seen = new Map<unknown, string>(); const frozen = Object.freeze({ a: [1, 2] });
    const sealed = Object.seal([1, 2, 3]);
    const bytes = new Uint8Array(10000).fill(7); const view = new DataView(bytes.buffer, 8);
    async function* numbers(n: number) { for (let i = 0; i < n; i++) { await sleep(i % 3); yield i; } }
    async function worker(name: string, n: number) {
        try { for await (const i of numbers(n)) { let x = 0; for (let k = 0; k < 500; k++) x += k % (i + 1);
            seen.set({ name }, `${name}${i}:${counter.add(x)}`); view.setUint32(i * 4, x);
            if (i % 4 == 0) await stdout.write(`${name} ${i} ${Math.random()} ${Date.now()}\\n`); } }
        finally { await stdout.write(`${name} done\\n`); }
    }
    const timer = setInterval(() => { seen.set(seen.size, 'tick'); }, 5);
    await Promise.all([worker('a', 25), worker('b', 37), worker('c', 13)]);
    clearInterval(timer);
    let thrown = ''; try { (frozen.a as unknown) = 1; } catch (e) { thrown = String(e); }
    try { (sealed as number[]).push(4); } catch (e) { thrown += String(e); }
    await stdout.write([...seen.values()].join(' ') + bytes.join('') + thrown + Counter.made + '\\n');";

fn checkpoints_are_equal(make: MakeHost) {
    let run = |checkpoint_every, evict_every| {
        let setup = Setup {
            gas: 2_000,
            evict_every,
            checkpoint_every,
            ..Setup::default()
        };
        let mut host = make(ThreadConfig::workers(1));
        Machine::new((1..=2).map(|n| Life::new(n, program(DAEMON), setup.clone()))).run(&mut *host)
    };
    let whole = run(0, 0);
    assert!(whole.iter().all(|transcript| transcript.code == Some(0)), "{whole:#?}");
    for (checkpoint_every, evict_every) in [(1, 1), (5, 1), (7, 3)] {
        let again = run(checkpoint_every, evict_every);
        assert_eq!(
            again, whole,
            "a checkpoint every {checkpoint_every}, dropped every {evict_every} slices"
        );
    }
}

/// Runs `source`, undisturbed or made anew from a checkpoint after every so many slices.
fn run(make: MakeHost, source: &str, every: u64) -> Transcript {
    let setup = Setup {
        evict_every: every,
        checkpoint_every: every,
        ..Setup::default()
    };
    super::run_with(make, source, setup)
}

fn every_kind_of_object_is_kept(make: MakeHost) {
    let source = include_str!("../checkpoint/kinds.ts");
    let whole = run(make, source, 0);
    assert_eq!(whole.code, Some(0), "{whole}");
    for every in [1, 2, 5] {
        let again = run(make, source, every);
        assert_eq!(again.to_string(), whole.to_string(), "every {every} slices");
        assert_eq!(again, whole, "every {every} slices");
    }
}

/// Every case of the library and of the hazards, between any two slices.
fn check_file(path: &Path) -> Result<(), Failed> {
    let source = std::fs::read_to_string(path)?;
    let (_, threads) = super::HOSTS[0];
    let (whole, again) = (run(threads, &source, 0), run(threads, &source, 1));
    if again != whole {
        return Err(format!("{again}\n=== undisturbed ===\n{whole}\n{again:?}\n{whole:?}").into());
    }
    Ok(())
}
