//! Which rows changed since somebody last looked.
//!
//! Bevy's change ticks say which rows were touched, hooks say which went. Whoever keeps something made from rows (the
//! hash tree, the last frame) looks through a [`Watch`] of its own and is told either "since then" or "afresh".

use bevy_ecs::change_detection::Tick as ChangeTick;
use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::*;
use bevy_ecs::world::DeferredWorld;

use crate::ids::RowId;
use crate::state::Row;

/// Above this many removals between two looks, the next look is afresh.
const MAX_REMOVALS: usize = 1 << 20;

/// Change ticks are 32 bits: after this many steps without a look, the next is afresh.
const MAX_STEPS_BETWEEN: u64 = 1 << 20;

/// Likewise, after this many change ticks.
const MAX_CHANGE_TICKS_BETWEEN: u32 = 1 << 30;

/// Ticks that this world ran, whatever its clock says: a host's count.
#[derive(Resource, Debug, Default)]
pub(crate) struct Steps(pub(crate) u64);

/// Rows that went since a look.
#[derive(Debug, Default)]
pub(crate) struct Gone {
    /// Single components, by name.
    pub(crate) rows: Vec<(&'static str, RowId)>,
    /// Entities with all their rows.
    pub(crate) entities: Vec<RowId>,
    /// There were too many to keep.
    pub(crate) overflowed: bool,
}

impl Gone {
    fn note(&mut self, note: impl FnOnce(&mut Self)) {
        if self.overflowed {
            return;
        }
        note(self);
        if self.rows.len() + self.entities.len() > MAX_REMOVALS {
            *self = Self {
                overflowed: true,
                ..Self::default()
            };
        }
    }
}

/// Rows that went, for each reader.
#[derive(Resource, Debug, Default)]
pub(crate) struct Removals {
    /// For the hash tree.
    pub(crate) hashes: Gone,
    /// For frames, once one was taken.
    pub(crate) frames: Option<Gone>,
}

impl Removals {
    /// Notes that an entity went with all its rows.
    pub(crate) fn note_entity(&mut self, row: RowId) {
        self.note(|gone| gone.entities.push(row));
    }

    fn note(&mut self, note: impl Fn(&mut Gone)) {
        self.hashes.note(&note);
        if let Some(frames) = &mut self.frames {
            frames.note(&note);
        }
    }
}

/// When a reader last looked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Watch {
    last: Option<(ChangeTick, u64)>,
}

impl Watch {
    /// Looks: answers since when changes count, or nothing where everything is to be read afresh.
    pub(crate) fn look(&mut self, world: &mut World, overflowed: bool) -> Option<ChangeTick> {
        let steps = world.resource::<Steps>().0;
        let now = world.increment_change_tick();
        let last = self.last.replace((now, steps));
        let (since, stepped) = last?;
        let stale = overflowed
            || steps.wrapping_sub(stepped) > MAX_STEPS_BETWEEN
            || now.get().wrapping_sub(since.get()) > MAX_CHANGE_TICKS_BETWEEN;
        (!stale).then_some(since)
    }
}

/// Notes that a row went: the hook of its component.
pub(crate) fn on_remove_component<T: Row>(mut world: DeferredWorld<'_>, context: HookContext) {
    if let Some(&row) = world.get::<RowId>(context.entity) {
        world
            .resource_mut::<Removals>()
            .note(|gone| gone.rows.push((T::NAME, row)));
    }
}
