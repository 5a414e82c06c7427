//! Calls that take images of the machine and put them back. What happens at the ends of ticks is in `snapshots.rs`.

use bevy_ecs::prelude::*;
use helios_abi::calls::{
    ListSnapshots, LoadSnapshotNamed, RemoveSnapshot, SaveSnapshot, SaveSnapshotNamed, SnapshotInfo, SnapshotSlot,
    TakeSnapshot,
};
use helios_abi::{Errno, SysError};
use helios_engine::worlds::WorldInfo;

use crate::caps::Scope;
use crate::slots::{self, AUTO, Slot};
use crate::snapshots::{Answer, Requests, answer};
use crate::syscall::{Caller, Completion, SysResult};
use crate::wait::{WaitKey, WaitReason};
use crate::{calls, rows};

/// Bytes of an image for one unit of gas: an image takes the machine's time as its size is.
const BYTES_PER_GAS: u64 = 8;

/// Whether the caller may take images of its machine and put them back.
fn check(world: &mut World, caller: &Caller) -> Result<(), SysError> {
    caller.require(world, "sys", "snapshot", Scope::None)?;
    if world.resource::<WorldInfo>().authoritative {
        let problem = "this world's history is everybody's: no machine of it is turned back";
        return Err(SysError::new(Errno::EPERM, problem));
    }
    Ok(())
}

pub(super) fn snapshot(world: &mut World, caller: &Caller, _: TakeSnapshot) -> SysResult<SnapshotInfo> {
    save(world, caller, None, None)
}

pub(super) fn save_snapshot(world: &mut World, caller: &Caller, call: SaveSnapshot) -> SysResult<SnapshotInfo> {
    save(world, caller, Some(AUTO), call.blob.as_deref())
}

pub(super) fn save_snapshot_named(
    world: &mut World,
    caller: &Caller,
    call: SaveSnapshotNamed,
) -> SysResult<SnapshotInfo> {
    save(world, caller, Some(&call.name), call.blob.as_deref())
}

fn save(world: &mut World, caller: &Caller, name: Option<&str>, handle: Option<&str>) -> SysResult<SnapshotInfo> {
    let node = caller.node();
    if !caller.retry {
        check(world, caller)?;
        name.map_or(Ok(()), slots::check_name)?;
        if let Some(handle) = handle {
            let slot = slots::by_handle(world, node, handle)?;
            let info = slot.info(name, false);
            slots::keep(world, node, name, slot)?;
            return Ok(Completion::Done(info));
        }
        world.resource_mut::<Requests>().images.insert(node);
    }
    match answer(world) {
        Some(Answer::Taken(stored)) => {
            calls::owe(world, caller.entity, stored.bytes / BYTES_PER_GAS);
            let uid = caller.creds(world).uid;
            let slot = Slot::new(stored, rows::now(world).0, uid);
            let info = slot.info(name, false);
            slots::keep(world, node, name, slot)?;
            Ok(Completion::Done(info))
        }
        Some(Answer::Restored { name, slot }) => Ok(Completion::Done(slot.info(Some(&name), true))),
        Some(Answer::Failed(error)) => Err(error),
        None => Ok(Completion::Pending(WaitReason::on(WaitKey::Image))),
    }
}

pub(super) fn load_snapshot_named(world: &mut World, caller: &Caller, call: LoadSnapshotNamed) -> SysResult<()> {
    if !caller.retry {
        check(world, caller)?;
        slots::get(world, caller.node(), &call.name)?;
        world.resource_mut::<Requests>().loads.insert(caller.node());
    }
    match answer(world) {
        Some(Answer::Failed(error)) => Err(error),
        _ => Ok(Completion::Pending(WaitReason::on(WaitKey::Load))),
    }
}

pub(super) fn list_snapshots(world: &mut World, caller: &Caller, _: ListSnapshots) -> SysResult<Vec<SnapshotSlot>> {
    check(world, caller)?;
    Ok(Completion::Done(slots::list(world, caller.node())))
}

pub(super) fn remove_snapshot(world: &mut World, caller: &Caller, call: RemoveSnapshot) -> SysResult<()> {
    check(world, caller)?;
    slots::remove(world, caller.node(), &call.name).map(Completion::Done)
}
