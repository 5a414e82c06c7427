//! The handlers of the calls on volumes and drives.

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::calls::{Eject, MakeImage, Mount, Open, SyncDisks, Unmount, mode, open_flags};
use helios_abi::{Errno, SysError};
use helios_engine::blobs::Blobs;
use helios_kernel::{Caller, Completion, RegisterSyscall, Scope};

use super::{build, file, iso, media, sync, volume};
use crate::calls::change;
use crate::data;
use crate::ops::{self, Opened};
use crate::store::{meta_of, room};
use crate::walk::{Actor, Target, fail, walk};

/// Units of gas for each KiB of an image that is read, written or looked through.
const GAS_PER_KIB: u64 = 2;

/// Registers the handlers.
pub(crate) fn register(app: &mut App) {
    app.register_syscall(|world, caller, call: Mount| {
        caller.require(world, "sys", "mount", Scope::None)?;
        let done = change(world, caller, |world, actor| volume::mount(world, actor, &call))?;
        let newest = volume::all(world, caller.node()).last().copied();
        let image = newest.map(|number| {
            world.resource::<crate::FsIndex>().volumes[&(caller.node(), number)]
                .tree
                .clone()
        });
        charge(
            world,
            caller,
            image.map_or(0, |tree| tree.content_bytes() + tree.bytes().len() as u64),
        );
        Ok(done)
    })
    .register_syscall(|world, caller, call: Unmount| {
        caller.require(world, "sys", "mount", Scope::None)?;
        change(world, caller, |world, actor| volume::unmount(world, actor, &call.path))
    })
    .register_syscall(|world, caller, _: SyncDisks| {
        let node = caller.node();
        let done = sync::all(world, node).map(Completion::Done);
        let synced = volume::drives(world, node).and_then(|drives| drives.synced.as_ref());
        let bytes = synced
            .and_then(|synced| world.resource::<Blobs>().get(&synced.image.id))
            .map_or(0, |tree| tree.len());
        charge(world, caller, bytes as u64);
        done
    })
    .register_syscall(|world, caller, call: Eject| {
        caller.require(world, "sys", "mount", Scope::None)?;
        change(world, caller, |world, actor| eject(world, actor, &call))
    })
    .register_syscall(|world, caller, call: MakeImage| {
        let bytes = change(world, caller, |world, actor| make_image(world, actor, &call))?;
        if let Completion::Done(bytes) = bytes {
            charge(world, caller, bytes);
        }
        Ok(Completion::Done(()))
    });
}

/// What an image costs beside its call, by its bytes.
fn charge(world: &mut World, caller: &Caller, bytes: u64) {
    let gas = bytes.div_ceil(1024) * GAS_PER_KIB;
    helios_kernel::sched::charge_machine(world, caller.node(), gas);
}

/// `eject`: gives out the medium of a drive, or takes it back in.
fn eject(world: &mut World, actor: &Actor, call: &Eject) -> Result<(), SysError> {
    if !actor.creds.is_root() {
        return Err(SysError::new(Errno::EPERM, "only root may eject"));
    }
    let path = call.device.as_str();
    let found = walk(world, actor, path, true)?;
    let ino = match found.target {
        Some(Target::Inode(ino)) => ino,
        Some(Target::Proc(_)) => return Err(fail(Errno::EINVAL, path)),
        None => return Err(fail(Errno::ENOENT, path)),
    };
    let meta = meta_of(world, actor.node, ino);
    let slot = (meta.kind() == mode::DEVICE)
        .then(|| media::slot_of(meta.rdev))
        .flatten();
    let slot = slot.ok_or_else(|| SysError::new(Errno::EINVAL, format!("{path}: not a drive of removable media")))?;
    if call.load.unwrap_or(false) {
        let medium = media::beside(world, actor.node, slot);
        let none = || SysError::new(Errno::ENXIO, format!("{path}: nothing lies beside it"));
        let number = medium.ok_or_else(none)?.number;
        return media::push_in(world, actor.node, number);
    }
    let medium = media::in_slot(world, actor.node, slot);
    let none = || SysError::new(Errno::ENXIO, format!("{path}: there is nothing in it"));
    let number = medium.ok_or_else(none)?.number;
    media::eject(world, actor.node, number)
}

/// `mkimage`: answers how many bytes went through.
fn make_image(world: &mut World, actor: &Actor, call: &MakeImage) -> Result<u64, SysError> {
    let node = actor.node;
    let found = walk(world, actor, &call.source, true)?;
    let ino = match found.target {
        Some(Target::Inode(ino)) => ino,
        Some(Target::Proc(_)) => return Err(fail(Errno::EINVAL, &call.source)),
        None => return Err(fail(Errno::ENOENT, &call.source)),
    };
    actor.require("read", &found.path)?;
    volume::check_present(world, node, ino)?;
    if !meta_of(world, node, ino).is_dir() {
        return Err(fail(Errno::ENOTDIR, &call.source));
    }
    let label = call.label.as_deref().unwrap_or_default();
    super::tree::check_label(label).map_err(|error| SysError::new(Errno::EINVAL, error.to_string()))?;
    let tree = build::tree_of(world, node, ino, label, Some(actor))?;
    let blobs = world.resource::<Blobs>();
    let chunk = |id: &helios_engine::blobs::BlobId| blobs.get(id).map(AsRef::as_ref);
    let bytes = if call.iso.unwrap_or(false) {
        iso::write(&tree, chunk)
    } else {
        file::write(&tree, chunk)
    };
    let bytes = bytes.map_err(|error| SysError::new(Errno::EFBIG, error.to_string()))?;
    // Devices and files alike; the file is cut once it is known that the image fits.
    let target = Open {
        path: call.target.clone(),
        flags: open_flags::WRITE | open_flags::CREATE,
        mode: Some(0o666),
    };
    let Opened::Inode { ino, path } = ops::open(world, actor, &target)? else {
        return Err(fail(Errno::EINVAL, &call.target));
    };
    let meta = meta_of(world, node, ino);
    let len = bytes.len() as u64;
    if meta.kind() == mode::DEVICE {
        if media::slot_of(meta.rdev).is_none() {
            return Err(SysError::new(Errno::EINVAL, format!("{path}: not a drive")));
        }
        let written = media::write_device(world, node, meta.rdev, 0, &bytes)?;
        if u64::from(written) < len {
            return Err(fail(Errno::ENOSPC, &path));
        }
        return Ok(len);
    }
    let more = len.saturating_sub(meta.size);
    if room(world, node, ino, meta.uid, more)? < more {
        return Err(fail(Errno::ENOSPC, &path));
    }
    data::truncate(world, node, ino, len)?;
    data::write(world, node, ino, 0, &bytes)?;
    Ok(len)
}
