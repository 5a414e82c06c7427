//! Long lives: what snapshots of many machines, logs, saves and returns to the past cost.

mod hours;
mod many;
mod sleepers;

use std::fmt::Write as _;

use helios_engine::hash::HashPolicy;
use helios_engine::ids::{NodeId, Nodes, Tick};
use helios_engine::worlds::{BuildOptions, builtin_world};

use super::Figure;
use super::Measurement;
use crate::sim::{HostChoice, Sim};

pub(super) fn sleeping() -> Measurement {
    Measurement {
        name: "sleep",
        about: "a thousand processes of which few do anything: memory, checkpoints, waking",
        run: sleepers::sleepers,
    }
}

pub(super) fn sleeping_many() -> Measurement {
    Measurement {
        name: "sleep-20k",
        about: "the same with twenty thousand: takes many minutes, so it runs only where it is named",
        run: sleepers::many_sleepers,
    }
}

pub(super) fn measurement() -> Measurement {
    Measurement {
        name: "life",
        about: "snapshots of 1,000 machines, an hour's log and export, restoring to the first prompt, going back in time",
        run: |samples| -> Vec<Figure> { [many::snapshots(samples), hours::hours(samples)].concat() },
    }
}

fn default_world(policy: HashPolicy, host: HostChoice) -> Sim {
    let text = builtin_world("single").expect("the default world is part of the program");
    Sim::built("single.ron", text, BuildOptions::default(), host, policy).expect("the default world can be built")
}

/// A world of machines alike, and their nodes. `machine` is what stands in their section of that name.
fn machines(count: usize, machine: &str, host: HostChoice) -> (Sim, Vec<NodeId>) {
    let mut text = String::from("(name: \"many\", seed: 1, nodes: [");
    for index in 0..count {
        _ = write!(
            text,
            "(name: \"m{index}\", kind: machine, machine: ({machine}), users: [(name: \"root\", uid: 0, gid: 0, home: \"/root\"), (name: \"player\", uid: 1000, gid: 1000)]),"
        );
    }
    text.push_str("])");
    let sim =
        Sim::built("many.ron", &text, BuildOptions::default(), host, HashPolicy::Off).expect("the world can be built");
    let names = sim.world().resource::<Nodes>().iter_by_name();
    let nodes = names
        .filter(|(name, _)| *name != "world")
        .map(|(_, node)| node)
        .collect();
    (sim, nodes)
}

fn run_to(sim: &mut Sim, until: Tick) {
    while sim.tick() < until {
        sim.skip(until).expect("the world runs");
    }
}
