//! Generated programs print the same metered and unmetered, with much gas and little, parked, dropped and rebuilt.

use helios_isolates::ThreadConfig;
use helios_isolates::testing::{Setup, program, run_program, unmetered_program};
use libtest_mimic::Trial;

use super::{MakeHost, both};

/// Seeds in each run; `HELIOS_SEEDS` asks for more.
const SEEDS: u64 = 12;

pub(crate) fn tests() -> Vec<Trial> {
    let mut tests = both("generated_programs_agree", generated_programs_agree);
    // Unmetered code exists only in this process.
    tests.push(Trial::test("threads::metering_changes_nothing", || {
        metering_changes_nothing();
        Ok(())
    }));
    tests
}

fn seeds() -> u64 {
    std::env::var("HELIOS_SEEDS")
        .ok()
        .and_then(|seeds| seeds.parse().ok())
        .unwrap_or(SEEDS)
}

fn metering_changes_nothing() {
    let mut host = helios_isolates::ThreadHost::new(ThreadConfig::workers(1));
    for seed in 0..seeds() {
        let source = helios_compiler::generate::program(seed);
        let metered = run_program(program(&source), Setup::default(), &mut host);
        let plain = run_program(unmetered_program(&source), Setup::default(), &mut host);
        assert!(
            metered.code == Some(0) && !metered.stdout.is_empty(),
            "seed {seed}: {metered}"
        );
        assert_eq!(metered.stdout, plain.stdout, "seed {seed}");
        assert!(metered.gas > plain.gas, "seed {seed}: it is metered");
    }
}

fn generated_programs_agree(make: MakeHost) {
    let mut host = make(ThreadConfig::workers(1));
    for seed in 0..seeds() {
        let source = helios_compiler::generate::program(seed);
        let run = |gas, evict_every, host: &mut dyn helios_abi::host::IsolateHost| {
            run_program(
                program(&source),
                Setup {
                    gas,
                    evict_every,
                    ..Setup::default()
                },
                host,
            )
        };
        let whole = run(1 << 30, 0, &mut *host);
        assert_eq!(whole.code, Some(0), "seed {seed}: {whole}");
        for (gas, evict_every) in [(10_000, 0), (10_000, 5)] {
            let sliced = run(gas, evict_every, &mut *host);
            assert_eq!(
                sliced.stdout, whole.stdout,
                "seed {seed}, {gas} gas, dropped every {evict_every}"
            );
            assert_eq!(
                sliced.gas, whole.gas,
                "seed {seed}: gas does not hang on how it is granted"
            );
        }
    }
}
