//! A world that is saved with frames in flight, questions open and fragments missing goes on as if it had not been.

use helios_engine::hash::world_hash;
use helios_engine::snapshot::{diff, restore, take};

use super::*;

fn busy() -> App {
    let mut text = star(3, "");
    text = text.replace(
        "to: \"sw:2\"",
        "to: \"sw:2\", link: (loss_ppm: 100000, jitter_us: 3000, duplicate_ppm: 50000, reorder_ppm: 50000, kilobits_per_second: 2000)",
    );
    net(&text)
}

fn traffic(app: &mut App, tick: u64) {
    match tick % 7 {
        0 => ping(app, "m1", address("10.0.0.2"), 4_000, |_| {}),
        2 => ping(app, "m2", address("10.0.0.3"), 200, |_| {}),
        3 => udp(app, "m3", address("10.0.0.255"), 20),
        5 => ping(app, "m3", address("10.0.0.77"), 20, |_| {}),
        _ => {}
    }
}

#[test]
fn restoring_at_any_tick_changes_nothing() {
    let mut app = busy();
    let mut hashes = Vec::new();
    let mut saves = Vec::new();
    for tick in 0..60 {
        saves.push(take(app.world_mut()));
        traffic(&mut app, tick);
        run(&mut app, 1);
        hashes.push(world_hash(app.world_mut()));
    }
    saves.push(take(app.world_mut()));
    for from in 0..60 {
        let mut again = empty();
        restore(again.world_mut(), saves[from].clone()).unwrap();
        for tick in from..60 {
            traffic(&mut again, tick as u64);
            run(&mut again, 1);
            if world_hash(again.world_mut()) != hashes[tick] {
                let difference = diff(&saves[tick + 1], &take(again.world_mut()));
                panic!("saved before tick {from}, different after {tick}: {difference:?}");
            }
        }
    }
}

#[test]
fn rows_that_contradict_each_other_do_not_run() {
    let mut app = busy();
    for tick in 0..9 {
        traffic(&mut app, tick);
        run(&mut app, 1);
    }
    let save = take(app.world_mut());
    let tampered = |name: &str, field: &str, value: serde_json::Value| {
        let mut save = save.clone();
        let rows = save.nodes.values_mut().find_map(|rows| rows.get_mut(name));
        let row = rows
            .and_then(|rows| rows.values_mut().next())
            .expect("there is such a row");
        row[field] = value;
        let mut again = empty();
        restore(again.world_mut(), save).expect("each row by itself is sound");
        again.world().resource::<helios_kernel::host::Halted>().0.clone()
    };
    for (name, field, value) in [
        ("frame", "interface", serde_json::json!(77)),
        ("frame", "number", serde_json::json!(1_000_000)),
        ("frame", "arrival_ns", serde_json::json!([0, 0])),
        ("interface", "number", serde_json::json!(5000)),
        ("interface", "mtu", serde_json::json!(3)),
    ] {
        let said = tampered(name, field, value);
        assert!(
            said.as_deref().is_some_and(|said| said.contains("not sound")),
            "{name}.{field}: {said:?}"
        );
    }
}
