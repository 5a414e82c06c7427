//! Prints what an idle tick costs in a world of 10,000 nodes, and what hashing it costs.
//!
//! `cargo run --release -p helios_engine --example idle_tick`

use std::time::Instant;

use helios_engine::prelude::*;
use helios_engine::snapshot::{take, write_snapshot};
use helios_engine::testing::test_app;
use helios_engine::time::step_many;

#[expect(clippy::disallowed_methods, reason = "this program measures the host, not the world")]
fn timed<T>(what: &str, count: u64, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = run();
    println!("{what}: {:.2} µs", start.elapsed().as_secs_f64() * 1e6 / count as f64);
    done
}

fn main() {
    let mut app = test_app();
    app.insert_resource(HashPolicy::Off);
    let world = app.world_mut();
    for number in 0..10_000 {
        spawn_node(world, &format!("node-{number}"), NodeKind::Machine).expect("no two names collide");
    }
    timed("first tick", 1, || step(world));
    timed("idle tick, hashing off", 20_000, || step_many(world, 20_000));
    timed("first hash", 1, || world_hash(world));
    timed("hash of an unchanged world", 100, || {
        for _ in 0..100 {
            world_hash(world);
        }
    });
    world.insert_resource(HashPolicy::EveryEpoch);
    timed("idle tick, hashed every epoch", 30_000, || step_many(world, 30_000));
    let snapshot = timed("snapshot", 1, || take(world));
    let bytes = timed("its file", 1, || {
        write_snapshot(&snapshot).expect("it is within bounds")
    });
    println!("{} bytes", bytes.len());
}
