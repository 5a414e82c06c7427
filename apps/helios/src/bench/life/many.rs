//! Snapshots of a thousand machines: the first one, and those after it.

use helios_engine::hash::HashPolicy;
use helios_engine::ids::{NodeId, Tick};
use helios_engine::snapshot::Frame;
use helios_engine::timeline::Keyframes;
use helios_kernel::host::Isolates;
use serde_json::json;

use super::{machines, run_to};
use crate::bench::{Bound, Figure, THREADS, figure, milliseconds};
use crate::sim::Sim;

const MACHINES: usize = 1_000;
/// Machines that are on their way up at once: their isolates are let go before the next ones boot.
const BATCH: usize = 25;

pub(super) fn snapshots(samples: u16) -> Vec<Figure> {
    let (mut sim, nodes) = running();
    let mut keyframes = Keyframes::new(u64::MAX);
    let (mut first, mut first_cpu, mut following, mut bytes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for sample in 0..usize::from(samples) {
        // As another process would find them: nothing is known of any row.
        let mut again = Sim::restored(sim.snapshot(), None, THREADS, HashPolicy::Off).expect("what was taken restores");
        let (mut frame, cpu) = (None, cpu_ms());
        first.push(milliseconds(|| frame = again.frame().ok()));
        first_cpu.push(cpu_ms() - cpu);
        assert!(frame.is_some_and(|frame| frame.len() > MACHINES), "rows are sound");

        keep(&mut keyframes, sim.frame().expect("rows are sound"));
        let changed = nodes.iter().skip(sample % 100).step_by(100);
        for &node in changed {
            let argv = ["/bin/sh", "-c", "echo changed > /tmp/changed"].map(str::to_owned);
            sim.exec(node, "player", &argv).expect("the command is logged");
        }
        run(&mut sim, 400);
        let mut frame = None;
        following.push(milliseconds(|| frame = sim.frame().ok()));
        let before = keyframes.held_bytes();
        keep(&mut keyframes, frame.expect("rows are sound"));
        bytes.push((keyframes.held_bytes() - before) as f64 / 1024.0);
    }
    let rows = sim.frame().expect("rows are sound").len() as f64;
    vec![
        figure("rows of 1,000 machines", "", Bound::Free, vec![rows]),
        figure("snapshot of 1,000 machines", "ms", Bound::AtMost(1_000.0), first),
        figure("the same, time on a processor", "ms", Bound::Free, first_cpu),
        figure("a following one, 1 % changed", "ms", Bound::AtMost(50.0), following),
        figure("memory of a following one", "KiB", Bound::Free, bytes),
    ]
}

fn keep(keyframes: &mut Keyframes, frame: Frame) {
    let tick = frame.tick();
    keyframes.insert(frame, tick);
}

fn run(sim: &mut Sim, ticks: u64) {
    let until = Tick(sim.tick().0 + ticks);
    run_to(sim, until);
}

/// A thousand machines with their services running, and no isolate alive.
fn running() -> (Sim, Vec<NodeId>) {
    let (mut sim, nodes) = machines(MACHINES, "boot: false", THREADS);
    for batch in nodes.chunks(BATCH) {
        for &node in batch {
            sim.submit(node, "kernel.boot", json!({}))
                .expect("the command is logged");
        }
        run(&mut sim, 300);
        if let Some(host) = sim.world_mut().resource_mut::<Isolates>().host_mut() {
            host.forget_all();
        }
    }
    (sim, nodes)
}

/// Time that this thread has had on a processor: what a neighbour takes does not count.
fn cpu_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ns = text.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok());
    ns.unwrap_or_default() / 1e6
}
