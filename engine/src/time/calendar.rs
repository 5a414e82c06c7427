//! The event calendar: what is due when, across all nodes.
//!
//! It is an index. Whoever schedules an event holds in a row what it takes to schedule it again, and does so in
//! [`Rebuild`](super::Rebuild) under the same key. Keys order events, so the order of scheduling never shows.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;

use crate::ids::{NodeId, RowId, Tick};

use super::Clock;

/// The name of a kind of event, registered with its handler.
pub type EventKind = &'static str;

/// What happens when an event is due.
pub type EventHandler = fn(&mut World, &EventKey, &CalendarEvent);

/// At the same time on the same node, timers come before frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventClass {
    /// A timer runs out.
    Timer,
    /// A frame arrives.
    Frame,
}

/// When and where an event is due. No two events have the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey {
    /// Virtual nanoseconds since the world began.
    pub time_ns: u64,
    /// The node at which it happens.
    pub node: NodeId,
    /// Timers before frames.
    pub class: EventClass,
    /// The port at which a frame arrives; 0 for timers.
    pub port: u32,
    /// A number of the node's that tells apart what is otherwise equal. It comes from a row.
    pub sequence: u64,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarEvent {
    /// Which handler runs.
    pub kind: EventKind,
    /// The row that it is about.
    pub row: RowId,
    /// Whatever the handler needs to tell a current event from a stale one.
    pub token: u64,
}

/// The calendar of the whole world.
#[derive(Resource, Debug, Default)]
pub struct Calendar {
    events: BTreeMap<EventKey, CalendarEvent>,
    /// Events of the tick that runs, taken from `events` at its start: what they schedule waits for the next tick.
    due: BTreeMap<EventKey, CalendarEvent>,
}

impl Calendar {
    /// Adds an event. One that is already due is handled in the next `Deliver`.
    ///
    /// # Panics
    /// When there is an event of the same key: sequence numbers are there to prevent that.
    pub fn schedule(&mut self, key: EventKey, event: CalendarEvent) {
        let before = self.events.insert(key, event);
        assert!(before.is_none(), "two events have the key {key:?}");
    }

    /// Removes an event that has not yet been handled.
    pub fn cancel(&mut self, key: &EventKey) -> Option<CalendarEvent> {
        self.events.remove(key).or_else(|| self.due.remove(key))
    }

    /// Takes the first event that is due at `now_ns`.
    pub fn pop_due(&mut self, now_ns: u64) -> Option<(EventKey, CalendarEvent)> {
        let entry = self.events.first_entry()?;
        (entry.key().time_ns <= now_ns).then(|| entry.remove_entry())
    }

    /// When the next event is due, in nanoseconds.
    #[must_use]
    pub fn next_due_ns(&self) -> Option<u64> {
        self.events.first_key_value().map(|(key, _)| key.time_ns)
    }

    /// The tick in whose `Deliver` the next event is handled: its time rounded up.
    #[must_use]
    pub fn next_due(&self) -> Option<Tick> {
        self.next_due_ns().map(|time_ns| Tick(time_ns.div_ceil(Tick::NANOS)))
    }

    /// How many events wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len() + self.due.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Events in the order in which they will be handled.
    pub fn iter(&self) -> impl Iterator<Item = (&EventKey, &CalendarEvent)> + '_ {
        self.due.iter().chain(&self.events)
    }

    /// Forgets everything: the first step of a rebuild.
    pub(crate) fn clear(&mut self) {
        self.events.clear();
        self.due.clear();
    }

    /// Moves what is due to the side. Returns whether there is anything.
    fn open(&mut self, now_ns: u64) -> bool {
        if self.next_due_ns().is_none_or(|first| first > now_ns) {
            return false;
        }
        let last = EventKey {
            time_ns: now_ns,
            node: NodeId(u64::MAX),
            class: EventClass::Frame,
            port: u32::MAX,
            sequence: u64::MAX,
        };
        let later = self.events.split_off(&last);
        self.due = std::mem::replace(&mut self.events, later);
        true
    }
}

/// Handlers by kind.
#[derive(Resource, Default)]
pub(crate) struct EventHandlers(BTreeMap<EventKind, EventHandler>);

impl EventHandlers {
    pub(crate) fn add(&mut self, kind: EventKind, handler: EventHandler) {
        let before = self.0.insert(kind, handler);
        assert!(before.is_none(), "two handlers for calendar events of kind {kind:?}");
    }
}

/// Handles what is due, in the order of the keys.
pub(crate) fn deliver_events(world: &mut World) {
    let now_ns = world.resource::<Clock>().now_ns();
    if !world.resource_mut::<Calendar>().open(now_ns) {
        return;
    }
    while let Some((key, event)) = world.resource_mut::<Calendar>().due.pop_first() {
        let handler = world.resource::<EventHandlers>().0.get(event.kind).copied();
        let handler = handler.unwrap_or_else(|| panic!("no handler for calendar events of kind {:?}", event.kind));
        handler(world, &key, &event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test_app;
    use crate::time::{TimeAppExt, step};

    fn key(time_ns: u64, node: u64, class: EventClass, sequence: u64) -> EventKey {
        EventKey {
            time_ns,
            node: NodeId(node),
            class,
            port: 0,
            sequence,
        }
    }

    fn event(token: u64) -> CalendarEvent {
        CalendarEvent {
            kind: "test",
            row: RowId::WORLD,
            token,
        }
    }

    #[test]
    fn order_is_time_node_timers_first_sequence() {
        let mut calendar = Calendar::default();
        let order = [
            key(1, 9, EventClass::Frame, 0),
            key(2, 1, EventClass::Timer, 5),
            key(2, 1, EventClass::Frame, 1),
            key(2, 1, EventClass::Frame, 2),
            key(2, 2, EventClass::Timer, 0),
        ];
        for (index, key) in order.iter().enumerate().rev() {
            calendar.schedule(*key, event(index as u64));
        }
        assert_eq!(calendar.next_due_ns(), Some(1));
        assert_eq!(calendar.pop_due(0), None);
        let popped: Vec<_> = std::iter::from_fn(|| calendar.pop_due(2)).map(|(key, _)| key).collect();
        assert_eq!(popped, order);
    }

    #[test]
    fn an_event_below_a_tick_is_due_in_the_tick_after() {
        let mut calendar = Calendar::default();
        calendar.schedule(key(Tick::NANOS + 1, 1, EventClass::Timer, 0), event(0));
        assert_eq!(calendar.next_due(), Some(Tick(2)));
    }

    #[test]
    #[should_panic(expected = "two events have the key")]
    fn equal_keys_are_refused() {
        let mut calendar = Calendar::default();
        calendar.schedule(key(1, 1, EventClass::Timer, 0), event(0));
        calendar.schedule(key(1, 1, EventClass::Timer, 0), event(1));
    }

    #[derive(Resource, Default)]
    struct Seen(Vec<u64>);

    fn handle(world: &mut World, key: &EventKey, event: &CalendarEvent) {
        world.resource_mut::<Seen>().0.push(event.token);
        match event.token {
            // Due at once, yet handled a tick later.
            1 => {
                let next = EventKey {
                    sequence: key.sequence + 10,
                    ..*key
                };
                world
                    .resource_mut::<Calendar>()
                    .schedule(next, super::CalendarEvent { token: 2, ..*event });
            }
            // Cancels an event of the same tick.
            3 => {
                let other = EventKey {
                    sequence: key.sequence + 1,
                    ..*key
                };
                assert!(world.resource_mut::<Calendar>().cancel(&other).is_some());
            }
            _ => {}
        }
    }

    #[test]
    fn what_a_handler_schedules_waits_and_what_it_cancels_is_gone() {
        let mut app = test_app();
        app.init_resource::<Seen>().register_event("test", handle);
        let world = app.world_mut();
        let mut calendar = world.resource_mut::<Calendar>();
        calendar.schedule(key(Tick::NANOS, 1, EventClass::Timer, 1), event(1));
        calendar.schedule(key(Tick::NANOS, 1, EventClass::Timer, 3), event(3));
        calendar.schedule(key(Tick::NANOS, 1, EventClass::Timer, 4), event(4));
        step(world);
        assert_eq!(world.resource::<Seen>().0, [1, 3]);
        step(world);
        assert_eq!(world.resource::<Seen>().0, [1, 3, 2]);
        assert!(world.resource::<Calendar>().is_empty());
    }
}
