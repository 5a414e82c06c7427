//! Whole worlds: idle ticks, hashing, snapshots, replay.

use std::fmt::Write as _;

use helios_engine::hash::HashPolicy;
use helios_engine::ids::Tick;
use helios_engine::replay::{ReplayOptions, replay};
use helios_engine::snapshot::write_snapshot;
use helios_engine::time::step;
use helios_engine::worlds::{BuildOptions, builtin_world};

use super::{Bound, CHILDREN, Figure, Measurement, THREADS, figure, milliseconds, sample};
use crate::sim::{HostChoice, Sim};

pub(super) fn measurements() -> Vec<Measurement> {
    vec![
        Measurement {
            name: "idle",
            about: "an idle tick with 10,000 nodes; 1,000 idle processes in real time",
            run: idle,
        },
        Measurement {
            name: "hash",
            about: "hashing always on, against never, over a busy tick",
            run: hash,
        },
        Measurement {
            name: "snapshot",
            about: "time and size of a snapshot, untouched and after a change",
            run: snapshot,
        },
        Measurement {
            name: "replay",
            about: "replay of a session of the default world, in times of real time",
            run: replay_speed,
        },
        Measurement {
            name: "boot",
            about: "from nothing to `cat /etc/issue`, everything included",
            run: boot,
        },
    ]
}

fn default_world(policy: HashPolicy, host: HostChoice) -> Sim {
    let text = builtin_world("single").expect("the default world is part of the program");
    Sim::built("single.ron", text, BuildOptions::default(), host, policy).expect("the default world can be built")
}

fn idle(samples: u16) -> Vec<Figure> {
    const NODES: usize = 10_000;
    const TICKS: u32 = 2_000;
    let mut text = String::from("(name: \"many\", seed: 1, nodes: [");
    for index in 0..NODES {
        _ = write!(text, "(name: \"s{index}\", kind: switch),");
    }
    text.push_str("])");
    let mut sim = Sim::built("many.ron", &text, BuildOptions::default(), THREADS, HashPolicy::Off)
        .expect("the world can be built");
    let tick = sample("idle tick, 10,000 nodes", "µs", Bound::AtMost(50.0), samples, || {
        milliseconds(|| (0..TICKS).for_each(|_| step(sim.world_mut()))) * 1e3 / f64::from(TICKS)
    });

    const PROCESSES: usize = 1_000;
    let single = builtin_world("single").expect("the default world is part of the program");
    let text = single.replacen(
        "machine: (",
        "machine: (max_processes: 4000, max_user_processes: 4000,",
        1,
    );
    let text = text.replacen("memory_bytes: 268435456", "memory_bytes: 68719476736", 1);
    let mut sim = Sim::built("idle.ron", &text, BuildOptions::default(), THREADS, HashPolicy::Off)
        .expect("the world can be built");
    let node = sim.machine(None).expect("there is one");
    let per_tick = |sim: &mut Sim| milliseconds(|| (0..TICKS).for_each(|_| step(sim.world_mut()))) / f64::from(TICKS);
    (0..500).for_each(|_| step(sim.world_mut()));
    let before = per_tick(&mut sim);
    let source = "import * as ipc from 'helios:ipc'; await ipc.receive();";
    for _ in 0..PROCESSES {
        let modules = [("/host/idle.ts".to_owned(), source.to_owned())];
        sim.run(node, "root", &modules, &["idle".to_owned()])
            .expect("the command is logged");
        step(sim.world_mut());
    }
    (0..2_000).for_each(|_| step(sim.world_mut()));
    let living = helios_kernel::proc::pids(sim.world(), node).len();
    assert!(living > PROCESSES, "{living} processes live");
    // A tick is a millisecond: milliseconds a tick are the share of a core at real-time speed.
    let share = sample(
        "1,000 idle processes, share of a core",
        "%",
        Bound::AtMost(1.0),
        samples,
        || (per_tick(&mut sim) - before).max(0.0) * 100.0,
    );
    vec![tick, share]
}

const BUSY: &str = "import * as fs from 'helios:fs'; let k = 1;\n\
    for (let n = 0; ; n++) { for (let i = 0; i < 500; i++) k = (k * 31 + i) | 0; await fs.writeFile('/tmp/busy' + (n % 8), String(k)); }";

fn busy(policy: HashPolicy) -> Sim {
    let mut sim = default_world(policy, THREADS);
    let node = sim.machine(None).expect("there is one");
    sim.run(
        node,
        "player",
        &[("/host/busy.ts".to_owned(), BUSY.to_owned())],
        &["busy".to_owned()],
    )
    .expect("the command is logged");
    (0..300).for_each(|_| step(sim.world_mut()));
    sim
}

fn hash(samples: u16) -> Vec<Figure> {
    const TICKS: u32 = 3_000;
    let (mut off, mut epochs, mut every) = (
        busy(HashPolicy::Off),
        busy(HashPolicy::EveryEpoch),
        busy(HashPolicy::EveryTick),
    );
    let take = |sim: &mut Sim| milliseconds(|| (0..TICKS).for_each(|_| step(sim.world_mut()))) / f64::from(TICKS);
    // Taken in turn, so that whatever else the machine does meets all three alike.
    let taken: Vec<[f64; 3]> = (0..samples)
        .map(|_| [take(&mut off), take(&mut epochs), take(&mut every)])
        .collect();
    let share = |index: usize| taken.iter().map(|row| (row[index] / row[0] - 1.0) * 100.0).collect();
    vec![
        figure(
            "busy tick, no hashing",
            "ms",
            Bound::Free,
            taken.iter().map(|row| row[0]).collect(),
        ),
        figure(
            "hashing always on (every epoch), share of a busy tick",
            "%",
            Bound::AtMost(2.0),
            share(1),
        ),
        figure("hashing every tick, share of a busy tick", "%", Bound::Free, share(2)),
    ]
}

fn snapshot(samples: u16) -> Vec<Figure> {
    let mut sim = default_world(HashPolicy::Off, THREADS);
    (0..200).for_each(|_| step(sim.world_mut()));
    let size = |sim: &mut Sim| write_snapshot(&sim.snapshot()).expect("the snapshot is written").len() as f64 / 1024.0;
    let plain = size(&mut sim);
    let time = sample("snapshot in memory, default world", "ms", Bound::Free, samples, || {
        milliseconds(|| drop(sim.snapshot()))
    });
    let file = sample(
        "snapshot as a file's bytes, default world",
        "ms",
        Bound::Free,
        samples,
        || milliseconds(|| assert!(size(&mut sim) > 0.0, "a file holds something")),
    );
    let node = sim.machine(None).expect("there is one");
    let source = "import * as fs from 'helios:fs'; const d = crypto.getRandomValues(new Uint8Array(65536)); for (let i = 0; i < 16; i++) { d[0] = i; await fs.writeFile('/tmp/r' + i, d); }";
    let session = sim
        .run(
            node,
            "player",
            &[("/host/w.ts".to_owned(), source.to_owned())],
            &["w".to_owned()],
        )
        .expect("the command is logged");
    sim.finish_session(session, 100_000).expect("the program ends");
    let changed = size(&mut sim);
    vec![
        time,
        file,
        figure("file size, default world", "KiB", Bound::Free, vec![plain]),
        figure(
            "file size added by 1 MiB of new random data",
            "KiB",
            Bound::Free,
            vec![changed - plain],
        ),
    ]
}

fn replay_speed(samples: u16) -> Vec<Figure> {
    const TICKS: u64 = 20_000;
    let lines = [
        "cat /etc/issue",
        "ls -l /bin | head",
        "mkdir -p /tmp/a/b && echo hi > /tmp/a/b/c",
        "cat /tmp/a/b/c | wc",
        "ps",
        "sleep 1",
        "rm -r /tmp/a",
    ];
    let mut sim = default_world(HashPolicy::EveryEpoch, CHILDREN);
    sim.record();
    let node = sim.machine(None).expect("there is one");
    // A person types a line every two seconds or so.
    for (index, line) in lines.iter().cycle().enumerate().take(10) {
        let until = Tick(index as u64 * 2_000 + 100);
        while sim.tick() < until {
            sim.skip(until).expect("the world runs");
        }
        sim.exec(node, "player", &["/bin/sh", "-c", line].map(str::to_owned))
            .expect("the command is logged");
    }
    while sim.tick().0 < TICKS {
        sim.skip(Tick(TICKS)).expect("the world runs");
    }
    let recording = sim.take_recording().expect("a recording was started");
    let speed = |name: &str, host: HostChoice| {
        sample(name.to_owned(), "x", Bound::AtLeast(20.0), samples, || {
            let mut again = Sim::empty(host, HashPolicy::EveryEpoch).expect("the host starts");
            let took = milliseconds(|| {
                replay(again.app_mut(), &recording, &ReplayOptions::default()).expect("the recording verifies");
            });
            TICKS as f64 / took
        })
    };
    vec![
        speed("replay against real time, children", CHILDREN),
        speed("replay against real time, threads", THREADS),
    ]
}

fn boot(samples: u16) -> Vec<Figure> {
    let run = |name: &str, host: HostChoice| {
        sample(name.to_owned(), "ms", Bound::Free, samples, || {
            milliseconds(|| {
                let mut sim = default_world(HashPolicy::Off, host);
                let node = sim.machine(None).expect("there is one");
                let session = sim
                    .exec(node, "player", &["/bin/sh", "-c", "cat /etc/issue"].map(str::to_owned))
                    .expect("the command is logged");
                assert_eq!(
                    sim.finish_session(session, 100_000).expect("the world runs").code(),
                    0,
                    "the command succeeds"
                );
            })
        })
    };
    vec![
        run("boot to `cat /etc/issue`, threads", THREADS),
        run("boot to `cat /etc/issue`, children", CHILDREN),
    ]
}
