//! Calls on descriptors.

use std::collections::BTreeSet;

use bevy_ecs::prelude::*;
use helios_abi::calls::{
    Close, Dup, Fstat, Pipe, PipeEnds, Poll, PollFd, PollResult, Read, Seek, Stat, Write, open_flags,
};
use helios_abi::{Bytes, Errno, MAX_SAFE, SysError, signal};

use crate::files::{self, FileRef, Io, MAX_IO_BYTES, pipe as pipes, poll_bits, tty};
use crate::jobs::{self, Use};
use crate::process::Accounting;
use crate::signals;
use crate::syscall::{Caller, Completion, SysResult};
use crate::wait::WaitReason;

/// Most descriptors that one `poll` watches.
const MAX_POLL: usize = 256;

pub(super) fn read(world: &mut World, caller: &Caller, call: Read) -> SysResult<Bytes> {
    let file = files::lookup(world, caller.key, call.fd)?;
    if file.file.flags & open_flags::READ == 0 {
        return Err(SysError::new(
            Errno::EBADF,
            format!("{} is not open for reading", call.fd),
        ));
    }
    if let Some(reason) = jobs::may_use(world, caller.key, &file, Use::Read)? {
        return background(&file, reason);
    }
    let ops = files::ops(world, &file);
    let at = position(&file, call.offset, ops.seekable())?;
    match ops.read(world, &file, at, call.count.min(MAX_IO_BYTES))? {
        Io::WouldBlock(_) if caller.timed_out => Ok(Completion::Done(Bytes(Vec::new()))),
        Io::WouldBlock(key) if file.file.flags & open_flags::NONBLOCK == 0 => {
            let patience_ns = tty::patience_ns(world, &file);
            let deadline_ns = patience_ns.map(|ns| caller.since_ns.saturating_add(ns));
            Ok(Completion::Pending(WaitReason {
                keys: vec![key],
                deadline_ns,
            }))
        }
        Io::WouldBlock(_) => Err(SysError::new(Errno::EAGAIN, "nothing to read yet")),
        Io::Ready(data) => {
            if ops.seekable() && call.offset.is_none() {
                files::set_offset(world, &file, at + data.len() as u64);
            }
            Ok(Completion::Done(Bytes(data)))
        }
    }
}

pub(super) fn write(world: &mut World, caller: &Caller, call: Write) -> SysResult<u32> {
    let file = files::lookup(world, caller.key, call.fd)?;
    if file.file.flags & open_flags::WRITE == 0 {
        return Err(SysError::new(
            Errno::EBADF,
            format!("{} is not open for writing", call.fd),
        ));
    }
    if let Some(reason) = jobs::may_use(world, caller.key, &file, Use::Write)? {
        return background(&file, reason);
    }
    let ops = files::ops(world, &file);
    let mut at = position(&file, call.offset, ops.seekable())?;
    if ops.seekable() && file.file.flags & open_flags::APPEND != 0 {
        at = ops.stat(world, &file)?.size;
    }
    let data = &call.data.0[..call.data.0.len().min(MAX_IO_BYTES as usize)];
    if at.saturating_add(data.len() as u64) >= MAX_SAFE {
        return Err(SysError::from(Errno::EFBIG));
    }
    let data = match ops.seekable() {
        true => within_bound(world, caller, at, data)?,
        false => data,
    };
    match ops.write(world, &file, at, data) {
        Ok(Io::WouldBlock(key)) if file.file.flags & open_flags::NONBLOCK == 0 => {
            Ok(Completion::Pending(WaitReason::on(key)))
        }
        Ok(Io::WouldBlock(_)) => Err(SysError::new(Errno::EAGAIN, "no room to write yet")),
        Ok(Io::Ready(count)) => {
            if ops.seekable() && call.offset.is_none() {
                files::set_offset(world, &file, at + u64::from(count));
            }
            Ok(Completion::Done(count))
        }
        Err(error) => {
            if error.errno == Errno::EPIPE {
                signals::send(world, caller.key, signal::SIGPIPE);
            }
            Err(error)
        }
    }
}

/// A process in the background waits for the foreground, unless it does not wait at all.
fn background<T>(file: &FileRef, reason: WaitReason) -> SysResult<T> {
    if file.file.flags & open_flags::NONBLOCK != 0 {
        return Err(SysError::new(
            Errno::EAGAIN,
            "the process is in the background of its terminal",
        ));
    }
    Ok(Completion::Pending(reason))
}

/// What of a write the bound on a file's size lets through. A write beyond it altogether is SIGXFSZ and EFBIG.
fn within_bound<'d>(world: &mut World, caller: &Caller, at: u64, data: &'d [u8]) -> Result<&'d [u8], SysError> {
    let accounting = world
        .get::<Accounting>(caller.entity)
        .expect("a process has all its rows");
    let Some(most) = accounting.bounds.file_bytes else {
        return Ok(data);
    };
    let room = most.saturating_sub(at);
    if room == 0 && !data.is_empty() {
        signals::send(world, caller.key, signal::SIGXFSZ);
        return Err(SysError::new(
            Errno::EFBIG,
            format!("files are limited to {most} bytes"),
        ));
    }
    Ok(&data[..data.len().min(usize::try_from(room).unwrap_or(usize::MAX))])
}

/// Where a read or write goes. An offset of its own is for files that have one.
fn position(file: &FileRef, offset: Option<u64>, seekable: bool) -> Result<u64, SysError> {
    match offset {
        Some(_) if !seekable => Err(SysError::new(Errno::ESPIPE, "this kind of file has no offset")),
        Some(offset) => Ok(offset),
        None => Ok(file.file.offset),
    }
}

pub(super) fn close(world: &mut World, caller: &Caller, call: Close) -> SysResult<()> {
    files::close(world, caller.key, call.fd).map(Completion::Done)
}

pub(super) fn seek(world: &mut World, caller: &Caller, call: Seek) -> SysResult<u64> {
    let file = files::lookup(world, caller.key, call.fd)?;
    let ops = files::ops(world, &file);
    if !ops.seekable() {
        return Err(SysError::new(Errno::ESPIPE, "this kind of file has no offset"));
    }
    let base = match call.whence {
        0 => 0,
        1 => file.file.offset,
        2 => ops.stat(world, &file)?.size,
        other => {
            return Err(SysError::new(
                Errno::EINVAL,
                format!("seek: whence: expected 0, 1 or 2, got {other}"),
            ));
        }
    };
    let to = base.checked_add_signed(call.offset).filter(|to| *to < MAX_SAFE);
    let to = to.ok_or_else(|| SysError::new(Errno::EINVAL, "the offset would be negative or beyond 2^53"))?;
    files::set_offset(world, &file, to);
    Ok(Completion::Done(to))
}

pub(super) fn dup(world: &mut World, caller: &Caller, call: Dup) -> SysResult<i32> {
    files::dup(world, caller.key, call.fd, call.to).map(Completion::Done)
}

pub(super) fn pipe(world: &mut World, caller: &Caller, _: Pipe) -> SysResult<PipeEnds> {
    let (read, write) = pipes::make(world, caller.key)?;
    Ok(Completion::Done(PipeEnds { read, write }))
}

pub(super) fn fstat(world: &mut World, caller: &Caller, call: Fstat) -> SysResult<Stat> {
    let file = files::lookup(world, caller.key, call.fd)?;
    files::ops(world, &file).stat(world, &file).map(Completion::Done)
}

pub(super) fn poll(world: &mut World, caller: &Caller, call: Poll) -> SysResult<Vec<PollResult>> {
    if call.fds.len() > MAX_POLL {
        return Err(SysError::new(
            Errno::EINVAL,
            format!("poll: fds: at most {MAX_POLL}, got {}", call.fds.len()),
        ));
    }
    let (mut ready, mut keys) = (Vec::new(), BTreeSet::new());
    for &PollFd { fd, events } in &call.fds {
        let revents = match files::lookup(world, caller.key, fd) {
            Err(_) => poll_bits::INVALID,
            Ok(file) => {
                let ops = files::ops(world, &file);
                keys.extend(ops.poll_keys(&file, events));
                ops.poll(world, &file) & (events | poll_bits::ERR | poll_bits::HUP)
            }
        };
        if revents != 0 {
            ready.push(PollResult { fd, revents });
        }
    }
    let deadline_ns = call
        .timeout_ms
        .map(|ms| caller.since_ns.saturating_add(ms.saturating_mul(1_000_000)));
    if !ready.is_empty() || caller.timed_out || call.timeout_ms == Some(0) {
        return Ok(Completion::Done(ready));
    }
    Ok(Completion::Pending(WaitReason {
        keys: keys.into_iter().collect(),
        deadline_ns,
    }))
}
