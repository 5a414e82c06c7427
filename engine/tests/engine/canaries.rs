//! The determinism check passes on a sound world and fires on every kind of leak.

use helios_engine::canary::{CanaryPlugin, Fault, release};
use helios_engine::log::submit;
use helios_engine::testing::check_determinism;
use serde_json::json;

use crate::toy::{node, toy_app};

#[test]
fn a_sound_world_is_deterministic() {
    check_determinism(&toy_app, 400, &|world, tick| {
        if tick.0.is_multiple_of(7) {
            let node = node(world, "alpha");
            submit(world, node, "add", json!({ "amount": tick.0 })).unwrap();
        }
    })
    .unwrap_or_else(|error| panic!("{error}"));
}

fn birds(fault: Option<Fault>) -> bevy_app::App {
    let mut app = toy_app();
    app.add_plugins(CanaryPlugin { fault });
    release(app.world_mut());
    app
}

#[test]
fn a_healthy_canary_lives() {
    check_determinism(&|| birds(None), 40, &|_, _| {}).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_leak_is_caught_and_its_row_named() {
    for fault in Fault::ALL {
        let found = check_determinism(&|| birds(Some(fault)), 40, &|_, _| {});
        let disagreement = found.expect_err(&format!("{fault:?} went unnoticed"));
        let difference = disagreement
            .difference
            .unwrap_or_else(|| panic!("{fault:?}: no row is named"));
        assert_eq!(
            (difference.component.as_str(), difference.field.as_str()),
            ("canary", "digest"),
            "{fault:?}"
        );
    }
}
