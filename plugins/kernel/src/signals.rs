//! Signals: who may send them, and what they do.

use bevy_ecs::prelude::*;
use helios_abi::grant::Delivery;
use helios_abi::signal::{self, DefaultAction, default_action};
use helios_abi::{NodeId, Pid, ProcKey};

use crate::index::KernelIndex;
use crate::lifecycle::{Ending, alive, end, resume, stop};
use crate::machine::machine;
use crate::process::{Family, Inbox, SignalTable};
use crate::sched;

/// Sends a signal. A process that ended takes none; `init` takes only those that it handles.
///
/// # Panics
/// If there is no such signal: whoever takes one from a program checks it.
pub fn send(world: &mut World, key: ProcKey, signal: i32) {
    let Some(entity) = alive(world, key) else { return };
    let default = default_action(signal).expect("the sender checked the number");
    if default == DefaultAction::Continue {
        resume(world, key);
    }
    let table = world.get::<SignalTable>(entity).expect("a process has all its rows");
    let certain = matches!(signal, signal::SIGKILL | signal::SIGSTOP);
    if table.handled.contains(&signal) && !certain {
        deliver(world, key, entity, signal);
    } else if (table.ignored.contains(&signal) && !certain) || key.pid == machine(world, key.node).init {
        // Ignored; and `init` has no default actions, or one signal would halt the machine.
    } else {
        match default {
            DefaultAction::Terminate => end(world, key, Ending::Signal(signal)),
            DefaultAction::Stop => stop(world, key),
            DefaultAction::Continue | DefaultAction::Ignore => {}
        }
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

/// Sends a signal to every process of a host session.
pub(crate) fn send_to_session(world: &mut World, node: NodeId, session: u64, signal: i32) {
    send_where(world, node, signal, |family| family.session == Some(session));
}

/// Sends a signal to the foreground of a terminal: every process that has it.
pub(crate) fn send_to_tty(world: &mut World, node: NodeId, tty: &str, signal: i32) {
    send_where(world, node, signal, |family| family.tty.as_deref() == Some(tty));
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
