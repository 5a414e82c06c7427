//! Signals: who may send them, and what they do.

use bevy_ecs::prelude::*;
use helios_abi::grant::Delivery;
use helios_abi::signal::{self, DefaultAction, default_action};
use helios_abi::{NodeId, Pid, ProcKey};

use crate::index::KernelIndex;
use crate::jobs;
use crate::lifecycle::{Ending, alive, end, resume, stop};
use crate::machine::machine;
use crate::process::{Family, Inbox, SignalTable};
use crate::sched;

/// Signals that stop by default and that a program may catch.
const SOFT_STOPS: [i32; 3] = [signal::SIGTSTP, signal::SIGTTIN, signal::SIGTTOU];

/// Sends a signal. A process that ended takes none; `init` takes only those that it handles.
///
/// # Panics
/// If there is no such signal: whoever takes one from a program checks it.
pub fn send(world: &mut World, key: ProcKey, signal: i32) {
    let Some(entity) = alive(world, key) else { return };
    let default = default_action(signal).expect("the sender checked the number");
    drop_opposites(world, entity, default);
    if default == DefaultAction::Continue {
        resume(world, key);
    }
    let mut table = world
        .get_mut::<SignalTable>(entity)
        .expect("a process has all its rows");
    let certain = matches!(signal, signal::SIGKILL | signal::SIGSTOP);
    if table.blocked.contains(&signal) && !certain {
        if !table.ignored.contains(&signal) {
            table.pending.insert(signal);
        }
    } else if table.handled.contains(&signal) && !certain {
        deliver(world, key, entity, signal);
    } else if (table.ignored.contains(&signal) && !certain) || key.pid == machine(world, key.node).init {
        // Ignored; and `init` has no default actions, or one signal would halt the machine.
    } else {
        match default {
            DefaultAction::Terminate => end(world, key, Ending::Signal(signal)),
            // Nobody could let an orphaned group go on (POSIX 2.4.3).
            DefaultAction::Stop if SOFT_STOPS.contains(&signal) && in_orphaned_group(world, key) => {}
            DefaultAction::Stop => stop(world, key, signal),
            DefaultAction::Continue | DefaultAction::Ignore => {}
        }
    }
}

fn in_orphaned_group(world: &World, key: ProcKey) -> bool {
    jobs::family(world, key).is_some_and(|family| jobs::is_orphaned(world, key.node, family.pgid))
}

/// A stop takes back a SIGCONT that waits, and SIGCONT takes back stops that wait (POSIX 2.4.1).
fn drop_opposites(world: &mut World, entity: Entity, default: DefaultAction) {
    let opposite = match default {
        DefaultAction::Continue => DefaultAction::Stop,
        DefaultAction::Stop => DefaultAction::Continue,
        DefaultAction::Terminate | DefaultAction::Ignore => return,
    };
    let mut table = world
        .get_mut::<SignalTable>(entity)
        .expect("a process has all its rows");
    if !table.pending.is_empty() {
        table
            .pending
            .retain(|waiting| default_action(*waiting) != Some(opposite));
    }
}

/// A signal that waits is not queued twice (POSIX 2.4.1), which bounds the inbox.
fn deliver(world: &mut World, key: ProcKey, entity: Entity, signal: i32) {
    let mut inbox = world.get_mut::<Inbox>(entity).expect("a process has all its rows");
    let waiting = Delivery::Signal { signal };
    if !inbox.deliveries.contains(&waiting) {
        inbox.deliveries.push(waiting);
    }
    sched::make_ready(world, key);
}

/// Takes the signal out of a process's inbox that interrupts the computation which it is in the middle of, if there is
/// one. Nothing else reaches a computation: the rest waits until it is over.
pub(crate) fn take_interrupt(world: &mut World, entity: Entity) -> Option<Delivery> {
    let table = world.get::<SignalTable>(entity).expect("a process has all its rows");
    if table.interrupting.is_empty() {
        return None;
    }
    let interrupting = table.interrupting.clone();
    let mut inbox = world.get_mut::<Inbox>(entity).expect("a process has all its rows");
    let interrupts =
        |delivery: &Delivery| matches!(delivery, Delivery::Signal { signal } if interrupting.contains(signal));
    let at = inbox.deliveries.iter().position(interrupts)?;
    Some(inbox.deliveries.remove(at))
}

/// Sends those pending signals that are not blocked any more, in the order of their numbers.
pub(crate) fn send_unblocked(world: &mut World, key: ProcKey) {
    let Some(entity) = alive(world, key) else { return };
    let mut table = world
        .get_mut::<SignalTable>(entity)
        .expect("a process has all its rows");
    let table = &mut *table;
    let free: Vec<i32> = table.pending.difference(&table.blocked).copied().collect();
    for signal in &free {
        table.pending.remove(signal);
    }
    for signal in free {
        send(world, key, signal);
    }
}

/// Sends a signal to every process of a host session.
pub(crate) fn send_to_session(world: &mut World, node: NodeId, session: u64, signal: i32) {
    send_where(world, node, signal, |family| family.session == Some(session));
}

/// Sends a signal to every process that has a terminal.
pub(crate) fn send_to_tty(world: &mut World, node: NodeId, tty: &str, signal: i32) {
    send_where(world, node, signal, |family| family.tty.as_deref() == Some(tty));
}

/// Sends a signal to every process of a group, by pid.
pub(crate) fn send_to_group(world: &mut World, node: NodeId, group: Pid, signal: i32) {
    send_where(world, node, signal, |family| family.pgid == group);
}

fn send_where(world: &mut World, node: NodeId, signal: i32, wanted: impl Fn(&Family) -> bool) {
    let of_node: Vec<(Pid, Entity)> = world.resource::<KernelIndex>().processes_of(node).collect();
    for (pid, entity) in of_node {
        if world.get::<Family>(entity).is_some_and(&wanted) {
            send(world, ProcKey { node, pid }, signal);
        }
    }
}

/// Whether a signal has its default action in a process.
pub(crate) fn is_default(world: &World, entity: Entity, signal: i32) -> bool {
    let table = world.get::<SignalTable>(entity).expect("a process has all its rows");
    !table.handled.contains(&signal) && !table.ignored.contains(&signal)
}
