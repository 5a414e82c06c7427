//! Images of machines: taken at the ends of ticks, put back at their starts.
//!
//! Whoever asks waits; the waiting call is the request, and is state. An image is taken in `Account`, while the call
//! still waits: so it is in the image, and when that is put back the call is answered there, as restored. Loading is in
//! `Ingest`, before any command.
//!
//! A host session is a machine's keyboard and screen rather than a connection: one that is in the image and still there
//! goes on with the machine. Those that ended meanwhile are hung up in the image, those that began since end.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::calls::{LoadSnapshotNamed, WaitStatus, decode};
use helios_abi::signal::{SIGCONT, SIGHUP, SIGWINCH};
use helios_abi::{Errno, NodeId, Pid, SysError};
use helios_engine::images::{self, StoreError, Stored};
use helios_engine::versions::VersionDiff;

use crate::calls::serve_wakes;
use crate::files::host::{self, HostOutputs, HostSession};
use crate::files::tty::{self, Master, Tty};
use crate::host::Halted;
use crate::index::KernelIndex;
use crate::machine::log_line;
use crate::process::Family;
use crate::slots::{self, Slot};
use crate::wait::{Outstanding, WaitKey, wake};
use crate::{boot, journal, lifecycle, signals};

/// Machines whose processes wait for an image, or for another one in the machine's place. An index of waiting calls.
#[derive(Resource, Default, Debug)]
pub(crate) struct Requests {
    pub(crate) images: BTreeSet<NodeId>,
    pub(crate) loads: BTreeSet<NodeId>,
}

impl Requests {
    /// Whether a tick is needed.
    pub(crate) fn is_empty(&self) -> bool {
        self.images.is_empty() && self.loads.is_empty()
    }

    /// Rebuilds the index.
    pub(crate) fn rebuild(world: &mut World) {
        let waits = |wanted: WaitKey| {
            let index = world.resource::<KernelIndex>();
            let nodes = index.machines().map(|(node, _)| node);
            nodes.filter(|node| !index.waiters(*node, wanted).is_empty()).collect()
        };
        let requests = Self {
            images: waits(WaitKey::Image),
            loads: waits(WaitKey::Load),
        };
        world.insert_resource(requests);
    }
}

/// What the calls that wait are told, while they are served.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// The image was taken.
    Taken(Stored),
    /// The machine was put back to it.
    Restored {
        /// The slot it was in.
        name: String,
        /// The image.
        slot: Slot,
    },
    /// Nothing happened.
    Failed(SysError),
}

#[derive(Resource)]
struct Serving(Answer);

/// What the call that is served is told.
pub(crate) fn answer(world: &World) -> Option<Answer> {
    world.get_resource::<Serving>().map(|serving| serving.0.clone())
}

/// Tells every call of a machine that waits on a key.
fn tell(world: &mut World, node: NodeId, key: WaitKey, answer: Answer) {
    world.insert_resource(Serving(answer));
    wake(world, node, key);
    serve_wakes(world);
    world.remove_resource::<Serving>();
}

/// Takes the images that were asked for, in `Account`, when everything else of the tick is done.
pub(crate) fn take_images(world: &mut World) {
    if world.resource::<Requests>().images.is_empty() || world.resource::<Halted>().0.is_some() {
        return;
    }
    for node in std::mem::take(&mut world.resource_mut::<Requests>().images) {
        // Whoever asked may have ended since.
        if world.resource::<KernelIndex>().waiters(node, WaitKey::Image).is_empty() {
            continue;
        }
        let answer = match images::store(world, node) {
            Ok(stored) => Answer::Taken(stored),
            Err(StoreError::State(fault)) => panic!("a machine is state: {fault}"),
            Err(error @ StoreError::TooLarge(_)) => Answer::Failed(SysError::new(Errno::EFBIG, error.to_string())),
            Err(StoreError::Blobs(error)) => Answer::Failed(SysError::new(Errno::ENOSPC, error.to_string())),
        };
        tell(world, node, WaitKey::Image, answer);
    }
}

/// Puts images back, in `Ingest`, before the commands of the tick.
pub(crate) fn load_images(world: &mut World) {
    if world.resource::<Requests>().loads.is_empty() || world.resource::<Halted>().0.is_some() {
        return;
    }
    for node in std::mem::take(&mut world.resource_mut::<Requests>().loads) {
        let Some(name) = wanted(world, node) else { continue };
        if let Err(error) = load(world, node, &name) {
            log_line(world, node, format!("snapshot {name}: {}", error.message));
            tell(world, node, WaitKey::Load, Answer::Failed(error));
        }
    }
}

/// The name of the slot that whoever asked first wants loaded.
fn wanted(world: &World, node: NodeId) -> Option<String> {
    let index = world.resource::<KernelIndex>();
    let (_, pid, call) = index.waiters(node, WaitKey::Load).into_iter().next()?;
    let entity = index.process(helios_abi::ProcKey { node, pid })?;
    let args = world.get::<Outstanding>(entity)?.get(call)?.args.clone();
    decode::<LoadSnapshotNamed>(args).ok().map(|call| call.name)
}

fn load(world: &mut World, node: NodeId, name: &str) -> Result<(), SysError> {
    let damaged = |why: &str| SysError::new(Errno::EIO, format!("the snapshot {name} cannot be loaded: {why}"));
    let slot = slots::get(world, node, name)?.clone();
    let image = images::load(world, node, &slot.image).map_err(|why| damaged(&why))?;
    let differs = image.differs(world);
    let sessions = Sessions::of(world, node);
    let before = images::put(world, image).map_err(|why| damaged(&why))?;
    if let Some(why) = world.resource_mut::<Halted>().0.take() {
        images::put(world, before).expect("what was there can be put back");
        return Err(damaged(&why));
    }
    // What waited when the image was taken is answered, or withdrawn, where it goes on.
    let mut requests = world.resource_mut::<Requests>();
    requests.images.remove(&node);
    requests.loads.remove(&node);
    log_line(
        world,
        node,
        format!("put back to the snapshot {name} of tick {}", slot.tick),
    );
    match differs {
        Some(differs) => start_anew(world, node, &differs, sessions),
        None => go_on(world, node, name, slot, sessions),
    }
    Ok(())
}

/// No process of another build goes on: the machine has its files back, and boots.
fn start_anew(world: &mut World, node: NodeId, differs: &VersionDiff, sessions: Sessions) {
    log_line(world, node, differs.to_string());
    boot::power_cycle(world, node);
    sessions.end_lost(world, node);
}

fn go_on(world: &mut World, node: NodeId, name: &str, slot: Slot, sessions: Sessions) {
    if !end_beyond_images(world, node) {
        sessions.end_lost(world, node);
        return;
    }
    sessions.end_lost(world, node);
    sessions.hang_up_strangers(world, node);
    sessions.look_again(world, node);
    let withdrawn = SysError::new(Errno::ECANCELED, "the machine was put back meanwhile");
    tell(world, node, WaitKey::Load, Answer::Failed(withdrawn));
    let name = name.to_owned();
    tell(world, node, WaitKey::Image, Answer::Restored { name, slot });
}

/// Ends the processes whose journals were too long for the image: whoever looks after them starts them again. `false`
/// where `init` is one of them: then the machine boots.
fn end_beyond_images(world: &mut World, node: NodeId) -> bool {
    let init = crate::machine::machine(world, node).init;
    let processes: Vec<(Pid, Entity)> = world.resource::<KernelIndex>().processes_of(node).collect();
    let beyond = processes
        .into_iter()
        .filter(|(_, entity)| journal::is_beyond_images(world, *entity));
    let beyond: Vec<Pid> = beyond.map(|(pid, _)| pid).collect();
    if beyond.contains(&init) {
        boot::power_cycle(world, node);
        return false;
    }
    for pid in beyond {
        let ending = lifecycle::Ending::Killed("it lived too long to be part of the snapshot".into());
        lifecycle::end(world, helios_abi::ProcKey { node, pid }, ending);
    }
    true
}

/// Host sessions of a machine: number and first process, and the size of the screen where there is one.
struct Sessions(BTreeMap<(u64, Pid), Option<(u16, u16)>>);

impl Sessions {
    fn of(world: &World, node: NodeId) -> Self {
        let index = world.resource::<KernelIndex>();
        let families = index
            .processes_of(node)
            .filter_map(|(_, entity)| world.get::<Family>(entity));
        let leaders = families
            .filter(|family| family.leader)
            .filter_map(|family| Some((family.session?, family.pid)));
        let screen = |session: u64| {
            let row = tty::row(world, node, tty::of_session(world, node, session)?);
            Some((row.rows, row.columns))
        };
        Self(
            leaders
                .map(|(session, pid)| ((session, pid), screen(session)))
                .collect(),
        )
    }

    /// Tells the host of sessions whose first process is not there any more.
    fn end_lost(&self, world: &mut World, node: NodeId) {
        for &(session, pid) in self.0.keys() {
            if lifecycle::alive(world, helios_abi::ProcKey { node, pid }).is_some() {
                continue;
            }
            let status = WaitStatus {
                pid,
                code: None,
                signal: Some(SIGHUP),
                reason: Some("the machine was put back to a snapshot".into()),
                stopped: None,
                continued: None,
                cpu_us: 0,
            };
            world.resource_mut::<HostOutputs>().end_once(session, status);
        }
    }

    /// Hangs up the sessions of the image that are over by now.
    fn hang_up_strangers(&self, world: &mut World, node: NodeId) {
        let now = Self::of(world, node);
        let known: BTreeSet<u64> = now
            .0
            .keys()
            .filter(|key| self.0.contains_key(key))
            .map(|key| key.0)
            .collect();
        let objects: Vec<(u64, Entity)> = world.resource::<KernelIndex>().objects_of(node).collect();
        for (id, entity) in objects {
            let session = world.get::<HostSession>(entity).map(|row| row.session);
            if let Some(session) = session.filter(|session| !known.contains(session)) {
                host::feed(world, node, session, &[], true);
                signals::send_to_session(world, node, session, SIGHUP);
                signals::send_to_session(world, node, session, SIGCONT);
            }
            let held = world.get::<Tty>(entity).map(|row| row.master.clone());
            if let Some(Master::Host { session }) = held
                && !known.contains(&session)
            {
                tty::hang_up(world, node, id);
            }
        }
        serve_wakes(world);
    }

    /// Gives terminals that go on the size that their screens have, and lets their programs draw them again.
    fn look_again(&self, world: &mut World, node: NodeId) {
        for (&(session, _), &screen) in &self.0 {
            let terminal = tty::of_session(world, node, session);
            let (Some((rows, columns)), Some(id)) = (screen, terminal) else {
                continue;
            };
            let row = tty::row(world, node, id);
            if (row.rows, row.columns) == (rows, columns) {
                tty::signal_foreground(world, node, id, SIGWINCH);
            } else {
                _ = tty::resize(world, node, id, rows.into(), columns.into());
            }
        }
        serve_wakes(world);
    }
}
