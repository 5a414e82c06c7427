//! Many processes of which few do anything: what those that hibernate hold, and how long they take to wake.

use helios_engine::ids::{NodeId, Tick};
use helios_kernel::checkpoints::{self, Checkpoints, Policy};
use helios_kernel::journal::JournalTail;
use helios_kernel::{HostOutputs, KernelIndex};

use super::{machines, run_to};
use crate::bench::{Bound, Figure, THREADS, figure, milliseconds};
use crate::sim::{HostChoice, Sim};

const MACHINES: usize = 20;
/// Machines of a world of 20,000 processes.
const MANY_MACHINES: usize = 200;
/// Shells and daemons of each machine.
const OF_EACH_KIND: usize = 50;
/// Isolates that stay alive.
const LIVE: usize = 64;
/// Counts its ticks, and answers lines with the count.
const DAEMON: &str = "import { stdin } from 'helios:process'; let ticks = 0; const seen = new Map<string, number>();
    setInterval(() => ticks++, 60_000);
    for await (const line of stdin.lines()) { seen.set(line, ticks); console.log(line, ticks, seen.size); }";
const SHELL: &str = "while read line; do echo \"$line $((n += 1))\"; done";

/// A world of 2,000 processes, and what one more takes.
pub(super) fn sleepers(samples: u16) -> Vec<Figure> {
    measured(MACHINES, samples)
}

/// A world of 20,000: minutes of work.
pub(super) fn many_sleepers(samples: u16) -> Vec<Figure> {
    measured(MANY_MACHINES, samples)
}

fn measured(machines: usize, samples: u16) -> Vec<Figure> {
    let before = resident_kib();
    let (mut sim, sessions, half) = running(machines);
    let processes = sim.world().resource::<KernelIndex>().processes().count() as f64;
    checkpoints::settle(sim.world_mut());
    let resident = resident_kib();
    let grown = (resident - half) / (sessions.len() / 2) as f64;
    let (own, shared) = sim.world().resource::<Checkpoints>().bytes();
    let journals: u64 = {
        let index = sim.world().resource::<KernelIndex>();
        let tails = index
            .processes()
            .filter_map(|(_, entity)| sim.world().get::<JournalTail>(entity));
        tails.map(|tail| tail.size().bytes).sum()
    };
    // From here on as in any world: who was woken for a line gets no new checkpoint for that.
    sim.world_mut().resource_mut::<Checkpoints>().policy = Policy::default();
    let mut wake = Vec::new();
    for round in 0..usize::from(samples).max(1) * 20 {
        // Far apart: none of them was awake lately.
        let (node, session) = sessions[round * 37 % sessions.len()];
        sim.stdin(node, session, b"hello\n").expect("it listens");
        let mut ticks = 0;
        wake.push(milliseconds(|| {
            while answer(&mut sim, session).is_empty() {
                sim.step().expect("the world runs");
                ticks += 1;
                assert!(ticks < 1_000, "session {session} answers");
            }
        }));
    }
    let mut busy = Vec::new();
    for second in 0..usize::from(samples) {
        let from = sim.tick();
        busy.push(milliseconds(|| {
            for (index, (node, session)) in sessions.iter().enumerate().skip(second % 100).step_by(100) {
                sim.stdin(*node, *session, b"again\n").expect("it listens");
                run_to(
                    &mut sim,
                    Tick(from.0 + 1 + (index as u64 * 1_000) / sessions.len() as u64),
                );
            }
            run_to(&mut sim, Tick(from.0 + 1_000));
        }));
    }
    let speed = busy.iter().map(|spent| 1_000.0 / spent).collect();
    vec![
        figure("processes, a shell and a daemon mix", "", Bound::Free, vec![processes]),
        figure(
            "memory of all, with what is there once",
            "MiB",
            Bound::Free,
            vec![(resident - before) / 1024.0],
        ),
        figure("memory of one more", "KiB", Bound::AtMost(100.0), vec![grown]),
        figure(
            "a checkpoint beside shared ones",
            "KiB",
            Bound::AtMost(32.0),
            vec![own as f64 / 1024.0 / processes],
        ),
        figure("shared checkpoints", "KiB", Bound::Free, vec![shared as f64 / 1024.0]),
        figure(
            "journal behind a checkpoint",
            "KiB",
            Bound::Free,
            vec![journals as f64 / 1024.0 / processes],
        ),
        figure("wake and answer a line", "ms", Bound::AtMost(4.0), wake),
        figure("speed with 1 % active a second", "x", Bound::AtLeast(1.0), speed),
    ]
}

fn answer(sim: &mut Sim, session: u64) -> Vec<u8> {
    let mut outputs = sim.world_mut().resource_mut::<HostOutputs>();
    outputs.take_output(session).stdout
}

/// The machines with everything started; what they held in memory when half of it was, in KiB.
fn running(count: usize) -> (Sim, Vec<(NodeId, u64)>, f64) {
    let host = HostChoice {
        live_max: Some(LIVE),
        ..THREADS
    };
    let (mut sim, nodes) = machines(count, "", host);
    // However short a journal is: what is measured is a process that is made from a checkpoint.
    sim.world_mut().resource_mut::<Checkpoints>().policy.wake_gas = 0;
    run_to(&mut sim, Tick(500));
    let mut sessions = Vec::new();
    let mut half = 0.0;
    // A few at a time, so that those which start are not those that are dropped.
    for index in 0..2 * OF_EACH_KIND {
        let begun: Vec<(NodeId, u64)> = nodes.iter().map(|&node| (node, start(&mut sim, node, index))).collect();
        for (node, session) in &begun {
            sim.stdin(*node, *session, b"first\n").expect("it listens");
        }
        for (_, session) in &begun {
            let late = sim.tick().0 + 60_000;
            while answer(&mut sim, *session).is_empty() {
                sim.step().expect("the world runs");
                assert!(sim.tick().0 < late, "session {session} answers");
            }
        }
        sessions.extend(begun);
        if index + 1 == OF_EACH_KIND {
            checkpoints::settle(sim.world_mut());
            half = resident_kib();
        }
    }
    (sim, sessions, half)
}

/// A shell or a daemon, in turn.
fn start(sim: &mut Sim, node: NodeId, index: usize) -> u64 {
    if index.is_multiple_of(2) {
        let shell = ["/bin/sh", "-c", SHELL].map(str::to_owned);
        return sim.exec(node, "player", &shell).expect("it starts");
    }
    let daemon = [("/host/daemon.ts".to_owned(), DAEMON.to_owned())];
    sim.run(node, "player", &daemon, &["daemon".to_owned()])
        .expect("it starts")
}

/// What this process holds in memory.
fn resident_kib() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = text
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .unwrap_or(0.0);
    pages * 4.0
}
