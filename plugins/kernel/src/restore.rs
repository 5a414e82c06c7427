//! After a restore: indexes from rows, and whether the rows fit together.
//!
//! A save is data from outside. Each row was read by itself when this runs; here the kernel checks what its rows say of
//! one another. Where they contradict each other the world does not run: [`Halted`] says why, in one sentence.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::{NodeId, Pid, ProcKey};
use helios_engine::prelude::RebuildScope;
use helios_engine::versions::upgrade_pending;

use crate::files::host::{HostOutputs, HostSession};
use crate::files::pipe::PipeBuffer;
use crate::files::tty::{self, Tty};
use crate::files::{Fds, FileKinds, OpenFile, objects};
use crate::host::{Halted, Isolates, open_calls};
use crate::index::KernelIndex;
use crate::machine::Machine;
use crate::process::{
    Accounting, Creds, Env, Family, Inbox, JournalHead, JournalTail, Life, LiveProgram, Mailbox, ProgramRow, Run,
    RunQueue, SignalTable, Traces,
};
use crate::programs::Programs;
use crate::sched::{Budgets, Forgotten};
use crate::snapshots::Requests;
use crate::wait::{Outstanding, Wakes};
use crate::{calls, checkpoints, journal, rows};

/// Rebuilds everything that is not a row.
pub(crate) fn rebuild(world: &mut World) {
    match *world.resource::<RebuildScope>() {
        RebuildScope::World => forget_everything(world),
        RebuildScope::Node(node) => forget_processes_of(world, node),
    }
    journal::stand_in(world);
    checkpoints::start_over(world);
    if let Err(problem) = check_shape(world) {
        world.insert_resource(KernelIndex::default());
        Halted::set(world, &format!("the save is not sound: {problem}"));
        return;
    }
    KernelIndex::rebuild(world);
    let checked = check_files(world).and_then(|()| {
        if upgrade_pending(world) {
            Ok(())
        } else {
            check_journals(world)
        }
    });
    if let Err(problem) = checked {
        Halted::set(world, &format!("the save is not sound: {problem}"));
    }
    schedule_deadlines(world);
    Requests::rebuild(world);
}

fn forget_everything(world: &mut World) {
    world.insert_resource(Wakes::default());
    world.insert_resource(Forgotten::default());
    world.insert_resource(Budgets::default());
    world.insert_resource(Halted::default());
    world.insert_resource(HostOutputs::default());
    if let Some(host) = world.resource_mut::<Isolates>().host_mut() {
        host.forget_all();
    }
}

/// An image was put in a machine's place: the isolates of those that were there are of no use, all others' are.
fn forget_processes_of(world: &mut World, node: NodeId) {
    world.insert_resource(Halted::default());
    let gone: Vec<Pid> = world
        .resource::<KernelIndex>()
        .processes_of(node)
        .map(|(pid, _)| pid)
        .collect();
    if let Some(host) = world.resource_mut::<Isolates>().host_mut() {
        gone.into_iter().for_each(|pid| host.forget(ProcKey { node, pid }));
    }
}

fn schedule_deadlines(world: &mut World) {
    let processes: Vec<(ProcKey, Entity)> = world.resource::<KernelIndex>().processes().collect();
    for (key, entity) in processes {
        let open = world
            .get::<Outstanding>(entity)
            .map(|all| all.calls.clone())
            .unwrap_or_default();
        for call in open.iter().filter(|call| call.deadline_ns.is_some()) {
            calls::schedule_deadline(world, key, call);
        }
    }
}

/// Whether every process and machine has all its rows, and names are unique.
fn check_shape(world: &mut World) -> Result<(), String> {
    let mut machines: BTreeMap<NodeId, (Pid, BTreeSet<Pid>)> = BTreeMap::new();
    for (entity, node, id) in rows::all::<Machine>(world) {
        let all = (
            world.get::<crate::machine::Counters>(entity),
            world.get::<crate::machine::KernelLog>(entity),
        );
        let (Some(counters), Some(_), Some(_)) = (all.0, all.1, world.get::<RunQueue>(entity)) else {
            return Err(format!("machine {node} lacks rows"));
        };
        if id != 0 {
            return Err(format!("machine {node} is not on its node's own entity"));
        }
        machines.insert(node, (Pid(counters.last_pid), BTreeSet::new()));
    }
    for (entity, node, _) in rows::all::<Family>(world) {
        let family = world.get::<Family>(entity).expect("listed");
        let pid = family.pid;
        let Some((last, pids)) = machines.get_mut(&node) else {
            return Err(format!("process {node}:{pid} is on no machine"));
        };
        if pid.0 == 0 || pid > *last || !pids.insert(pid) {
            return Err(format!(
                "process {node}:{pid}: the pid is not one that the machine gave once"
            ));
        }
        check_process(world, entity).map_err(|problem| format!("process {node}:{pid} {problem}"))?;
    }
    for (entity, node, _) in rows::all::<RunQueue>(world) {
        let queue = world.get::<RunQueue>(entity).expect("listed");
        let known = machines.get(&node).map(|(_, pids)| pids);
        let unique: BTreeSet<Pid> = queue.pids.iter().copied().collect();
        // A process may end while it is queued; one that never was cannot be.
        if known.is_none() || unique.len() != queue.pids.len() || unique.iter().any(|pid| *pid > machines[&node].0) {
            return Err(format!(
                "the run queue of machine {node} names what is not there, or twice"
            ));
        }
    }
    Ok(())
}

fn check_process(world: &World, entity: Entity) -> Result<(), String> {
    let lacks = |name: &str| format!("lacks its {name}");
    let run = world.get::<Run>(entity).ok_or_else(|| lacks("run row"))?;
    world.get::<Creds>(entity).ok_or_else(|| lacks("credentials"))?;
    world.get::<Accounting>(entity).ok_or_else(|| lacks("accounting"))?;
    if run.life != Life::Alive {
        return Ok(());
    }
    world.get::<Env>(entity).ok_or_else(|| lacks("environment"))?;
    world.get::<Inbox>(entity).ok_or_else(|| lacks("inbox"))?;
    world.get::<Mailbox>(entity).ok_or_else(|| lacks("mailbox"))?;
    world.get::<SignalTable>(entity).ok_or_else(|| lacks("signal table"))?;
    world.get::<Traces>(entity).ok_or_else(|| lacks("traces"))?;
    world.get::<Fds>(entity).ok_or_else(|| lacks("descriptors"))?;
    world.get::<JournalHead>(entity).ok_or_else(|| lacks("journal head"))?;
    world.get::<JournalTail>(entity).ok_or_else(|| lacks("journal"))?;
    let program = world.get::<ProgramRow>(entity).ok_or_else(|| lacks("program"))?;
    if program.modules.is_empty() {
        return Err("has a program without modules".into());
    }
    let outstanding = world
        .get::<Outstanding>(entity)
        .ok_or_else(|| lacks("outstanding calls"))?;
    if !outstanding.calls.is_sorted_by(|one, two| one.id < two.id) {
        return Err("has outstanding calls out of order".into());
    }
    if outstanding.weight_bytes != outstanding.calls.iter().map(|call| call.args.weight()).sum::<u64>() {
        return Err("has outstanding calls of another weight".into());
    }
    let fds = &world.get::<Fds>(entity).expect("checked above").table;
    if !fds.is_sorted_by(|one, two| one.fd < two.fd) {
        return Err("has descriptors out of order".into());
    }
    Ok(())
}

/// Whether descriptors, descriptions and objects name one another as often as they say.
fn check_files(world: &mut World) -> Result<(), String> {
    let mut refs: BTreeMap<(NodeId, u64), u32> = BTreeMap::new();
    for (entity, node, _) in rows::all::<Fds>(world) {
        for entry in &world.get::<Fds>(entity).expect("listed").table {
            *refs.entry((node, entry.file)).or_default() += 1;
        }
    }
    let mut ends: BTreeMap<(NodeId, u64), (u32, u32)> = BTreeMap::new();
    let mut terminals: BTreeMap<(NodeId, u64), (u32, u32)> = BTreeMap::new();
    for (entity, node, id) in rows::all::<OpenFile>(world) {
        let file = world.get::<OpenFile>(entity).expect("listed");
        if !world.resource::<FileKinds>().has(&file.kind) {
            return Err(format!("open file {node}:{id} is of the unknown kind {}", file.kind));
        }
        if refs.remove(&(node, id)) != Some(file.refs) {
            return Err(format!(
                "open file {node}:{id} counts {} descriptors, which is wrong",
                file.refs
            ));
        }
        if matches!(file.kind.as_str(), tty::KIND | tty::pty::KIND) {
            let sides = terminals.entry((node, file.object)).or_default();
            *(if file.kind == tty::KIND {
                &mut sides.0
            } else {
                &mut sides.1
            }) += 1;
        } else if crate::files::is_kernel_kind(&file.kind) {
            let end = ends.entry((node, file.object)).or_default();
            let writing = file.flags & helios_abi::calls::open_flags::WRITE != 0;
            *(if writing { &mut end.1 } else { &mut end.0 }) += 1;
        }
    }
    if let Some(((node, id), _)) = refs.first_key_value() {
        return Err(format!(
            "a descriptor names the open file {node}:{id}, which is not there"
        ));
    }
    for (entity, node, id) in objects(world) {
        let (readers, writers) = ends.remove(&(node, id)).unwrap_or_default();
        let pipe = world
            .get::<PipeBuffer>(entity)
            .is_some_and(|pipe| (pipe.readers, pipe.writers) != (readers, writers));
        let session = world
            .get::<HostSession>(entity)
            .is_some_and(|row| row.refs != readers + writers);
        if pipe || session {
            return Err(format!("the ends of object {node}:{id} are miscounted"));
        }
    }
    check_terminals(world, terminals)?;
    match ends.first_key_value() {
        Some(((node, id), _)) => Err(format!("an open file names the object {node}:{id}, which is not there")),
        None => Ok(()),
    }
}

/// Whether descriptions of terminals name terminals. Slaves are counted anew: rows of 0.1 did not count them.
fn check_terminals(world: &mut World, mut terminals: BTreeMap<(NodeId, u64), (u32, u32)>) -> Result<(), String> {
    for (entity, node, id) in rows::all::<Tty>(world) {
        let (slaves, masters) = terminals.remove(&(node, id)).unwrap_or_default();
        let mut tty = world.get_mut::<Tty>(entity).expect("listed");
        let counted = match &tty.master {
            tty::Master::Pty { masters, .. } => *masters,
            tty::Master::Console | tty::Master::Host { .. } => 0,
        };
        if counted != masters {
            return Err(format!("the masters of terminal {node}:{id} are miscounted"));
        }
        if tty.line.termios.cc.0.len() != helios_abi::calls::termios::NCCS {
            return Err(format!(
                "the terminal {node}:{id} has a wrong number of control characters"
            ));
        }
        if tty.slaves != slaves {
            tty.slaves = slaves;
        }
    }
    match terminals.first_key_value() {
        Some(((node, id), _)) => Err(format!(
            "an open file names the terminal {node}:{id}, which is not there"
        )),
        None => Ok(()),
    }
}

/// Whether each journal is the one that its head names, and its open calls those that the kernel holds.
fn check_journals(world: &mut World) -> Result<(), String> {
    for (entity, node, _) in rows::all::<JournalTail>(world) {
        let pid = world.get::<Family>(entity).map_or(Pid(0), |family| family.pid);
        check_journal(world, entity).map_err(|problem| format!("process {node}:{pid}: {problem}"))?;
    }
    Ok(())
}

fn check_journal(world: &mut World, entity: Entity) -> Result<(), String> {
    use helios_abi::grant::Delivery;
    journal::check(world, entity)?;
    let (Some(tail), Some(head)) = (world.get::<JournalTail>(entity), world.get::<JournalHead>(entity)) else {
        unreachable!("checked above")
    };
    let program = crate::spawn::program_of(world, entity);
    if program.digest() != head.program {
        return Err("the program is not the one that the journal's head names".into());
    }
    let (whole, open) = (tail.head_len == 0, open_calls(&tail.slices));
    let program = world.resource_mut::<Programs>().share(program);
    world.entity_mut(entity).insert(LiveProgram(program));
    if !whole {
        return Ok(());
    }
    let (Some(outstanding), Some(inbox)) = (world.get::<Outstanding>(entity), world.get::<Inbox>(entity)) else {
        return Err("a journal of a process that has ended".into());
    };
    let mut held: BTreeSet<u64> = outstanding.calls.iter().map(|call| call.id).collect();
    held.extend(outstanding.held.iter().map(|call| call.id));
    held.extend(inbox.deliveries.iter().filter_map(|delivery| match delivery {
        Delivery::Reply { call, .. } => Some(*call),
        _ => None,
    }));
    if open != held {
        return Err("the calls without an answer are not those of the journal".into());
    }
    Ok(())
}
