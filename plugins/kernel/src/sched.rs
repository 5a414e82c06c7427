//! The scheduler: who runs in a tick, for how much gas, and what comes of it.
//!
//! A tick goes in rounds. In each, every machine with gas left commits a quantum to the processes at the head of its run
//! queue until its gas is committed; all those slices, of all machines, go to the isolate host at once. Then what is
//! unused is refunded and the calls are applied, process by process in the order of (node, pid); replies make processes
//! ready again. A tick is over when nothing is ready or all gas is used.
//!
//! - A quantum is fixed by the process's niceness alone, so that a slice's grant does not hang on who else runs, nor on
//!   how much of the tick is left. Everybody has a turn; who is nicer gets less out of it.
//! - The price of its calls is paid out of what a slice left unused; the rest the process *owes*, and pays before it runs
//!   again. What a process that ends still owes, its machine does.
//! - A machine that used more than its gas of the tick has *debt*, which comes off the next ticks.
//! - Whom a tick did not serve, leads the next.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use helios_abi::grant::{Batch, Grant, Status, VerdictReason};
use helios_abi::host::Outcome;
use helios_abi::{NodeId, Pid, ProcKey, Tick, gas, signal};

use crate::host::{Halted, Isolates, JournalBirths};
use crate::index::KernelIndex;
use crate::lifecycle::{self, Ending, alive, end};
use crate::machine::{machine, with_queue};
use crate::process::{Accounting, Inbox, Run, RunQueue, XCPU_GRACE_MS, quantum};
use crate::{calls, host, journal, rows, signals};

/// Processes that ended and that the host has not been told to forget. Not state.
#[derive(Resource, Default, Debug)]
pub(crate) struct Forgotten(pub(crate) Vec<ProcKey>);

/// Puts a process at the end of its machine's run queue, unless it is there, stopped or ended.
pub(crate) fn make_ready(world: &mut World, key: ProcKey) {
    let Some(entity) = alive(world, key) else { return };
    if world.get::<Run>(entity).expect("a process has all its rows").stopped {
        return;
    }
    let mut index = world.resource_mut::<KernelIndex>();
    if index.queued.insert(key) {
        index.ready.insert(key.node);
        with_queue(world, key.node, |queue| queue.pids.push_back(key.pid));
    }
}

/// What each machine may still commit in this tick. Empty outside the `Run` phase.
#[derive(Resource, Default, Debug)]
pub(crate) struct Budgets(BTreeMap<NodeId, i64>);

/// A slice that is about to run.
struct Commit {
    key: ProcKey,
    entity: Entity,
    grant: Grant,
}

/// A process's turn in a round.
enum Turn {
    /// It runs.
    Slice(Commit),
    /// It paid a quantum of what it owes, and owes more or has no gas left to run with.
    Paid(ProcKey),
}

/// The `Run` phase.
pub(crate) fn run_processes(world: &mut World) {
    if world.resource::<KernelIndex>().ready.is_empty() || world.resource::<Halted>().0.is_some() {
        return;
    }
    host::apply_strictness(world);
    let tick = rows::now(world);
    while let Some(turns) = gather(world, tick) {
        let Some(outcomes) = run_slices(world, &turns) else {
            return;
        };
        apply_round(world, tick, turns, outcomes);
        if world.resource::<Halted>().0.is_some() {
            return;
        }
    }
    close_budgets(world, tick);
    forget_ended(world);
}

/// Charges a machine for gas that no process of it will pay.
pub fn charge_machine(world: &mut World, node: NodeId, gas: u64) {
    if gas == 0 {
        return;
    }
    if let Some(left) = world.resource_mut::<Budgets>().0.get_mut(&node) {
        *left -= gas as i64;
        return;
    }
    let before = rows::now(world).0.saturating_sub(1);
    let per_tick = machine(world, node).gas_per_tick;
    with_queue(world, node, |queue| {
        let paid = before.saturating_sub(queue.debt_tick).saturating_mul(per_tick);
        queue.debt_gas = queue.debt_gas.saturating_sub(paid) + gas;
        queue.debt_tick = queue.debt_tick.max(before);
    });
}

fn spend(world: &mut World, node: NodeId, gas: u64) {
    refund(world, node, -(gas as i64));
}

fn refund(world: &mut World, node: NodeId, gas: i64) {
    *world
        .resource_mut::<Budgets>()
        .0
        .get_mut(&node)
        .expect("its budget is open") += gas;
}

/// A machine's gas in `tick`: one tick's worth, less what is left of its debt. Idle ticks have paid their part of it.
fn opening_balance(world: &World, node: NodeId, tick: Tick) -> i64 {
    let entity = world
        .resource::<KernelIndex>()
        .machine(node)
        .expect("a ready machine exists");
    let queue = world.get::<RunQueue>(entity).expect("a machine has all its rows");
    let per_tick = machine(world, node).gas_per_tick;
    balance(per_tick, queue.debt_gas, tick.0.saturating_sub(queue.debt_tick))
}

/// What one tick's gas leaves after a debt that `ticks` (at least one: this one) have been paying off.
fn balance(per_tick: u64, debt: u64, ticks: u64) -> i64 {
    let idle = ticks.saturating_sub(1);
    let left = debt.saturating_sub(idle.saturating_mul(per_tick));
    i64::try_from(per_tick)
        .unwrap_or(i64::MAX)
        .saturating_sub(i64::try_from(left).unwrap_or(i64::MAX))
}

fn close_budgets(world: &mut World, tick: Tick) {
    for (node, left) in std::mem::take(&mut world.resource_mut::<Budgets>().0) {
        let debt_gas = left.min(0).unsigned_abs();
        let debt_tick = if debt_gas > 0 { tick.0 } else { 0 };
        with_queue(world, node, |queue| {
            (queue.debt_gas, queue.debt_tick) = (debt_gas, debt_tick)
        });
    }
}

/// Gives each ready process one turn, as long as its machine has gas. `None`: the tick is over.
///
/// A turn costs a whole quantum even where less is left: the rest is debt. So the last of a tick is not worse off.
fn gather(world: &mut World, tick: Tick) -> Option<Vec<Turn>> {
    let mut turns = Vec::new();
    let nodes: Vec<NodeId> = world.resource::<KernelIndex>().ready.iter().copied().collect();
    for node in nodes {
        let opening = opening_balance(world, node, tick);
        world.resource_mut::<Budgets>().0.entry(node).or_insert(opening);
        while world.resource::<Budgets>().0[&node] > 0 {
            let Some(key) = take_first(world, node) else { break };
            turns.extend(take_turn(world, tick, key));
        }
    }
    (!turns.is_empty()).then_some(turns)
}

/// Takes the process at the head of a machine's run queue.
fn take_first(world: &mut World, node: NodeId) -> Option<ProcKey> {
    let pid = with_queue(world, node, |queue| queue.pids.pop_front());
    let mut index = world.resource_mut::<KernelIndex>();
    match pid {
        Some(pid) => {
            let key = ProcKey { node, pid };
            index.queued.remove(&key);
            Some(key)
        }
        None => {
            index.ready.remove(&node);
            None
        }
    }
}

/// Commits a quantum to a process: first it pays what it owes, then it is granted the rest, if it has something to do.
fn take_turn(world: &mut World, tick: Tick, key: ProcKey) -> Option<Turn> {
    let entity = alive(world, key)?;
    let run = world.get::<Run>(entity).expect("a process has all its rows");
    let (stopped, parked, slice, owed) = (run.stopped, run.parked, run.next_slice, run.owed_gas);
    if stopped {
        return None;
    }
    let nice = world
        .get::<Accounting>(entity)
        .expect("a process has all its rows")
        .nice;
    let full = quantum(nice);
    let paid = owed.min(full);
    if paid > 0 {
        pay(world, tick, key, entity, paid);
    }
    let quantum = full - paid;
    let has_work = parked
        || !world
            .get::<Inbox>(entity)
            .expect("a process has all its rows")
            .deliveries
            .is_empty();
    if owed > paid || (has_work && quantum < gas::MIN_GRANT) {
        return Some(Turn::Paid(key));
    }
    if !has_work {
        return None;
    }
    spend(world, key.node, quantum);
    let verdict = host::recorded(world, key, slice).or_else(|| journal::verdict(world, key, entity, slice));
    if let Some(reason) = verdict {
        account(world, tick, entity, quantum);
        end(world, key, Ending::Killed(reason.text().into()));
        return None;
    }
    let deliveries = match parked {
        true => signals::take_interrupt(world, entity).into_iter().collect(),
        false => std::mem::take(
            &mut world
                .get_mut::<Inbox>(entity)
                .expect("a process has all its rows")
                .deliveries,
        ),
    };
    let grant = Grant {
        slice,
        tick,
        gas: quantum,
        deliveries,
    };
    journal::open(world, entity, &grant);
    Some(Turn::Slice(Commit { key, entity, grant }))
}

fn pay(world: &mut World, tick: Tick, key: ProcKey, entity: Entity, gas: u64) {
    spend(world, key.node, gas);
    world
        .get_mut::<Run>(entity)
        .expect("a process has all its rows")
        .owed_gas -= gas;
    account(world, tick, entity, gas);
}

fn account(world: &mut World, tick: Tick, entity: Entity, gas: u64) {
    world
        .get_mut::<Accounting>(entity)
        .expect("a process has all its rows")
        .charge(tick.0, gas);
}

/// Runs the slices of a round. `None`: the host failed and the world stands still.
fn run_slices(world: &mut World, turns: &[Turn]) -> Option<Vec<Outcome>> {
    forget_ended(world);
    let commits: Vec<&Commit> = turns.iter().filter_map(Turn::slice).collect();
    if commits.is_empty() {
        return Some(Vec::new());
    }
    if world.resource::<Halted>().0.is_some() {
        return None;
    }
    let Some(mut host) = world.resource_mut::<Isolates>().host.take() else {
        Halted::set(world, "no isolate host runs in this world");
        return None;
    };
    let grants = commits
        .iter()
        .map(|commit| (commit.key, commit.grant.clone()))
        .collect();
    let outcomes = host.run(grants, &JournalBirths(world));
    world.resource_mut::<Isolates>().host = Some(host);
    assert_eq!(outcomes.len(), commits.len(), "a host answers every grant");
    for (commit, outcome) in commits.iter().zip(&outcomes) {
        if let Outcome::Failure(message) = outcome {
            Halted::set(
                world,
                &format!("process {}, slice {}: {message}", commit.key, commit.grant.slice),
            );
            return None;
        }
    }
    Some(outcomes)
}

impl Turn {
    const fn slice(&self) -> Option<&Commit> {
        match self {
            Self::Slice(commit) => Some(commit),
            Self::Paid(_) => None,
        }
    }
}

fn forget_ended(world: &mut World) {
    let ended = std::mem::take(&mut world.resource_mut::<Forgotten>().0);
    if let Some(host) = world.resource_mut::<Isolates>().host.as_mut() {
        ended.into_iter().for_each(|key| host.forget(key));
    }
}

fn apply_round(world: &mut World, tick: Tick, turns: Vec<Turn>, outcomes: Vec<Outcome>) {
    let mut outcomes = outcomes.into_iter();
    let mut round: Vec<(Commit, Outcome)> = Vec::new();
    // Whoever goes on computing or paying keeps its place among its likes: pid order here would favour low pids.
    for turn in turns {
        match turn {
            Turn::Paid(key) => make_ready(world, key),
            Turn::Slice(commit) => {
                let outcome = outcomes.next().expect("a host answers every grant");
                if let Outcome::Ran(Batch {
                    status: Status::Parked, ..
                }) = outcome
                {
                    world
                        .get_mut::<Run>(commit.entity)
                        .expect("it was granted a slice")
                        .parked = true;
                    make_ready(world, commit.key);
                }
                round.push((commit, outcome));
            }
        }
    }
    round.sort_by_key(|(commit, _)| commit.key);
    for (commit, outcome) in round {
        match outcome {
            Outcome::Ran(batch) => apply_batch(world, tick, &commit, batch),
            Outcome::Verdict { reason, detail } => apply_verdict(world, tick, &commit, reason, &detail),
            Outcome::Failure(_) => unreachable!("a failure stops the world before anything is applied"),
        }
    }
}

fn apply_verdict(world: &mut World, tick: Tick, commit: &Commit, reason: VerdictReason, detail: &str) {
    let Commit { key, entity, grant } = commit;
    if let Err(message) = host::author(world, *key, grant.slice, reason, detail) {
        Halted::set(world, &message);
        return;
    }
    if alive(world, *key).is_some() {
        account(world, tick, *entity, grant.gas);
        end(world, *key, Ending::Killed(reason.text().into()));
    }
}

fn apply_batch(world: &mut World, tick: Tick, commit: &Commit, batch: Batch) {
    let &Commit { key, entity, ref grant } = commit;
    refund(world, key.node, grant.gas as i64 - batch.gas_used as i64);
    if alive(world, key).is_none() {
        return;
    }
    account(world, tick, entity, batch.gas_used);
    journal::close(world, entity, batch.clone());
    let Batch {
        calls,
        gas_used,
        status,
    } = batch;
    let program = calls::program_of(world, key);
    calls::apply_all(world, key, calls);
    pay_from_refund(world, tick, key, grant.gas.saturating_sub(gas_used));
    if calls::program_of(world, key) != program {
        // What the old program came to is nobody's business any more.
        return;
    }
    match status {
        Status::Parked => check_turn(world, key),
        Status::Pending => turn_over(world, key),
        Status::Exited { code, error } => {
            turn_over(world, key);
            lifecycle::exit(world, key, code, error.as_deref());
        }
    }
    journal::check_bound(world, key);
}

/// The price of a slice's calls comes out of what the slice left unused; what is still owed is paid in the queue.
fn pay_from_refund(world: &mut World, tick: Tick, key: ProcKey, unused: u64) {
    let Some(entity) = alive(world, key) else { return };
    let owed = world.get::<Run>(entity).expect("a process has all its rows").owed_gas;
    let paid = owed.min(unused);
    if paid > 0 {
        pay(world, tick, key, entity, paid);
    }
    if owed > paid {
        make_ready(world, key);
    }
}

fn turn_over(world: &mut World, key: ProcKey) {
    let Some(entity) = alive(world, key) else { return };
    world.get_mut::<Run>(entity).expect("a process has all its rows").parked = false;
    let mut accounting = world.get_mut::<Accounting>(entity).expect("a process has all its rows");
    (accounting.turn_gas, accounting.xcpu) = (0, false);
    if !world
        .get::<Inbox>(entity)
        .expect("a process has all its rows")
        .deliveries
        .is_empty()
    {
        make_ready(world, key);
    }
}

/// A turn that uses more CPU than its quota is told with SIGXCPU, and killed if it goes on.
fn check_turn(world: &mut World, key: ProcKey) {
    let Some(entity) = alive(world, key) else { return };
    let per_tick = machine(world, key.node).gas_per_tick;
    let accounting = world.get::<Accounting>(entity).expect("a process has all its rows");
    let (used_ms, quota_ms, told) = (accounting.turn_gas / per_tick, accounting.quota_ms, accounting.xcpu);
    let reason = || format!("a single turn used more than {quota_ms} ms of CPU");
    if used_ms >= quota_ms.saturating_add(XCPU_GRACE_MS) {
        end(world, key, Ending::Killed(reason()));
    } else if used_ms >= quota_ms && !told {
        world
            .get_mut::<Accounting>(entity)
            .expect("a process has all its rows")
            .xcpu = true;
        if signals::is_default(world, entity, signal::SIGXCPU) {
            end(world, key, Ending::Limit(signal::SIGXCPU, reason()));
        } else {
            signals::send(world, key, signal::SIGXCPU);
        }
    }
}

/// Whether anything is ready to run: for the engine's jumps over idle time.
pub(crate) fn is_busy(world: &World) -> bool {
    let index = world.resource::<KernelIndex>();
    !index.ready.is_empty() || !index.starting.is_empty()
}

/// Processes of a machine that are in its run queue or could be, for the load average.
#[must_use]
pub fn ready_pids(world: &World, node: NodeId) -> Vec<Pid> {
    let entity = world.resource::<KernelIndex>().machine(node);
    entity
        .and_then(|entity| world.get::<RunQueue>(entity))
        .map_or_else(Vec::new, |queue| queue.pids.iter().copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_ticks_pay_debt() {
        assert_eq!(balance(100, 0, 1), 100);
        assert_eq!(balance(100, 250, 1), -150);
        assert_eq!(balance(100, 250, 2), -50);
        assert_eq!(balance(100, 250, 3), 50);
        assert_eq!(balance(100, 250, 50), 100);
    }
}
