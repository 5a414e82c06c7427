//! The determinism matrix: {live, restored half way, replayed} x {1, 4 workers} x {threads, children}, a hash per tick,
//! on written scenarios and on generated ones. Debug and release builds are compared through the committed hashes.

use std::collections::BTreeMap;

use helios::error::Failure;
use helios::sim::{HostChoice, Sim};
use helios_engine::hash::{Hash, HashPolicy};
use helios_engine::ids::{NodeId, Tick};
use helios_engine::replay::{Recording, ReplayOptions, replay};
use helios_engine::snapshot::Snapshot;
use helios_kernel::checkpoints::Checkpoints;
use helios_tests::{HOSTS, host_name, sim_of, test_sim};
use libtest_mimic::Trial;

use crate::{golden, loads, slots, trial};

/// A scenario: inputs at ticks, and how long it runs.
struct Scenario {
    name: &'static str,
    /// The text of its world; the default world where absent.
    world: Option<&'static str>,
    ticks: u64,
    inputs: &'static [(u64, Input)],
}

/// A generated session at a terminal: commands at random ticks.
fn session(seed: u64) -> Scenario {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) % below
    };
    let mut inputs = vec![(5, Input::Login)];
    let mut tick = 600;
    while tick < SESSION_TICKS - 200 {
        inputs.push((tick, Input::Keys(TYPED[random(TYPED.len() as u64) as usize])));
        tick += 1 + random(180);
    }
    Scenario {
        name: "session",
        world: None,
        ticks: SESSION_TICKS,
        // A test's few scenarios live as long as it does.
        inputs: Vec::leak(inputs),
    }
}

/// What enters.
enum Input {
    /// A command line for the shell.
    Shell(&'static str),
    /// The same, on the machine of that name.
    ShellOn(&'static str, &'static str),
    /// A TypeScript program.
    Program(&'static str),
    /// The player logs in on a terminal.
    Login,
    /// The player types.
    Keys(&'static str),
    /// The player's screen gets another size.
    Resize(u16, u16),
    /// A command of the log, with its payload.
    Command(&'static str, &'static str),
}

/// Counts, draws and waits for ever.
const COUNTER: &str = "import { writeFile } from 'helios:fs'; for (let i = 0; ; i++) { \
    await writeFile('/tmp/count', `${i} ${crypto.randomUUID()}`); await new Promise((r) => setTimeout(r, 23)); }";

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "boot",
        world: None,
        ticks: 200,
        inputs: &[],
    },
    Scenario {
        name: "shell_pipes",
        world: None,
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
        world: None,
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
        world: None,
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
    // In its middle a stick and an image are mounted and written to; then the stick is pulled out under its writer's
    // hands and pushed in again.
    Scenario {
        name: "disks",
        world: None,
        ticks: 3600,
        inputs: &[
            (
                10,
                Input::Shell(
                    "mkdir i; echo kept > i/file; mkimage i i.img; doas mount i.img /mnt; doas mount /dev/usb0 /media/usb0\n\
                     doas sh -c 'cp /etc/passwd /media/usb0; sync; echo late > /media/usb0/late; mv /media/usb0/passwd /mnt'; mount; df -T\n\
                     while sleep 0.02; do doas sh -c 'date >> /media/usb0/log && echo more >> /mnt/log' || break; done",
                ),
            ),
            (2000, Input::Command("media.eject", r#"{"slot": "usb0"}"#)),
            (2200, Input::Command("media.insert", r#"{"slot": "usb0"}"#)),
            (
                2300,
                Input::Shell(
                    "doas umount /media/usb0; doas mount /dev/usb0 /media/usb0 && ls /media/usb0; doas eject -v usb0; doas umount /mnt\n\
                     doas mount -r i.img /mnt; cat /mnt/file; lsblk -H; doas sync; doas mount /dev/disk /media/cd0; ls /media/cd0; doas umount -a",
                ),
            ),
        ],
    },
    // In its middle the child computes in a module that it loaded; then it is interrupted, hears of a signal between
    // computations, and becomes a program that has loaded nothing.
    Scenario {
        name: "loads_and_interrupts",
        world: None,
        ticks: 1000,
        inputs: &[(10, Input::Program(loads::PROGRAM))],
    },
    // A machine is put back twice under a player's hands, and comes back from a reboot.
    Scenario {
        name: "snapshots",
        world: None,
        ticks: 2600,
        inputs: &[
            (10, Input::Login),
            (20, Input::Program(COUNTER)),
            (700, Input::Keys("echo one > note; snapshot save before\r")),
            (1000, Input::Keys("echo two > note; cat note; snapshot load before\r")),
            (1300, Input::Keys("cat note; snapshot list\r")),
            (1400, Input::Resize(40, 120)),
            (
                1500,
                Input::Shell("sleep 0.05; snapshot save -q other; snapshot load before"),
            ),
            (1900, Input::Keys("doas reboot; echo $?\r")),
            (2300, Input::Keys("snapshot rm other; cat note\r")),
        ],
    },
    Scenario {
        name: "at_a_terminal",
        world: None,
        ticks: 3000,
        inputs: &[
            (10, Input::Login),
            (700, Input::Keys("echo $((6*7)) | ca\tt")),
            (760, Input::Keys("\r")),
            (900, Input::Keys("sleep 100\r")),
            (1000, Input::Keys("\x1a")),
            (1060, Input::Resize(40, 120)),
            (1100, Input::Keys("jobs; fg\r")),
            (1300, Input::Keys("\x03")),
            (1350, Input::Keys("\x1b[A\x1b[Aseq 1 200 | less\r")),
            (1600, Input::Keys("G")),
            (1650, Input::Keys("q\x15")),
            (
                1700,
                Input::Keys("for i in 3 1 2; do echo $i; done | sort | (read x; echo first $x)\r"),
            ),
            (2100, Input::Keys("exit\r")),
        ],
    },
    // Three machines in a line, over a link that loses, doubles, delays and overtakes: in its middle a transfer waits for a
    // cable that was cut, and an echo request is in pieces.
    Scenario {
        name: "network",
        world: Some(include_str!("../worlds/line.ron")),
        ticks: 2400,
        inputs: &[
            (
                100,
                Input::ShellOn("b", "nc -l -p 7000 | sha256sum; nc -l -p 7000 | wc -c"),
            ),
            (
                200,
                Input::Shell("yes abcdefghijklmnop | head -c 400000 | nc -N b 7000; ss -tan"),
            ),
            (300, Input::Shell("ping -c 8 -i 0.2 -s 2000 b; traceroute -n b")),
            (1150, Input::Command("link.cut", r#"{"interface": 1}"#)),
            (1400, Input::Command("link.mend", r#"{"interface": 1}"#)),
            (
                1900,
                Input::Shell("curl -s -m 1 http://b:81/; ip -s link; ip neigh; netstat -s | head -n 20"),
            ),
        ],
    },
];

/// Commands that a generated session types at random ticks.
const TYPED: &[&str] = &[
    "ls -la /bin | head -n 3\r",
    "cat /etc/passwd | cut -d: -f1 | sort | uniq -c\r",
    "sleep 0.05 &\r",
    "jobs\r",
    "\x03",
    "\x1a",
    "fg\r",
    "for i in 1 2 3; do echo $i; done\r",
    "echo one two | tr a-z A-Z\r",
    "ts -p '1 + 1'\r",
    "\x1b[A\r",
    "ec\tho tab\r",
    "ps | wc -l\r",
    "date; uptime > /dev/null\r",
    "grep -c bin /etc/passwd\r",
    "(exit 3); echo $?\r",
];

/// Generated scenarios of the fixed set; `helios soak` runs thousands.
const SEEDS: u64 = 6;
const SEED_TICKS: u64 = 300;
/// Generated sessions at a terminal, and how long each is.
const SESSIONS: u64 = 3;
const SESSION_TICKS: u64 = 2400;

/// A live run, everything that later runs are compared with.
struct Live {
    hashes: BTreeMap<Tick, Hash>,
    middle: Snapshot,
    recording: Recording,
}

fn live(scenario: &Scenario, host: HostChoice, set_up: impl FnOnce(&mut Sim)) -> Live {
    let mut sim = match scenario.world {
        Some(text) => sim_of(text, host).expect("the world can be built"),
        None => test_sim(host),
    };
    set_up(&mut sim);
    sim.record();
    let node = sim.machine(None).expect("the world has a machine");
    let mut middle = None;
    let mut inputs = scenario.inputs.iter().peekable();
    let mut seat = None;
    while sim.tick().0 < scenario.ticks {
        while let Some((_, input)) = inputs.next_if(|(tick, _)| *tick <= sim.tick().0) {
            apply(&mut sim, node, input, &mut seat).expect("the input is logged");
        }
        if sim.tick().0 == scenario.ticks / 2 {
            middle = Some(sim.snapshot());
        }
        sim.step()
            .unwrap_or_else(|failure| panic!("{}: {failure}", scenario.name));
    }
    let hashes = sim.tick_hashes().clone();
    let recording = sim.take_recording().expect("a recording was started");
    if scenario.name == "snapshots" {
        // An image brings its log back: the last two of the three loads show, that of `before` and that of the reboot.
        assert_eq!(
            slots::loads_in(&sim.snapshot(), node).len(),
            2,
            "the machine was put back"
        );
    }
    let middle = middle.expect("the run passed its middle");
    if scenario.name == "network" {
        let connections = middle.nodes.values().filter_map(|rows| rows.get("tcp_connection"));
        assert!(connections.count() >= 2, "both ends are in the middle of a connection");
    }
    Live {
        hashes,
        middle,
        recording,
    }
}

/// Logs one input. The player sits at the terminal that the last login opened.
fn apply(sim: &mut Sim, node: NodeId, input: &Input, seat: &mut Option<u64>) -> Result<(), Failure> {
    let tty = seat.and_then(|session| sim.session_tty(session));
    match (input, tty) {
        (Input::Shell(line), _) => sim
            .exec(node, "player", &["/bin/sh", "-c", line].map(str::to_owned))
            .map(drop),
        (Input::ShellOn(machine, line), _) => {
            let node = sim.machine(Some(machine)).expect("the world has it");
            sim.exec(node, "player", &["/bin/sh", "-c", line].map(str::to_owned))
                .map(drop)
        }
        (Input::Program(source), _) => {
            let modules = [("/host/scenario.ts".to_owned(), (*source).to_owned())];
            sim.run(node, "player", &modules, &["scenario".to_owned()]).map(drop)
        }
        (Input::Command(name, payload), _) => {
            let payload = serde_json::from_str(payload).expect("a scenario's payload is JSON");
            sim.submit(node, name, payload)
        }
        (Input::Login, _) => {
            let login = ["/bin/login", "-f", "player"].map(str::to_owned);
            *seat = Some(sim.terminal(node, &login, 24, 80)?);
            Ok(())
        }
        (Input::Keys(keys), Some(tty)) => sim.type_keys(node, &tty, keys.as_bytes()),
        (Input::Resize(rows, columns), Some(tty)) => sim.resize_tty(node, &tty, *rows, *columns),
        // Whoever has left the terminal types nothing.
        (Input::Keys(_) | Input::Resize(..), None) => Ok(()),
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
    let again = live(scenario, host, |_| {});
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

/// The axis {never hibernate, hibernate after every slice}: made anew for each slice, from whatever checkpoint there is
/// by then.
fn check_hibernating(scenario: &Scenario, host: HostChoice) {
    let awake = live(scenario, host, |_| {});
    let asleep = HostChoice {
        live_max: Some(0),
        ..host
    };
    let hibernating = live(scenario, asleep, |sim| {
        let mut checkpoints = sim.world_mut().resource_mut::<Checkpoints>();
        checkpoints.policy.wake_gas = 0;
        checkpoints.policy.at_a_time = 4;
    });
    compare(scenario.name, &awake.hashes, &hibernating.hashes, Tick(0));
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for scenario in SCENARIOS {
        trials.push(trial(format!("matrix::{}", scenario.name), move || {
            let reference = live(scenario, HOSTS[0], |_| {});
            for host in HOSTS {
                check(scenario, host, &reference);
            }
            golden::check_hashes(scenario.name, &reference.hashes);
        }));
        for host in [HOSTS[0], HOSTS[2]] {
            trials.push(trial(
                format!("matrix::{}::hibernating::{}", scenario.name, host_name(host)),
                move || check_hibernating(scenario, host),
            ));
        }
    }
    for seed in 1..=SESSIONS {
        trials.push(trial(format!("matrix::session::seed_{seed}"), move || {
            let scenario = session(seed);
            let reference = live(&scenario, HOSTS[0], |_| {});
            for host in [HOSTS[1], HOSTS[2], HOSTS[3]] {
                check(&scenario, host, &reference);
            }
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
