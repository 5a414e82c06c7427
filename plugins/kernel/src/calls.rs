//! The life of a call: applied, answered or left waiting, served again when woken, withdrawn.

use bevy_ecs::prelude::*;
use helios_abi::grant::{Call, Delivery};
use helios_abi::{Errno, NodeId, ProcKey, SysError, Value, gas};
use helios_engine::prelude::{Calendar, CalendarEvent, EventClass, EventKey};

use crate::index::KernelIndex;
use crate::process::{Inbox, Run};
use crate::syscall::{Caller, Completion, SysResult, Syscalls, invoke};
use crate::wait::{MAX_OUTSTANDING, MAX_OUTSTANDING_BYTES, OpenCall, Outstanding, WaitKey, WaitReason, Wakes};
use crate::{lifecycle, rows, sched, trace};

/// The calendar's name for the end of a call's wait.
pub(crate) const DEADLINE: &str = "kernel.deadline";

/// Applies the calls of a batch in order. Those after the process's end, or after another program took its place, are
/// dropped, those after its stop held.
pub(crate) fn apply_all(world: &mut World, key: ProcKey, calls: Vec<Call>) {
    let Some(program) = program_of(world, key) else { return };
    let mut calls = calls.into_iter();
    while let Some(call) = calls.next() {
        let Some(entity) = lifecycle::alive(world, key) else {
            return;
        };
        let run = world.get::<Run>(entity).expect("a process has all its rows");
        if run.first_slice != program {
            return;
        }
        if run.stopped {
            let mut outstanding = world
                .get_mut::<Outstanding>(entity)
                .expect("a process has all its rows");
            outstanding.held.push(call);
            outstanding.held.extend(calls);
            return;
        }
        apply(world, key, entity, call);
        serve_wakes(world);
    }
}

/// What tells one program of a process from the next: the number of its first slice.
pub(crate) fn program_of(world: &World, key: ProcKey) -> Option<u64> {
    let entity = lifecycle::alive(world, key)?;
    world.get::<Run>(entity).map(|run| run.first_slice)
}

fn apply(world: &mut World, key: ProcKey, entity: Entity, call: Call) {
    let Call { id, name, args } = call;
    let base = world.resource::<Syscalls>().def(&name).map_or(0, |def| def.base_gas);
    owe(world, entity, base + gas::for_bytes(args.weight()));
    let since_ns = rows::now(world).start_ns();
    let caller = Caller {
        key,
        entity,
        call: id,
        since_ns,
        retry: false,
        timed_out: false,
    };
    let kept = trace::wanted(world, entity).then(|| args.clone());
    let result = match room(world, entity, &args) {
        Ok(()) => invoke(world, &caller, &name, args.clone()),
        Err(error) => Err(error),
    };
    if let Some(args) = kept {
        trace::record(world, key, &name, Some(&args), &result);
    }
    if lifecycle::alive(world, key).is_none() {
        return;
    }
    match result {
        Ok(Completion::Done(value)) => reply(world, key, entity, id, Ok(value)),
        Err(error) => reply(world, key, entity, id, Err(error)),
        Ok(Completion::Gone) => {}
        Ok(Completion::Pending(reason)) => {
            let seq = crate::machine::next_seq(world, key.node);
            let WaitReason { keys, deadline_ns } = reason;
            let call = OpenCall {
                id,
                name,
                args,
                since_ns,
                seq,
                keys,
                deadline_ns,
            };
            wait(world, key, &call);
            world
                .get_mut::<Outstanding>(entity)
                .expect("a process has all its rows")
                .insert(call);
        }
    }
}

/// Whether one more call may wait: calls without an answer and answers not taken are bounded together.
fn room(world: &World, entity: Entity, args: &Value) -> Result<(), SysError> {
    let outstanding = world.get::<Outstanding>(entity).expect("a process has all its rows");
    let inbox = world.get::<Inbox>(entity).expect("a process has all its rows");
    if outstanding.calls.len() + inbox.deliveries.len() >= 2 * MAX_OUTSTANDING
        || outstanding.calls.len() >= MAX_OUTSTANDING
    {
        return Err(SysError::new(
            Errno::EAGAIN,
            format!("more than {MAX_OUTSTANDING} outstanding calls"),
        ));
    }
    if outstanding.weight_bytes + args.weight() > MAX_OUTSTANDING_BYTES {
        let message = format!("the outstanding calls hold more than {MAX_OUTSTANDING_BYTES} bytes");
        return Err(SysError::new(Errno::EAGAIN, message));
    }
    Ok(())
}

/// Charges a process for work that the kernel does for it; it pays before it runs again.
pub(crate) fn owe(world: &mut World, entity: Entity, gas: u64) {
    world
        .get_mut::<Run>(entity)
        .expect("a process has all its rows")
        .owed_gas += gas;
}

/// Answers a call at the process's next slice.
fn reply(world: &mut World, key: ProcKey, entity: Entity, call: u64, result: Result<Value, SysError>) {
    let price = result.as_ref().map_or(0, |value| {
        let entries = if let Value::List(items) = value {
            items.len() as u64 * gas::PER_ENTRY
        } else {
            0
        };
        gas::for_bytes(value.weight()) + entries
    });
    owe(world, entity, price);
    let mut inbox = world.get_mut::<Inbox>(entity).expect("a process has all its rows");
    inbox.deliveries.push(Delivery::Reply { call, result });
    sched::make_ready(world, key);
}

/// Enters a call into the lists of waiters and the calendar.
pub(crate) fn wait(world: &mut World, key: ProcKey, call: &OpenCall) {
    world.resource_mut::<KernelIndex>().add_waiter(key, call);
    schedule_deadline(world, key, call);
}

/// Enters a call's deadline into the calendar, after a restore.
pub(crate) fn schedule_deadline(world: &mut World, key: ProcKey, call: &OpenCall) {
    if let Some((at, event)) = deadline(world, key, call) {
        world.resource_mut::<Calendar>().schedule(at, event);
    }
}

/// Takes a call out of the lists of waiters and the calendar.
pub(crate) fn stop_waiting(world: &mut World, key: ProcKey, call: &OpenCall) {
    world.resource_mut::<KernelIndex>().remove_waiter(key, call);
    if let Some((at, _)) = deadline(world, key, call) {
        world.resource_mut::<Calendar>().cancel(&at);
    }
}

fn deadline(world: &World, key: ProcKey, call: &OpenCall) -> Option<(EventKey, CalendarEvent)> {
    let entity = world.resource::<KernelIndex>().process(key)?;
    let time_ns = call.deadline_ns?;
    let at = EventKey {
        time_ns,
        node: key.node,
        class: EventClass::Timer,
        port: 0,
        sequence: call.seq,
    };
    Some((
        at,
        CalendarEvent {
            kind: DEADLINE,
            row: rows::row_id(world, entity),
            token: call.id,
        },
    ))
}

/// The end of a call's wait, from the calendar.
pub(crate) fn on_deadline(world: &mut World, _key: &EventKey, event: &CalendarEvent) {
    let Some(key) = rows::process_of(world, event.row) else {
        return;
    };
    if world.resource::<crate::host::Halted>().0.is_some() {
        return;
    }
    serve(world, key, event.token, true);
    serve_wakes(world);
}

/// Serves everything that was woken, in order, and lets continued processes make the calls that they held.
pub fn serve_wakes(world: &mut World) {
    loop {
        if let Some((node, wait)) = world.resource_mut::<Wakes>().keys.pop_front() {
            serve_waiters(world, node, wait);
        } else if let Some(key) = world.resource_mut::<Wakes>().resumed.pop_front() {
            lifecycle::apply_held(world, key);
        } else {
            return;
        }
    }
}

/// Serves the waiters of one key, first come first, until one finds that it must go on waiting.
fn serve_waiters(world: &mut World, node: NodeId, wait: WaitKey) {
    for (_, pid, call) in world.resource::<KernelIndex>().waiters(node, wait) {
        let blocked = !serve(world, ProcKey { node, pid }, call, false);
        // A poll that goes on waiting may want another of the key's events, and a wait another of the children.
        if blocked && !is_selective(world, ProcKey { node, pid }, call, wait) {
            return;
        }
    }
}

/// Whether a call waits for some of its key's events only, or for something else by now (a reader that found itself in
/// the background), so that others behind it may have what they want.
fn is_selective(world: &World, key: ProcKey, call: u64, wait: WaitKey) -> bool {
    let entity = world.resource::<KernelIndex>().process(key);
    let call = entity
        .and_then(|entity| world.get::<Outstanding>(entity))
        .and_then(|all| all.get(call));
    call.is_some_and(|call| matches!(call.name.as_str(), "poll" | "wait") || !call.keys.contains(&wait))
}

/// Runs a waiting call's handler again. Answers whether the call is over.
fn serve(world: &mut World, key: ProcKey, id: u64, timed_out: bool) -> bool {
    let Some(entity) = lifecycle::alive(world, key) else {
        return true;
    };
    let outstanding = world.get::<Outstanding>(entity).expect("a process has all its rows");
    let Some(call) = outstanding.get(id).cloned() else {
        return true;
    };
    let caller = Caller {
        key,
        entity,
        call: id,
        since_ns: call.since_ns,
        retry: true,
        timed_out,
    };
    let result = invoke(world, &caller, &call.name, call.args.clone());
    if lifecycle::alive(world, key).is_none() {
        return true;
    }
    if let Ok(Completion::Pending(reason)) = result {
        go_on_waiting(world, key, entity, call, reason);
        return false;
    }
    if trace::wanted(world, entity) {
        trace::record(world, key, &call.name, None, &result);
    }
    finish(world, key, entity, id, result);
    true
}

fn go_on_waiting(world: &mut World, key: ProcKey, entity: Entity, call: OpenCall, reason: WaitReason) {
    if call.keys == reason.keys && call.deadline_ns == reason.deadline_ns {
        return;
    }
    stop_waiting(world, key, &call);
    let mut outstanding = world
        .get_mut::<Outstanding>(entity)
        .expect("a process has all its rows");
    let open = outstanding.get_mut(call.id).expect("it still waits");
    (open.keys, open.deadline_ns) = (reason.keys, reason.deadline_ns);
    let open = open.clone();
    wait(world, key, &open);
}

fn finish(world: &mut World, key: ProcKey, entity: Entity, id: u64, result: SysResult<Value>) {
    let call = world
        .get_mut::<Outstanding>(entity)
        .expect("a process has all its rows")
        .remove(id);
    stop_waiting(world, key, &call.expect("it waited"));
    let answer = result.map(|completion| match completion {
        Completion::Done(value) => value,
        Completion::Pending(_) | Completion::Gone => unreachable!("a call that goes on waiting is not finished"),
    });
    reply(world, key, entity, id, answer);
}

/// Withdraws a waiting call, which fails with ECANCELED. Answers whether there was one.
pub(crate) fn cancel(world: &mut World, key: ProcKey, entity: Entity, id: u64) -> bool {
    let name = world
        .get::<Outstanding>(entity)
        .and_then(|all| all.get(id))
        .map(|call| call.name.clone());
    let there = name.is_some();
    if let Some(name) = name {
        crate::syscall::withdraw(world, key, &name, id);
        finish(
            world,
            key,
            entity,
            id,
            Err(SysError::new(Errno::ECANCELED, "the call was withdrawn")),
        );
    }
    there
}

/// Withdraws every waiting call of a process that ends, without an answer.
pub(crate) fn drop_all(world: &mut World, key: ProcKey, entity: Entity) {
    let Some(mut outstanding) = world.get_mut::<Outstanding>(entity) else {
        return;
    };
    for call in std::mem::take(&mut *outstanding).calls {
        stop_waiting(world, key, &call);
    }
}
