//! The handlers of every call on paths.

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::calls::{
    Chdir, Chmod, Chown, DirEntry, Link, Mkdir, Open, Readdir, Readlink, Realpath, Rename, StatPath, Statfs, Symlink,
    Truncate, Unlink, Utimes, mode, open_flags,
};
use helios_abi::{Errno, SysError};
use helios_kernel::files::{self, Fds, OpenSpec, tty};
use helios_kernel::process::Family;
use helios_kernel::{Caller, Completion, Env, RegisterSyscall, Scope, SysResult};

use crate::files::{KIND, PROC_KIND, devices};
use crate::ops::{self, Opened};
use crate::store::{meta_of, opened};
use crate::walk::{Actor, Refusal, fail, resolve_dir};

/// Registers the handlers.
pub(crate) fn register(app: &mut App) {
    app.register_syscall(open)
        .register_syscall(|world, caller, call: StatPath| {
            change(world, caller, |world, actor| ops::stat(world, actor, &call))
        })
        .register_syscall(readdir)
        .register_syscall(|world, caller, call: Mkdir| {
            change(world, caller, |world, actor| ops::mkdir(world, actor, &call))
        })
        .register_syscall(|world, caller, call: Unlink| {
            change(world, caller, |world, actor| ops::unlink(world, actor, &call))
        })
        .register_syscall(|world, caller, call: Rename| {
            change(world, caller, |world, actor| ops::rename(world, actor, &call))
        })
        .register_syscall(|world, caller, call: Link| {
            change(world, caller, |world, actor| ops::link(world, actor, &call))
        })
        .register_syscall(|world, caller, call: Symlink| {
            change(world, caller, |world, actor| ops::symlink(world, actor, &call))
        })
        .register_syscall(|world, caller, call: Readlink| {
            read(world, caller, |world, actor| ops::readlink(world, actor, &call))
        })
        .register_syscall(|world, caller, call: Realpath| {
            read(world, caller, |world, actor| ops::realpath(world, actor, &call.path))
        })
        .register_syscall(|world, caller, call: Chmod| {
            change(world, caller, |world, actor| ops::chmod(world, actor, &call))
        })
        .register_syscall(|world, caller, call: Chown| {
            change(world, caller, |world, actor| ops::chown(world, actor, &call))
        })
        .register_syscall(|world, caller, call: Statfs| {
            read(world, caller, |world, actor| ops::statfs(world, actor, &call.path))
        })
        .register_syscall(truncate)
        .register_syscall(|world, caller, call: Utimes| {
            change(world, caller, |world, actor| ops::utimes(world, actor, &call))
        })
        .register_syscall(chdir);
}

fn read<T>(
    world: &mut World,
    caller: &Caller,
    with: impl FnOnce(&World, &Actor) -> Result<T, SysError>,
) -> SysResult<T> {
    change(world, caller, |world, actor| with(world, actor))
}

/// Runs an operation as the caller. A capability that it turns out to lack is one line in the kernel's log.
pub(crate) fn change<T>(
    world: &mut World,
    caller: &Caller,
    with: impl FnOnce(&mut World, &Actor) -> Result<T, SysError>,
) -> SysResult<T> {
    as_caller(world, caller, with).map(Completion::Done)
}

fn as_caller<T>(
    world: &mut World,
    caller: &Caller,
    with: impl FnOnce(&mut World, &Actor) -> Result<T, SysError>,
) -> Result<T, SysError> {
    let actor = Actor::of(world, caller);
    let result = with(world, &actor);
    if let Some(Refusal { verb, path }) = actor.refused.get() {
        // The kernel's own check writes its line; the answer is the operation's, which names the path first.
        _ = caller.require(world, "fs", verb, Scope::Path(path));
    }
    result
}

fn readdir(world: &mut World, caller: &Caller, call: Readdir) -> SysResult<Vec<DirEntry>> {
    read(world, caller, |world, actor| ops::readdir(world, actor, &call.path))
}

fn open(world: &mut World, caller: &Caller, call: Open) -> SysResult<i32> {
    files::check_room(world, caller.key)?;
    let flags = call.flags;
    let spec = match as_caller(world, caller, |world, actor| ops::open(world, actor, &call))? {
        Opened::Own(fd) => return open_again(world, caller, fd, &call).map(Completion::Done),
        Opened::Terminal(id, path) => terminal_spec(world, caller, id, flags, path)?,
        Opened::Proc(path) => OpenSpec {
            kind: PROC_KIND,
            object: 0,
            flags,
            path,
        },
        Opened::Inode { ino, path } => {
            let meta = meta_of(world, caller.node(), ino);
            if meta.kind() == mode::DEVICE && is_terminal(meta.rdev) {
                let id = terminal(world, caller, meta.rdev, &path)?;
                terminal_spec(world, caller, id, flags, path)?
            } else {
                opened(world, caller.node(), ino);
                OpenSpec {
                    kind: KIND,
                    object: ino,
                    flags,
                    path,
                }
            }
        }
    };
    let fd = files::install(world, caller.key, spec).expect("there is room for a descriptor");
    Ok(Completion::Done(fd))
}

fn terminal_spec(world: &mut World, caller: &Caller, id: u64, flags: u32, path: String) -> Result<OpenSpec, SysError> {
    tty::opened(world, caller.node(), id)?;
    Ok(OpenSpec {
        kind: tty::KIND,
        object: id,
        flags,
        path,
    })
}

/// Opens what one of the caller's own descriptors is open on: another descriptor of the same description.
fn open_again(world: &mut World, caller: &Caller, fd: i32, call: &Open) -> Result<i32, SysError> {
    let file = files::lookup(world, caller.key, fd)?.file;
    if call.flags & !file.flags & (open_flags::READ | open_flags::WRITE) != 0 {
        return Err(fail(Errno::EACCES, &call.path));
    }
    let again = files::dup(world, caller.key, fd, None)?;
    if call.flags & open_flags::CLOEXEC != 0 {
        let mut fds = world.get_mut::<Fds>(caller.entity).expect("a caller has descriptors");
        let entry = fds.table.iter_mut().find(|entry| entry.fd == again);
        entry.expect("made above").cloexec = true;
    }
    Ok(again)
}

const fn is_terminal(rdev: u32) -> bool {
    matches!(rdev, devices::TTY | devices::CONSOLE) || rdev >> 8 == devices::TERMINALS
}

/// The terminal behind a device number.
fn terminal(world: &World, caller: &Caller, rdev: u32, path: &str) -> Result<u64, SysError> {
    let name = match rdev {
        devices::TTY => world.get::<Family>(caller.entity).and_then(|family| family.tty.clone()),
        devices::CONSOLE => Some("tty0".to_owned()),
        _ => Some(format!("tty{}", rdev & 0xff)),
    };
    let found = name.and_then(|name| tty::find(world, caller.node(), &name));
    found.ok_or_else(|| SysError::new(Errno::ENXIO, format!("{path}: there is no such terminal")))
}

fn truncate(world: &mut World, caller: &Caller, call: Truncate) -> SysResult<()> {
    match (&call.path, call.fd) {
        (Some(path), None) => change(world, caller, |world, actor| {
            ops::truncate(world, actor, path, call.size)
        }),
        (None, Some(fd)) => {
            let file = files::lookup(world, caller.key, fd)?;
            if file.file.flags & open_flags::WRITE == 0 {
                return Err(SysError::new(Errno::EINVAL, format!("{fd} is not open for writing")));
            }
            files::ops(world, &file)
                .truncate(world, &file, call.size)
                .map(Completion::Done)
        }
        _ => Err(SysError::new(Errno::EINVAL, "truncate: exactly one of path and fd")),
    }
}

fn chdir(world: &mut World, caller: &Caller, call: Chdir) -> SysResult<()> {
    let path = as_caller(world, caller, |world, actor| resolve_dir(world, actor, &call.path))?;
    world
        .get_mut::<Env>(caller.entity)
        .expect("a caller has its surroundings")
        .cwd = path;
    Ok(Completion::Done(()))
}
