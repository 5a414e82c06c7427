//! Sessions, process groups and the terminal that a session shares (POSIX chapter 11, "Job control").
//!
//! A session is named by the pid of the process that began it, a group by the pid of the process that it was made for.
//! One group of a session is in its terminal's foreground: it alone reads what is typed. Who reads from the background
//! is stopped by SIGTTIN, and goes on when it is brought to the foreground.

use std::collections::BTreeSet;

use bevy_ecs::prelude::*;
use helios_abi::signal::{SIGCONT, SIGHUP, SIGTTIN, SIGTTOU};
use helios_abi::{Errno, NodeId, Pid, ProcKey, SysError};

use crate::files::{FileRef, tty};
use crate::index::KernelIndex;
use crate::lifecycle::alive;
use crate::process::{Family, Run, SignalTable};
use crate::signals;
use crate::wait::{WaitKey, WaitReason, wake};

/// The session and group of a process, zombies included.
pub(crate) fn family(world: &World, key: ProcKey) -> Option<&Family> {
    let entity = world.resource::<KernelIndex>().process(key)?;
    world.get::<Family>(entity)
}

/// The processes of a group, by pid, zombies included.
pub(crate) fn members(world: &World, node: NodeId, group: Pid) -> Vec<ProcKey> {
    members_where(world, node, |family| family.pgid == group)
}

fn members_where(world: &World, node: NodeId, wanted: impl Fn(&Family) -> bool) -> Vec<ProcKey> {
    let all = world.resource::<KernelIndex>().processes_of(node);
    all.filter(|(_, entity)| world.get::<Family>(*entity).is_some_and(&wanted))
        .map(|(pid, _)| ProcKey { node, pid })
        .collect()
}

/// Whether nobody outside of a group could bring it back: no member has a living parent in the same session and in
/// another group (POSIX 3.264).
pub(crate) fn is_orphaned(world: &World, node: NodeId, group: Pid) -> bool {
    members(world, node, group).into_iter().all(|member| {
        let Some(own) = family(world, member) else { return true };
        let parent = ProcKey { node, pid: own.ppid };
        let parent = alive(world, parent).and_then(|_| family(world, parent));
        parent.is_none_or(|parent| parent.sid != own.sid || parent.pgid == own.pgid)
    })
}

/// What a process does with a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It reads.
    Read,
    /// It writes.
    Write,
    /// It changes how the terminal works.
    Change,
}

/// Whether a process may use a terminal now. One in the background is told with SIGTTIN or SIGTTOU, and waits for the
/// foreground.
///
/// # Errors
/// EIO for a reader whose group is orphaned, or which does not take SIGTTIN.
pub(crate) fn may_use(
    world: &mut World,
    key: ProcKey,
    file: &FileRef,
    what: Use,
) -> Result<Option<WaitReason>, SysError> {
    if file.file.kind != tty::KIND {
        return Ok(None);
    }
    let id = file.file.object;
    let row = tty::row(world, key.node, id);
    let own = family(world, key).ok_or(Errno::ESRCH)?;
    let in_background = row.session == Some(own.sid) && row.foreground.is_some_and(|group| group != own.pgid);
    let stops_writers = row.line.termios.lflag & helios_abi::calls::termios::TOSTOP != 0;
    if !in_background || row.hung_up || (what == Use::Write && !stops_writers) {
        return Ok(None);
    }
    let (group, entity) = (own.pgid, alive(world, key).ok_or(Errno::ESRCH)?);
    let signal = if what == Use::Read { SIGTTIN } else { SIGTTOU };
    let table = world.get::<SignalTable>(entity).expect("a process has all its rows");
    let refuses = table.ignored.contains(&signal) || table.blocked.contains(&signal);
    if what == Use::Read && (refuses || is_orphaned(world, key.node, group)) {
        return Err(SysError::new(
            Errno::EIO,
            "a background process cannot read from its terminal",
        ));
    }
    if what != Use::Read && (refuses || is_orphaned(world, key.node, group)) {
        return Ok(None);
    }
    // A stopped one that looks again has been told already.
    if !world.get::<Run>(entity).expect("a process has all its rows").stopped {
        signals::send_to_group(world, key.node, group, signal);
    }
    Ok(Some(WaitReason::on(WaitKey::Foreground(id))))
}

/// Puts a group in the foreground of a terminal.
pub(crate) fn set_foreground(world: &mut World, node: NodeId, id: u64, group: Pid) {
    tty::row_mut(world, node, id).foreground = Some(group);
    wake(world, node, WaitKey::Foreground(id));
}

/// A process that goes on may find itself in the foreground, or has to be told again that it is not.
pub(crate) fn look_again(world: &mut World, key: ProcKey) {
    let Some(name) = family(world, key).and_then(|family| family.tty.clone()) else {
        return;
    };
    if let Some(id) = tty::find(world, key.node, &name) {
        wake(world, key.node, WaitKey::Foreground(id));
        wake(world, key.node, WaitKey::Readable(id));
    }
}

/// The terminal of a session is gone: its leader and its foreground hear of it.
pub(crate) fn hang_up(world: &mut World, node: NodeId, session: Option<Pid>, foreground: Option<Pid>) {
    if let Some(leader) = session {
        let key = ProcKey { node, pid: leader };
        signals::send(world, key, SIGHUP);
        signals::send(world, key, SIGCONT);
    }
    if let Some(group) = foreground.filter(|group| Some(*group) != session) {
        signals::send_to_group(world, node, group, SIGHUP);
        signals::send_to_group(world, node, group, SIGCONT);
    }
}

/// Takes the terminal away from every process of a session.
pub(crate) fn forget_tty(world: &mut World, node: NodeId, session: Pid) {
    for key in members_where(world, node, |family| family.sid == session) {
        let entity = world.resource::<KernelIndex>().process(key).expect("listed");
        let mut family = world.get_mut::<Family>(entity).expect("listed");
        family.tty = None;
    }
}

/// A process ended: the end of a session's leader frees its terminal, and stopped groups that nobody could continue any
/// more are hung up.
pub(crate) fn on_end(world: &mut World, key: ProcKey, own: &Family, children: &[Family]) {
    let node = key.node;
    if own.sid == own.pid
        && let Some(id) = own.tty.as_deref().and_then(|name| tty::find(world, node, name))
        && tty::row(world, node, id).session == Some(own.sid)
    {
        let mut row = tty::row_mut(world, node, id);
        row.session = None;
        let foreground = row.foreground.take();
        forget_tty(world, node, own.sid);
        if let Some(group) = foreground {
            signals::send_to_group(world, node, group, SIGHUP);
            signals::send_to_group(world, node, group, SIGCONT);
        }
        wake(world, node, WaitKey::Foreground(id));
    }
    let mut groups: BTreeSet<Pid> = children
        .iter()
        .filter(|child| child.sid == own.sid && child.pgid != own.pgid)
        .map(|child| child.pgid)
        .collect();
    // Its own group is orphaned by its end only if it was what tied the group to the session.
    let parent = ProcKey { node, pid: own.ppid };
    let parent = alive(world, parent).and_then(|_| family(world, parent));
    if parent.is_some_and(|parent| parent.sid == own.sid && parent.pgid != own.pgid) {
        groups.insert(own.pgid);
    }
    for group in groups {
        let stopped = members(world, node, group).into_iter().any(|member| {
            alive(world, member).is_some_and(|entity| world.get::<Run>(entity).is_some_and(|run| run.stopped))
        });
        if stopped && is_orphaned(world, node, group) {
            signals::send_to_group(world, node, group, SIGHUP);
            signals::send_to_group(world, node, group, SIGCONT);
        }
    }
}

/// The terminal of a session belongs to whoever its leader is: `login` becomes the user who logs in.
pub(crate) fn give_terminal(world: &mut World, key: ProcKey, uid: u32) {
    let own = family(world, key).expect("a caller lives").clone();
    let id = own.tty.as_deref().and_then(|name| tty::find(world, key.node, name));
    if let Some(id) = id
        && own.sid == own.pid
        && tty::row(world, key.node, id).session == Some(own.sid)
    {
        tty::row_mut(world, key.node, id).owner = uid;
    }
}

/// Gives a session's leader a terminal.
///
/// # Errors
/// EPERM if it does not lead its session, has a terminal, or the terminal has a session.
pub(crate) fn claim(world: &mut World, key: ProcKey, id: u64) -> Result<(), SysError> {
    let own = family(world, key).ok_or(Errno::ESRCH)?.clone();
    let row = tty::row(world, key.node, id);
    let refused = |why: &str| Err(SysError::new(Errno::EPERM, format!("{}: {why}", row.name)));
    if own.sid != own.pid {
        return refused("only a session's leader takes a terminal");
    }
    if row.session == Some(own.sid) {
        return Ok(());
    }
    if own.tty.as_ref().is_some_and(|name| *name != row.name) {
        return refused("the session has another terminal");
    }
    if row
        .session
        .is_some_and(|session| alive(world, ProcKey { pid: session, ..key }).is_some())
    {
        return refused("it is another session's terminal");
    }
    let mut row = tty::row_mut(world, key.node, id);
    (row.session, row.foreground) = (Some(own.sid), Some(own.pgid));
    let name = row.name.clone();
    let entity = alive(world, key).ok_or(Errno::ESRCH)?;
    world.get_mut::<Family>(entity).expect("a process has all its rows").tty = Some(name);
    Ok(())
}
