//! Helpers for tests of this crate and of every room above it.

mod determinism;

use bevy_app::App;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::ScheduleLabel;

pub use determinism::{Disagreement, check_determinism};

use crate::EnginePlugin;
use crate::hash::{Hash, HashPolicy, hash_of_snapshot, world_hash};
use crate::snapshot::take;
use crate::state::Registry;

/// An app with the engine alone, hashed after each tick.
pub fn test_app() -> App {
    let mut app = App::empty();
    app.add_plugins(EnginePlugin {
        hash_policy: HashPolicy::EveryTick,
    });
    app
}

/// Asserts that the hash kept up to date is the one that all rows make afresh, and returns it.
///
/// # Panics
/// When they differ.
pub fn assert_hash_is_fresh(world: &mut World) -> Hash {
    let kept = world_hash(world);
    let snapshot = take(world);
    let fresh = hash_of_snapshot(&snapshot, world.resource::<Registry>());
    assert_eq!(kept, fresh, "the hash tree is out of step with the rows");
    kept
}

/// Asserts that no two systems of a schedule conflict without an order between them.
///
/// # Panics
/// Names the systems and what they share.
pub fn assert_unambiguous(app: &mut App, label: impl ScheduleLabel) {
    let label = label.intern();
    let mut schedule = app
        .world_mut()
        .resource_mut::<bevy_ecs::schedule::Schedules>()
        .remove(label)
        .unwrap_or_else(|| panic!("there is no schedule {label:?}"));
    let mut settings = crate::time::strict();
    settings.auto_insert_apply_deferred = false;
    schedule.set_build_settings(settings);
    let built = schedule.initialize(app.world_mut());
    if let Err(error) = built {
        panic!(
            "schedule {label:?} is ambiguous: {}",
            error.to_string(schedule.graph(), app.world())
        );
    }
    schedule.set_build_settings(crate::time::strict());
    app.world_mut().add_schedule(schedule);
}
