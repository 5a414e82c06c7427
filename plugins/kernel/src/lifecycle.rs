//! How processes end: by themselves, by a signal, by the kernel; and what is left of them.

use bevy_ecs::prelude::*;
use helios_abi::calls::WaitStatus;
use helios_abi::{NodeId, Pid, ProcKey, signal};

use crate::files::host::HostOutputs;
use crate::files::{self, Fds, Io};
use crate::index::KernelIndex;
use crate::machine::{Power, log_line, machine, with_machine, with_queue};
use crate::process::{
    Accounting, Change, Env, Family, Inbox, JournalHead, JournalTail, Life, LiveProgram, Loads, Mailbox, ProgramRow,
    Run, SignalTable, Traces,
};
use crate::wait::{Outstanding, WaitKey, Wakes, wake};
use crate::{calls, checkpoints, jobs, rows, sched, signals, trace};

/// How a process came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It exited.
    Exit(i32),
    /// A signal ended it.
    Signal(i32),
    /// The kernel ended it, as SIGKILL would, and says why.
    Killed(String),
    /// A signal of the kernel's ended it, with a reason.
    Limit(i32, String),
}

impl Ending {
    fn status(self, pid: Pid, cpu_us: u64) -> WaitStatus {
        let (code, signal, reason) = match self {
            Self::Exit(code) => (Some(code & 0xff), None, None),
            Self::Signal(signal) => (None, Some(signal), None),
            Self::Killed(reason) => (None, Some(signal::SIGKILL), Some(reason)),
            Self::Limit(signal, reason) => (None, Some(signal), Some(reason)),
        };
        WaitStatus {
            pid,
            code,
            signal,
            reason,
            stopped: None,
            continued: None,
            cpu_us,
        }
    }
}

/// The entity of a process that lives.
#[must_use]
pub fn alive(world: &World, key: ProcKey) -> Option<Entity> {
    let entity = world.resource::<KernelIndex>().process(key)?;
    (world.get::<Run>(entity)?.life == Life::Alive).then_some(entity)
}

/// Ends a process: its descriptors close, its calls are withdrawn, its children go to `init`, its parent hears of it.
///
/// Nothing happens if it has ended already. The end of `init` halts the machine.
pub fn end(world: &mut World, key: ProcKey, ending: Ending) {
    let Some(entity) = alive(world, key) else { return };
    let per_tick = machine(world, key.node).gas_per_tick;
    let accounting = world.get::<Accounting>(entity).expect("a process has all its rows");
    let status = ending.status(key.pid, accounting.all_cpu_us(per_tick));
    if let Some(reason) = &status.reason {
        log_line(world, key.node, format!("pid {}: killed: {reason}", key.pid));
    }
    let mut run = world.get_mut::<Run>(entity).expect("a process has all its rows");
    run.life = Life::Zombie(status.clone());
    run.change = None;
    let owed = std::mem::take(&mut run.owed_gas);
    // What it did not pay, its machine does: a bomb of short-lived processes gains nothing.
    sched::charge_machine(world, key.node, owed);

    let family = world.get::<Family>(entity).expect("a process has all its rows").clone();
    if let (true, Some(session)) = (family.leader, family.session) {
        world.resource_mut::<HostOutputs>().end(session, status);
    }
    calls::drop_all(world, key, entity);
    files::close_all(world, key.node, entity);
    trace::on_end(world, key, entity);
    checkpoints::forget(world, key, entity);
    world.resource_mut::<sched::Forgotten>().0.push(key);
    world.entity_mut(entity).remove::<(
        Env,
        Inbox,
        Mailbox,
        SignalTable,
        Traces,
        Fds,
        Outstanding,
        JournalHead,
        JournalTail,
        (ProgramRow, LiveProgram, Loads),
    )>();

    // A machine that is being switched off ends `init` as it ends everything else.
    let owner = machine(world, key.node);
    if key.pid == owner.init && matches!(owner.power, Power::On { .. }) {
        halt(world, key.node);
    } else {
        let children = children_of(world, key);
        adopt_orphans(world, key);
        jobs::on_end(world, key, &family, &children);
        tell_parent(world, key, family.ppid);
    }
}

fn children_of(world: &World, parent: ProcKey) -> Vec<Family> {
    let index = world.resource::<KernelIndex>();
    let children = index.children(parent).map(|pid| ProcKey { pid, ..parent });
    children
        .filter_map(|child| jobs::family(world, child).cloned())
        .collect()
}

/// Gives the children of a process that ended to `init`.
fn adopt_orphans(world: &mut World, parent: ProcKey) {
    let init = ProcKey {
        pid: machine(world, parent.node).init,
        ..parent
    };
    let mut zombies = Vec::new();
    for pid in world.resource_mut::<KernelIndex>().take_children(parent) {
        let child = ProcKey { pid, ..parent };
        world.resource_mut::<KernelIndex>().add_child(init, pid);
        let entity = world.resource::<KernelIndex>().process(child).expect("a child exists");
        world
            .get_mut::<Family>(entity)
            .expect("a process has all its rows")
            .ppid = init.pid;
        if alive(world, child).is_none() {
            zombies.push(child);
        }
    }
    for child in zombies {
        tell_parent(world, child, init.pid);
    }
}

/// Tells a parent that a child ended. One that ignores SIGCHLD, or has ended, leaves no zombie.
fn tell_parent(world: &mut World, child: ProcKey, parent: Pid) {
    let parent = ProcKey { pid: parent, ..child };
    let table = alive(world, parent).and_then(|entity| world.get::<SignalTable>(entity));
    match table {
        None => {
            reap(world, child);
        }
        Some(table) if table.ignored.contains(&signal::SIGCHLD) => {
            reap(world, child);
            wake(world, parent.node, WaitKey::Child(parent.pid));
        }
        Some(_) => {
            signals::send(world, parent, signal::SIGCHLD);
            wake(world, parent.node, WaitKey::Child(parent.pid));
        }
    }
}

/// Takes away what is left of a process, and answers how it ended.
pub(crate) fn reap(world: &mut World, key: ProcKey) -> Option<WaitStatus> {
    let entity = world.resource::<KernelIndex>().process(key)?;
    let Life::Zombie(status) = world.get::<Run>(entity)?.life.clone() else {
        return None;
    };
    let parent = world.get::<Family>(entity).expect("a process has all its rows").ppid;
    let used = world.get::<Accounting>(entity).expect("a process has all its rows");
    let used = used.cpu_gas.saturating_add(used.children_gas);
    if let Some(entity) = alive(world, ProcKey { pid: parent, ..key }) {
        let mut accounting = world.get_mut::<Accounting>(entity).expect("a process has all its rows");
        accounting.children_gas = accounting.children_gas.saturating_add(used);
    }
    world.resource_mut::<KernelIndex>().remove_process(key, parent);
    rows::despawn(world, entity);
    Some(status)
}

/// `init` ended: everything on the machine does.
fn halt(world: &mut World, node: NodeId) {
    power_off(
        world,
        node,
        Power::Halted {
            reason: "init ended".into(),
        },
    );
    log_line(world, node, "halted: init ended");
}

/// Ends every process of a machine and leaves it in that state of power.
pub fn power_off(world: &mut World, node: NodeId, power: Power) {
    if with_machine(world, node, |machine| {
        std::mem::replace(&mut machine.power, power.clone())
    }) == power
    {
        return;
    }
    let pids: Vec<Pid> = world
        .resource::<KernelIndex>()
        .processes_of(node)
        .map(|(pid, _)| pid)
        .collect();
    for pid in pids.into_iter().rev() {
        let key = ProcKey { node, pid };
        end(world, key, Ending::Killed("the machine was switched off".into()));
        reap(world, key);
    }
    world.resource_mut::<Wakes>().keys.retain(|(of, _)| *of != node);
    with_queue(world, node, |queue| queue.pids.clear());
    let mut index = world.resource_mut::<KernelIndex>();
    index.ready.remove(&node);
    index.queued.retain(|key| key.node != node);
    index.starting.remove(&node);
    if power == Power::Starting {
        index.starting.insert(node);
    }
}

/// Writes the text of an uncaught error to a process's standard error, as much of it as goes at once.
pub(crate) fn write_error(world: &mut World, key: ProcKey, text: &str) {
    let Ok(file) = files::lookup(world, key, 2) else { return };
    let ops = files::ops(world, &file);
    let mut line = text.to_owned();
    if !line.ends_with('\n') {
        line.push('\n');
    }
    let at = if ops.seekable() {
        ops.stat(world, &file).map_or(0, |stat| stat.size)
    } else {
        0
    };
    if let Ok(Io::Ready(count)) = ops.write(world, &file, at, line.as_bytes())
        && ops.seekable()
    {
        files::set_offset(world, &file, at + u64::from(count));
    }
}

/// Stops a process until SIGCONT; its parent hears of it.
pub(crate) fn stop(world: &mut World, key: ProcKey, signal: i32) {
    let Some(entity) = alive(world, key) else { return };
    let mut run = world.get_mut::<Run>(entity).expect("a process has all its rows");
    if !std::mem::replace(&mut run.stopped, true) {
        run.change = Some(Change::Stopped(signal));
        tell_of_change(world, key, entity);
    }
}

fn tell_of_change(world: &mut World, key: ProcKey, entity: Entity) {
    let pid = world.get::<Family>(entity).expect("a process has all its rows").ppid;
    let parent = ProcKey { pid, ..key };
    if alive(world, parent).is_some() {
        signals::send(world, parent, signal::SIGCHLD);
        wake(world, parent.node, WaitKey::Child(pid));
    }
}

/// Lets a stopped process go on. What it held is done at the end of the call under way.
pub(crate) fn resume(world: &mut World, key: ProcKey) {
    let Some(entity) = alive(world, key) else { return };
    let mut run = world.get_mut::<Run>(entity).expect("a process has all its rows");
    if std::mem::take(&mut run.stopped) {
        run.change = Some(Change::Continued);
        world.resource_mut::<Wakes>().resumed.push_back(key);
        jobs::look_again(world, key);
        tell_of_change(world, key, entity);
    }
}

/// Makes the calls that a process held while it was stopped, and the end that it came to.
pub(crate) fn apply_held(world: &mut World, key: ProcKey) {
    let Some(entity) = alive(world, key) else { return };
    if world.get::<Run>(entity).expect("a process has all its rows").stopped {
        return;
    }
    let mut outstanding = world
        .get_mut::<Outstanding>(entity)
        .expect("a process has all its rows");
    let held = std::mem::take(&mut outstanding.held);
    calls::apply_all(world, key, held);
    let Some(entity) = alive(world, key) else { return };
    let run = world.get::<Run>(entity).expect("a process has all its rows");
    if run.stopped {
        return;
    }
    if let Some((code, error)) = run.exit.clone() {
        exit(world, key, code, error.as_deref());
    } else if run.parked
        || run.owed_gas > 0
        || !world
            .get::<Inbox>(entity)
            .expect("a process has all its rows")
            .deliveries
            .is_empty()
    {
        sched::make_ready(world, key);
    }
}

/// Ends a process whose program came to its end. One that was stopped in its last slice ends when it is continued.
pub(crate) fn exit(world: &mut World, key: ProcKey, code: i32, error: Option<&str>) {
    let Some(entity) = alive(world, key) else { return };
    let mut run = world.get_mut::<Run>(entity).expect("a process has all its rows");
    if run.stopped {
        run.exit = Some((code, error.map(str::to_owned)));
        return;
    }
    if let Some(text) = error {
        write_error(world, key, text);
    }
    end(world, key, Ending::Exit(code));
}

/// Kills a process that is over its memory.
pub(crate) fn check_memory(world: &mut World, key: ProcKey) {
    let Some(entity) = alive(world, key) else { return };
    let accounting = world.get::<Accounting>(entity).expect("a process has all its rows");
    let (used, quota) = (accounting.mem_bytes, accounting.quota_mem);
    if used > quota {
        end(
            world,
            key,
            Ending::Killed(format!("out of memory: {used} bytes are over the quota of {quota}")),
        );
    }
}
