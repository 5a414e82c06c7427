//! Calls on sessions, process groups and the terminals that they share.

use bevy_ecs::prelude::*;
use helios_abi::calls::{
    Openpty, PtyPair, SetCtty, Setpgid, Setsid, Tcgetattr, Tcgetpgrp, Tcgetwinsize, Tcsetattr, Tcsetpgrp, Tcsetwinsize,
    Termios, WinSize, termios,
};
use helios_abi::{Errno, Pid, ProcKey, SysError};

use crate::files::{self, FileRef, tty};
use crate::jobs::{self, Use};
use crate::lifecycle::alive;
use crate::process::Family;
use crate::syscall::{Caller, Completion, SysResult};

pub(super) fn setsid(world: &mut World, caller: &Caller, _: Setsid) -> SysResult<Pid> {
    let pid = caller.key.pid;
    if !jobs::members(world, caller.node(), pid).is_empty() {
        return Err(SysError::new(Errno::EPERM, "the process leads a group"));
    }
    let mut family = world
        .get_mut::<Family>(caller.entity)
        .expect("a process has all its rows");
    (family.sid, family.pgid, family.tty) = (pid, pid, None);
    Ok(Completion::Done(pid))
}

pub(super) fn setpgid(world: &mut World, caller: &Caller, call: Setpgid) -> SysResult<()> {
    let key = ProcKey {
        pid: call.pid.unwrap_or(caller.key.pid),
        ..caller.key
    };
    let own = jobs::family(world, caller.key).expect("a caller lives").clone();
    let target = jobs::family(world, key).filter(|target| key == caller.key || target.ppid == own.pid);
    let target = target.ok_or_else(|| SysError::new(Errno::ESRCH, format!("process {} is no child", key.pid)))?;
    if target.sid != own.sid || target.sid == target.pid {
        return Err(SysError::new(
            Errno::EPERM,
            format!("process {} is of another session, or leads this one", key.pid),
        ));
    }
    let group = call.pgid.unwrap_or(key.pid);
    check_group(world, caller, group, Some(key.pid))?;
    if let Some(entity) = alive(world, key) {
        world
            .get_mut::<Family>(entity)
            .expect("a process has all its rows")
            .pgid = group;
    }
    Ok(Completion::Done(()))
}

/// Whether a group is one of the caller's session that has somebody in it, or that of `joining`, which may be made for it.
///
/// # Errors
/// EPERM.
pub(super) fn check_group(world: &World, caller: &Caller, group: Pid, joining: Option<Pid>) -> Result<(), SysError> {
    let session = jobs::family(world, caller.key).expect("a caller lives").sid;
    let members = jobs::members(world, caller.node(), group);
    let known = members
        .iter()
        .any(|member| jobs::family(world, *member).is_some_and(|family| family.sid == session));
    if joining == Some(group) || known {
        return Ok(());
    }
    Err(SysError::new(
        Errno::EPERM,
        format!("there is no process group {group} in this session"),
    ))
}

/// The terminal behind a descriptor; of either side, where `master` says so.
fn terminal(world: &World, caller: &Caller, fd: i32, master: bool) -> Result<FileRef, SysError> {
    let file = files::lookup(world, caller.key, fd)?;
    let kind = file.file.kind.as_str();
    if kind == tty::KIND || (master && kind == tty::pty::KIND) {
        return Ok(file);
    }
    Err(SysError::new(Errno::ENOTTY, format!("{fd} is not a terminal")))
}

/// The caller's own terminal behind a descriptor.
fn own_terminal(world: &World, caller: &Caller, fd: i32) -> Result<(FileRef, Pid), SysError> {
    let file = terminal(world, caller, fd, false)?;
    let session = jobs::family(world, caller.key).expect("a caller lives").sid;
    if tty::row(world, caller.node(), file.file.object).session != Some(session) {
        return Err(SysError::new(
            Errno::ENOTTY,
            format!("{fd} is not the terminal of this session"),
        ));
    }
    Ok((file, session))
}

pub(super) fn tcgetattr(world: &mut World, caller: &Caller, call: Tcgetattr) -> SysResult<Termios> {
    let file = terminal(world, caller, call.fd, true)?;
    let row = tty::row(world, caller.node(), file.file.object);
    Ok(Completion::Done(row.line.termios.clone()))
}

pub(super) fn tcsetattr(world: &mut World, caller: &Caller, call: Tcsetattr) -> SysResult<()> {
    let file = terminal(world, caller, call.fd, true)?;
    if call.termios.cc.0.len() != termios::NCCS {
        return Err(SysError::new(
            Errno::EINVAL,
            format!(
                "tcsetattr: termios.cc: expected {} bytes, got {}",
                termios::NCCS,
                call.termios.cc.0.len()
            ),
        ));
    }
    if let Some(reason) = jobs::may_use(world, caller.key, &file, Use::Change)? {
        return Ok(Completion::Pending(reason));
    }
    tty::set_termios(
        world,
        caller.node(),
        file.file.object,
        call.termios,
        call.flush == Some(true),
    );
    Ok(Completion::Done(()))
}

pub(super) fn tcgetwinsize(world: &mut World, caller: &Caller, call: Tcgetwinsize) -> SysResult<WinSize> {
    let file = terminal(world, caller, call.fd, true)?;
    let row = tty::row(world, caller.node(), file.file.object);
    Ok(Completion::Done(WinSize {
        rows: row.rows.into(),
        columns: row.columns.into(),
    }))
}

pub(super) fn tcsetwinsize(world: &mut World, caller: &Caller, call: Tcsetwinsize) -> SysResult<()> {
    let file = terminal(world, caller, call.fd, true)?;
    tty::resize(world, caller.node(), file.file.object, call.rows, call.columns)?;
    Ok(Completion::Done(()))
}

pub(super) fn tcgetpgrp(world: &mut World, caller: &Caller, call: Tcgetpgrp) -> SysResult<Pid> {
    let file = terminal(world, caller, call.fd, true)?;
    let row = tty::row(world, caller.node(), file.file.object);
    Ok(Completion::Done(row.foreground.unwrap_or(Pid(0))))
}

pub(super) fn tcsetpgrp(world: &mut World, caller: &Caller, call: Tcsetpgrp) -> SysResult<()> {
    let (file, _) = own_terminal(world, caller, call.fd)?;
    check_group(world, caller, call.pgid, None)?;
    if let Some(reason) = jobs::may_use(world, caller.key, &file, Use::Change)? {
        return Ok(Completion::Pending(reason));
    }
    jobs::set_foreground(world, caller.node(), file.file.object, call.pgid);
    Ok(Completion::Done(()))
}

pub(super) fn set_ctty(world: &mut World, caller: &Caller, call: SetCtty) -> SysResult<()> {
    let file = terminal(world, caller, call.fd, false)?;
    jobs::claim(world, caller.key, file.file.object)?;
    Ok(Completion::Done(()))
}

pub(super) fn openpty(world: &mut World, caller: &Caller, call: Openpty) -> SysResult<PtyPair> {
    let size = |wanted: Option<u32>, default: u32| {
        let count = wanted.unwrap_or(default);
        let fits = (1..=tty::MAX_SCREEN).contains(&count);
        u16::try_from(count).ok().filter(|_| fits).ok_or_else(|| {
            SysError::new(
                Errno::EINVAL,
                format!("openpty: a screen has 1 to {} rows and columns", tty::MAX_SCREEN),
            )
        })
    };
    let (rows, columns) = (size(call.rows, 24)?, size(call.columns, 80)?);
    tty::pty::make(world, caller.key, rows, columns).map(Completion::Done)
}
