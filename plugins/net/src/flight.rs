//! Frames in flight: each an entity of the node where it will arrive, and an event of the calendar.
//!
//! A frame that is sent in tick *t* arrives in *t + 1* at the soonest. What a tick sends is put aside (the outbox) and
//! launched at its end, sorted by where and when it arrives: so a receiving node numbers its frames in an order that hangs
//! on those frames alone, and not on which of the senders was simulated first.

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_engine::ids::{NodeId, RowId, Tick, spawn_row};
use helios_engine::nanos;
use helios_engine::state::Row;
use helios_engine::time::{Calendar, CalendarEvent, Clock, EventClass, EventKey};
use serde::{Deserialize, Serialize};

use crate::index::NetIndex;
use crate::link::{Cable, Endpoint, Fate, HalfLink, Interface};
use crate::taps::{self, Direction};

/// The kind of the calendar's events.
pub(crate) const ARRIVAL: &str = "frame";

/// The longest frame, in bytes: what the longest datagram needs, with a header and two tags.
pub const MAX_FRAME_BYTES: usize = 65_535 + 22;

/// A frame on its way to an interface of its node.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// The interface.
    pub interface: u32,
    /// When it is there.
    #[serde(with = "nanos")]
    pub arrival_ns: u64,
    /// Its number among those that were ever on their way to that interface.
    pub number: u64,
    /// [`Interface::plugs`] when it was sent: where something was pulled since, it is lost.
    pub plugs: u64,
    /// What lies on the wire, without preamble and check sequence.
    #[serde(with = "crate::payload")]
    pub bytes: Bytes,
    /// A bit of it was flipped on the way: the check sequence would tell.
    pub damaged: bool,
}

impl Row for Frame {
    const NAME: &'static str = "frame";
    const SCHEMA: u32 = 1;
}

/// A frame that is sent in this tick.
struct Leaving {
    to: Endpoint,
    arrival_ns: u64,
    /// The sender's count, and then the sender: what orders frames that arrive at the same time.
    number: u64,
    bytes: Bytes,
    damaged: bool,
}

/// What the tick that runs has sent. Empty between ticks.
#[derive(Resource, Default)]
pub(crate) struct Outbox {
    frames: Vec<Leaving>,
}

/// Sends a frame from an interface at `now_ns`, which lies in the tick that runs or, for a frame that was forwarded,
/// before it. Counts it, and shows it to whoever captures there.
///
/// # Panics
/// If there is no such interface, or the frame is longer than [`MAX_FRAME_BYTES`].
pub fn send(world: &mut World, from: Endpoint, bytes: Bytes, now_ns: u64) {
    assert!(bytes.len() <= MAX_FRAME_BYTES, "a frame is bounded by its MTU");
    let entity = world
        .resource::<NetIndex>()
        .interface(from.node, from.interface)
        .expect("the interface is there");
    let next_tick = world.resource::<Clock>().tick.next();
    let mut sender = world.entity_mut(entity);
    let mut interface = sender.get_mut::<Interface>().expect("indexed");
    let cable = match interface.cable {
        Some(cable) if interface.up && !cable.cut => cable,
        _ => {
            interface.counters.tx_dropped += 1;
            return;
        }
    };
    let mut link = sender.get_mut::<HalfLink>().expect("an interface has its half");
    let fate = link.send(now_ns, next_tick.start_ns(), bytes.len() as u64);
    let mut interface = sender.get_mut::<Interface>().expect("indexed");
    if fate == Fate::Lost(crate::link::Lost::QueueFull) {
        interface.counters.tx_dropped += 1;
        return;
    }
    interface.counters.tx_frames += 1;
    interface.counters.tx_bytes += bytes.len() as u64;
    taps::show(world, from, Direction::Out, now_ns, &bytes);
    crate::sockets::packet::sent(world, from, &bytes, now_ns);
    let Fate::Arrives(first, copy) = fate else {
        return;
    };
    let mut outbox = world.resource_mut::<Outbox>();
    for arrival in [Some(first), copy].into_iter().flatten() {
        outbox.frames.push(Leaving {
            to: cable.to,
            arrival_ns: arrival.at_ns,
            number: arrival.number,
            bytes: match arrival.flipped_bit {
                None => bytes.clone(),
                Some(bit) => flipped(&bytes, bit),
            },
            damaged: arrival.flipped_bit.is_some(),
        });
    }
}

fn flipped(bytes: &Bytes, bit: u64) -> Bytes {
    let mut damaged = bytes.to_vec();
    if let Some(byte) = damaged.get_mut((bit / 8) as usize) {
        *byte ^= 1 << (bit % 8);
    }
    damaged.into()
}

/// At the end of a tick: what was sent in it is on its way.
pub(crate) fn launch(world: &mut World) {
    let mut frames = std::mem::take(&mut world.resource_mut::<Outbox>().frames);
    if frames.is_empty() {
        return;
    }
    // What was sent before this tick began, by a test or an operator, arrives in the next one all the same.
    let earliest_ns = world.resource::<Clock>().tick.next().start_ns();
    for frame in &mut frames {
        frame.arrival_ns = frame.arrival_ns.max(earliest_ns);
    }
    frames.sort_by_key(|frame| (frame.to, frame.arrival_ns, frame.number));
    for leaving in frames.drain(..) {
        let Some(entity) = world
            .resource::<NetIndex>()
            .interface(leaving.to.node, leaving.to.interface)
        else {
            continue;
        };
        let mut interface = world.get_mut::<Interface>(entity).expect("indexed");
        interface.arrivals += 1;
        let frame = Frame {
            interface: leaving.to.interface,
            arrival_ns: leaving.arrival_ns,
            number: interface.arrivals,
            plugs: interface.plugs,
            bytes: leaving.bytes,
            damaged: leaving.damaged,
        };
        let (key, event) = (key(leaving.to.node, &frame), event);
        let (entity, row) = spawn_row(world, leaving.to.node, frame);
        world.resource_mut::<Calendar>().schedule(key, event(entity, row));
    }
    // Its memory is kept for the next tick.
    world.resource_mut::<Outbox>().frames = frames;
}

fn key(node: NodeId, frame: &Frame) -> EventKey {
    EventKey {
        time_ns: frame.arrival_ns,
        node,
        class: EventClass::Frame,
        port: frame.interface,
        sequence: frame.number,
    }
}

/// The calendar is an index, so the entity may stand in it.
fn event(entity: Entity, row: RowId) -> CalendarEvent {
    CalendarEvent {
        kind: ARRIVAL,
        row,
        token: entity.to_bits(),
    }
}

/// A frame is there: it is taken by its interface, or dropped.
pub(crate) fn arrive(world: &mut World, key: &EventKey, event: &CalendarEvent) {
    let entity = Entity::from_bits(event.token);
    // A copy shares the frame's bytes, and costs less than taking the component off first would.
    let frame = world
        .get::<Frame>(entity)
        .expect("the calendar has frames in flight")
        .clone();
    world.despawn(entity);
    let at = Endpoint {
        node: key.node,
        interface: frame.interface,
    };
    let index = world.resource::<NetIndex>();
    let Some(entity) = index.interface(at.node, at.interface) else {
        return;
    };
    let mut interface = world.get_mut::<Interface>(entity).expect("indexed");
    let lost = frame.plugs != interface.plugs || !interface.up;
    let counters = &mut interface.counters;
    if lost || frame.damaged {
        if lost {
            counters.rx_dropped += 1;
        } else {
            counters.rx_errors += 1;
        }
        return;
    }
    counters.rx_frames += 1;
    counters.rx_bytes += frame.bytes.len() as u64;
    taps::show(world, at, Direction::In, key.time_ns, &frame.bytes);
    crate::nodes::receive(world, at, frame.bytes, key.time_ns);
}

/// Schedules every frame that is in flight: after a restore.
///
/// # Errors
/// Where two frames have the same place in the calendar, or one has no interface.
pub(crate) fn rebuild(world: &mut World) -> Result<(), String> {
    let now = world.resource::<Clock>().tick;
    let mut rows = world.query::<(Entity, &RowId, &Frame)>();
    let found: Vec<(EventKey, CalendarEvent)> = rows
        .iter(world)
        .map(|(entity, row, frame)| (key(row.node, frame), event(entity, *row)))
        .collect();
    for (key, event) in &found {
        check(world, key, event, now)?;
    }
    let mut keys: Vec<EventKey> = found.iter().map(|(key, _)| *key).collect();
    keys.sort();
    if let Some(pair) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!(
            "node {}: two frames in flight have the same place",
            pair[0].node
        ));
    }
    let mut calendar = world.resource_mut::<Calendar>();
    for (key, event) in found {
        calendar.schedule(key, event);
    }
    Ok(())
}

fn check(world: &World, key: &EventKey, event: &CalendarEvent, now: Tick) -> Result<(), String> {
    let frame = world
        .get::<Frame>(Entity::from_bits(event.token))
        .expect("it was found");
    let at = |why: &str| Err(format!("node {}: frame {}: {why}", key.node, event.row.id));
    let Some(interface) = crate::link::interface(world, key.node, frame.interface) else {
        return at("there is no such interface");
    };
    if frame.number > interface.arrivals || frame.plugs > interface.plugs {
        return at("the interface gave no such number");
    }
    if frame.bytes.len() > MAX_FRAME_BYTES {
        return at("it is longer than a frame may be");
    }
    if frame.arrival_ns <= now.start_ns() {
        return at("it should have arrived");
    }
    Ok(())
}

/// Cuts a cable, or mends it: what is under way then is lost.
///
/// # Errors
/// Where nothing is plugged in.
pub(crate) fn set_cut(world: &mut World, at: Endpoint, cut: bool) -> Result<(), String> {
    let entity = world.resource::<NetIndex>().interface(at.node, at.interface);
    let entity = entity.ok_or("there is no such interface")?;
    let mut interface = world.get_mut::<Interface>(entity).expect("indexed");
    let cable: &mut Cable = interface.cable.as_mut().ok_or("nothing is plugged in")?;
    if cable.cut != cut {
        cable.cut = cut;
        interface.plugs += 1;
    }
    Ok(())
}
