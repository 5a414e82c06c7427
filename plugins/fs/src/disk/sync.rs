//! Syncing: what a volume holds now becomes the image of the medium or file that it came from; what the disk holds now
//! becomes the machine's last image, `/dev/disk`.
//!
//! A machine does so by itself every few minutes of virtual time (`sync_minutes` of its `disk` section), and when somebody
//! calls `sync`. A stick that is pulled out holds what was synced last.

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::blobs::Blobs;
use helios_engine::ids::{Nodes, RowId};
use helios_engine::time::{Calendar, CalendarEvent, Clock, EventClass, EventKey, TimeAppExt};
use helios_kernel::machine::log_line;

use super::build::tree_of;
use super::media::{self, Contents};
use super::tree::Tree;
use super::volume::{self, Source, drives, with_drives};
use super::{Drives, ImageRef, Synced, file};
use crate::data;
use crate::index::FsIndex;
use crate::inode::ROOT_INO;
use crate::lower::ino_in;
use crate::store::{meta_of, room};

/// Minutes from one sync to the next, where a world does not say otherwise.
pub const DEFAULT_SYNC_MINUTES: u32 = 10;
/// Most minutes that a world may say: a year.
pub const SYNC_MINUTES: u32 = 525_600;

const EVENT: &str = "fs.sync";
const TICKS_PER_MINUTE: u64 = 60_000;
/// Above the numbers that the kernel gives to timers of processes.
const SEQUENCE: u64 = 1 << 52;

pub(crate) fn register(app: &mut App) {
    app.register_event(EVENT, |world, key, _| {
        let node = key.node;
        if let Err(error) = all(world, node) {
            log_line(world, node, format!("sync: {error}"));
        }
        schedule(world, node);
    });
}

/// The first tick after `now` that is `offset` after a whole number of steps.
const fn next_due(now: u64, step: u64, offset: u64) -> u64 {
    if now < offset {
        return offset;
    }
    offset + ((now - offset) / step + 1) * step
}

/// Puts a machine's next sync into the calendar. Each machine has a moment of its own between two whole numbers of its
/// minutes, so that a world's machines do not all sync in one tick.
pub(crate) fn schedule(world: &mut World, node: NodeId) {
    let Some(minutes) = drives(world, node)
        .map(|drives| drives.sync_minutes)
        .filter(|minutes| *minutes > 0)
    else {
        return;
    };
    let step_ticks = u64::from(minutes) * TICKS_PER_MINUTE;
    let now = world.resource::<Clock>().tick.0;
    let tick = next_due(now, step_ticks, node.0 % step_ticks);
    let Some(time_ns) = tick.checked_mul(helios_engine::ids::Tick::NANOS) else {
        return;
    };
    let key = EventKey {
        time_ns,
        node,
        class: EventClass::Timer,
        port: 0,
        sequence: SEQUENCE,
    };
    let event = CalendarEvent {
        kind: EVENT,
        row: RowId::of_node(node),
        token: 0,
    };
    let mut calendar = world.resource_mut::<Calendar>();
    calendar.cancel(&key);
    calendar.schedule(key, event);
}

/// Takes a machine's next sync out of the calendar: its minutes are about to be others.
pub(crate) fn unschedule(world: &mut World, node: NodeId) {
    let mut calendar = world.resource_mut::<Calendar>();
    let own = |(key, event): &(&EventKey, &CalendarEvent)| key.node == node && event.kind == EVENT;
    let keys: Vec<EventKey> = calendar.iter().filter(own).map(|(key, _)| *key).collect();
    for key in keys {
        calendar.cancel(&key);
    }
}

/// Puts every machine's next sync into the calendar, after a restore.
pub(crate) fn schedule_all(world: &mut World) {
    let nodes: Vec<NodeId> = world.resource::<Nodes>().iter().map(|(node, _)| node).collect();
    for node in nodes {
        schedule(world, node);
    }
}

/// Syncs every volume of a machine and its disk. All of them are tried; the first failure is the answer.
pub(crate) fn all(world: &mut World, node: NodeId) -> Result<(), SysError> {
    let mut answer = Ok(());
    // What is mounted from a file of another volume goes first.
    for number in volume::all(world, node).into_iter().rev() {
        answer = answer.and(volume(world, node, number));
    }
    answer.and(disk(world, node))
}

/// Makes the image of a machine's disk.
fn disk(world: &mut World, node: NodeId) -> Result<(), SysError> {
    if !world.resource::<FsIndex>().disks.contains_key(&node) {
        return Ok(());
    }
    let tree = tree_of(world, node, ROOT_INO, "disk", None)?;
    let image = keep(world, &tree)?;
    let tick = world.resource::<Clock>().tick.0;
    with_drives(world, node, |drives: &mut Drives| {
        drives.synced = Some(Synced { tick, image })
    });
    Ok(())
}

/// Puts a tree into the content store, which has its pieces.
fn keep(world: &mut World, tree: &Tree) -> Result<ImageRef, SysError> {
    let stored = world.resource_mut::<Blobs>().put_copy(tree.bytes());
    stored.map_err(|error| SysError::new(Errno::ENOSPC, error.to_string()))?;
    Ok(ImageRef::of(tree))
}

/// Gives what a volume holds to what it came from, if it may change.
pub(crate) fn volume(world: &mut World, node: NodeId, number: u32) -> Result<(), SysError> {
    let row = volume::row(world, node, number).expect("it is mounted");
    if row.options.read_only || row.gone {
        return Ok(());
    }
    let (source, name) = (row.source, row.name.clone());
    let label = world.resource::<FsIndex>().volumes[&(node, number)]
        .tree
        .label()
        .to_owned();
    let tree = tree_of(world, node, ino_in(number, ROOT_INO), &label, None)?;
    match source {
        Source::Disk => Ok(()),
        Source::Medium(medium) => {
            let image = keep(world, &tree)?;
            let contents = Contents::Image(image);
            if media::row(world, node, medium).is_some_and(|row| row.contents == contents) {
                return Ok(());
            }
            let hash = media::change(world, node, medium, |row| {
                row.contents = contents;
                row.cargo().hash()
            });
            volume::change(world, node, number, |volume| volume.medium = Some(hash));
            Ok(())
        }
        Source::File(ino) => {
            let blobs = world.resource::<Blobs>();
            let bytes = file::write(&tree, |id| blobs.get(id).map(AsRef::as_ref)).map_err(super::io_error)?;
            rewrite(world, node, ino, &bytes).map_err(|error| {
                let why = format!("{name}: the image does not fit its file any more: {}", error.message);
                SysError::new(error.errno, why)
            })
        }
    }
}

/// Replaces the contents of an image's file, if there is room for all of them and they differ.
fn rewrite(world: &mut World, node: NodeId, ino: u64, bytes: &[u8]) -> Result<(), SysError> {
    let meta = meta_of(world, node, ino);
    let len = bytes.len() as u64;
    if meta.size == len && data::read(world, node, ino, 0, len)? == bytes {
        return Ok(());
    }
    let more = len.saturating_sub(meta.size);
    if room(world, node, ino, meta.uid, more)? < more {
        return Err(SysError::new(
            Errno::ENOSPC,
            format!("there is no room for {more} bytes more"),
        ));
    }
    data::truncate(world, node, ino, len)?;
    let written = data::write(world, node, ino, 0, bytes)?;
    if u64::from(written) == len {
        Ok(())
    } else {
        Err(SysError::new(Errno::ENOSPC, "there was no room for all of it"))
    }
}
