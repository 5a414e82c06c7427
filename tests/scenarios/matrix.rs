//! The determinism matrix: {live, restored half way, replayed} x {1, 4 workers} x {threads, children}, a hash per tick,
//! on written scenarios and on generated ones. Debug and release builds are compared through the committed hashes.

use std::collections::BTreeMap;

use helios::sim::{HostChoice, Sim};
use helios_engine::hash::{Hash, HashPolicy};
use helios_engine::ids::Tick;
use helios_engine::replay::{Recording, ReplayOptions, replay};
use helios_engine::snapshot::Snapshot;
use helios_tests::{HOSTS, host_name, test_sim};
use libtest_mimic::Trial;

use crate::{golden, trial};

/// A scenario: inputs at ticks, and how long it runs.
struct Scenario {
    name: &'static str,
    ticks: u64,
    inputs: &'static [(u64, Input)],
}

/// What enters.
enum Input {
    /// A command line for the shell.
    Shell(&'static str),
    /// A TypeScript program.
    Program(&'static str),
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "boot",
        ticks: 200,
        inputs: &[],
    },
    Scenario {
        name: "shell_pipes",
        ticks: 1200,
        inputs: &[
            (20, Input::Shell("cat /etc/issue; ls -l / | head -n 5; echo a b c | wc")),
            (
                400,
                Input::Shell(
                    "mkdir -p /tmp/x/y && echo hello > /tmp/x/y/z && cat /tmp/x/y/z && rm -r /tmp/x; ps; sleep 0.2; false || echo no",
                ),
            ),
        ],
    },
    Scenario {
        name: "computing_and_timers",
        ticks: 900,
        inputs: &[
            (
                10,
                Input::Program(
                    "let k = 1; for (let i = 0; i < 400000; i++) k = (k * 31 + i) | 0; console.log(k, Date.now(), Math.random());",
                ),
            ),
            (
                15,
                Input::Program(
                    "for (let i = 0; i < 8; i++) { await new Promise((r) => setTimeout(r, 37)); console.log(i, performance.now(), crypto.randomUUID()); }",
                ),
            ),
        ],
    },
    Scenario {
        name: "mailboxes_and_children",
        ticks: 900,
        inputs: &[(
            10,
            Input::Program(
                "import * as process from 'helios:process'; import * as ipc from 'helios:ipc';\n\
                 const child = `import * as ipc from 'helios:ipc'; for (let i = 0; i < 3; i++) { const m = await ipc.receive(); await ipc.send(m.from, new Uint8Array([m.data[0] * 2])); }`;\n\
                 const kids = await Promise.all([1, 2, 3].map(() => process.spawn({ code: child, argv: ['kid'] })));\n\
                 for (const kid of kids) for (let i = 0; i < 3; i++) { await ipc.send(kid.pid, new Uint8Array([i + kid.pid])); console.log((await ipc.receive()).data[0]); }\n\
                 for (const kid of kids) console.log(JSON.stringify(await kid.wait()));",
            ),
        )],
    },
];

/// Generated scenarios of the fixed set; `helios soak` runs thousands.
const SEEDS: u64 = 6;
const SEED_TICKS: u64 = 300;

/// A live run, everything that later runs are compared with.
struct Live {
    hashes: BTreeMap<Tick, Hash>,
    middle: Snapshot,
    recording: Recording,
}

fn live(scenario: &Scenario, host: HostChoice) -> Live {
    let mut sim = test_sim(host);
    sim.record();
    let node = sim.machine(None).expect("the world has a machine");
    let mut middle = None;
    let mut inputs = scenario.inputs.iter().peekable();
    while sim.tick().0 < scenario.ticks {
        while let Some((_, input)) = inputs.next_if(|(tick, _)| *tick <= sim.tick().0) {
            match input {
                Input::Shell(line) => sim.exec(node, "player", &["/bin/sh", "-c", line].map(str::to_owned)),
                Input::Program(source) => sim.run(
                    node,
                    "player",
                    &[("/host/scenario.ts".to_owned(), (*source).to_owned())],
                    &["scenario".to_owned()],
                ),
            }
            .expect("the input is logged");
        }
        if sim.tick().0 == scenario.ticks / 2 {
            middle = Some(sim.snapshot());
        }
        sim.step()
            .unwrap_or_else(|failure| panic!("{}: {failure}", scenario.name));
    }
    let hashes = sim.tick_hashes().clone();
    let recording = sim.take_recording().expect("a recording was started");
    Live {
        hashes,
        middle: middle.expect("the run passed its middle"),
        recording,
    }
}

fn compare(what: &str, expected: &BTreeMap<Tick, Hash>, found: &BTreeMap<Tick, Hash>, from: Tick) {
    let expected: Vec<_> = expected.range(from..).collect();
    let found: Vec<_> = found.range(from..).collect();
    for (left, right) in expected.iter().zip(&found) {
        assert_eq!(left, right, "{what}: the first tick that differs");
    }
    assert_eq!(expected.len(), found.len(), "{what}: as many ticks");
}

fn check(scenario: &Scenario, host: HostChoice, reference: &Live) {
    let name = format!("{} on {}", scenario.name, host_name(host));
    let again = live(scenario, host);
    compare(&format!("{name}, live"), &reference.hashes, &again.hashes, Tick(0));

    let middle = reference.middle.tick;
    let records: Vec<_> = reference
        .recording
        .log
        .records
        .iter()
        .filter(|record| record.tick > middle)
        .cloned()
        .collect();
    let mut restored = Sim::restored(reference.middle.clone(), Some(&records), host, HashPolicy::EveryTick)
        .expect("the snapshot restores");
    while restored.tick().0 < scenario.ticks {
        restored
            .step()
            .unwrap_or_else(|failure| panic!("{name}, restored: {failure}"));
    }
    compare(
        &format!("{name}, restored"),
        &reference.hashes,
        restored.tick_hashes(),
        middle.next(),
    );

    let mut replayed = Sim::empty(host, HashPolicy::EveryTick).expect("the host starts");
    let report = replay(replayed.app_mut(), &reference.recording, &ReplayOptions::default())
        .unwrap_or_else(|error| panic!("{name}, replayed: {error}"));
    assert_eq!(report.end_hash, reference.recording.end_hash, "{name}, replayed");
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for scenario in SCENARIOS {
        trials.push(trial(format!("matrix::{}", scenario.name), move || {
            let reference = live(scenario, HOSTS[0]);
            for host in HOSTS {
                check(scenario, host, &reference);
            }
            golden::check_hashes(scenario.name, &reference.hashes);
        }));
    }
    for seed in 1..=SEEDS {
        trials.push(trial(format!("matrix::generated::seed_{seed}"), move || {
            let agreement =
                helios::soak::run(seed, SEED_TICKS, HOSTS[0], HOSTS[3]).unwrap_or_else(|failure| panic!("{failure}"));
            let output = String::from_utf8_lossy(&agreement.session.stdout).into_owned();
            let errors = String::from_utf8_lossy(&agreement.session.stderr).into_owned();
            assert!(
                errors.is_empty(),
                "seed {seed} wrote to standard error:\n{errors}\n{output}"
            );
            let other =
                helios::soak::run(seed, SEED_TICKS, HOSTS[2], HOSTS[1]).unwrap_or_else(|failure| panic!("{failure}"));
            assert_eq!(agreement, other, "seed {seed}: the hosts agree");
        }));
    }
    trials
}
