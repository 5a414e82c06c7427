//! Long lives: what snapshots of many machines, logs, saves and returns to the past cost.

mod hours;
mod many;
mod sleepers;

use helios_engine::hash::HashPolicy;
use helios_engine::worlds::{BuildOptions, builtin_world};

use super::Figure;
use super::Measurement;
use crate::args::HostKind;
use crate::sim::{HostChoice, Sim};

const THREADS: HostChoice = HostChoice {
    kind: HostKind::Threads,
    workers: 2,
    live_max: None,
};
const CHILDREN: HostChoice = HostChoice {
    kind: HostKind::Children,
    workers: 2,
    live_max: None,
};

pub(super) fn sleeping() -> Measurement {
    Measurement {
        name: "sleep",
        about: "a thousand processes of which few do anything: memory, checkpoints, waking",
        run: sleepers::sleepers,
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
