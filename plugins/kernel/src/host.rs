//! The isolate host as the kernel sees it: the resource that holds it, what it rebuilds processes from, verdicts, and
//! the reason why a world stands still.

use bevy_ecs::prelude::*;
use helios_abi::grant::{HeapImage, Journal, Slice, VerdictReason};
use helios_abi::host::{Birth, Births, IsolateHost, Strictness};
use helios_abi::{NodeId, ProcKey};
use helios_engine::log::{Mode, author_verdict, verdict_on_record};
use helios_engine::prelude::{Log, submit};
use serde_json::json;

use crate::checkpoints::{Checkpoints, Mark};
use crate::index::KernelIndex;
use crate::journal;
use crate::process::{Accounting, JournalHead, JournalTail, Run};
use crate::spawn::program_of;

/// Memory samples are rounded up to this, so that they rarely change.
pub const SAMPLE_STEP_BYTES: u64 = 256 << 10;

/// Whatever runs isolates. The app that runs a world puts one in.
#[derive(Resource, Default)]
pub struct Isolates {
    pub(crate) host: Option<Box<dyn IsolateHost>>,
    strictness: Option<Strictness>,
}

impl Isolates {
    /// Uses this host from now on.
    #[must_use]
    pub fn new(host: Box<dyn IsolateHost>) -> Self {
        Self {
            host: Some(host),
            strictness: None,
        }
    }

    /// The host, for queries between ticks.
    pub fn host_mut(&mut self) -> Option<&mut (dyn IsolateHost + 'static)> {
        self.host.as_deref_mut()
    }
}

/// Why the world stands still, if it does. Not state: the host could not go on truthfully, or a save was not sound.
#[derive(Resource, Default, Debug, Clone, PartialEq, Eq)]
pub struct Halted(pub Option<String>);

impl Halted {
    /// Stops the world, unless it is stopped: the first reason is the one that counts.
    pub fn set(world: &mut World, message: &str) {
        tracing::error!("the world stops: {message}");
        let mut halted = world.resource_mut::<Self>();
        if halted.0.is_none() {
            halted.0 = Some(message.to_owned());
        }
    }
}

/// Rebuilds processes from the rows.
pub(crate) struct JournalBirths<'w>(pub(crate) &'w World);

impl Births for JournalBirths<'_> {
    fn birth(&self, process: ProcKey, slice: u64) -> Birth {
        let world = self.0;
        let entity = world
            .resource::<KernelIndex>()
            .process(process)
            .expect("a process with a grant exists");
        let tail = world
            .get::<JournalTail>(entity)
            .expect("a living process has a journal");
        let first = world
            .get::<Run>(entity)
            .expect("a process has all its rows")
            .first_slice;
        let start = tail.start();
        let after = tail.after_start();
        let kept = usize::try_from(slice.saturating_sub(first + start.len))
            .unwrap_or(usize::MAX)
            .min(after.len());
        let journal = Journal {
            head_len: start.len,
            head_digest: start.digest,
            head: head_of(world, entity, tail),
            tail: after[..kept].to_vec(),
            pieces: journal::pieces_of(world, tail),
        };
        let limits = world
            .get::<Accounting>(entity)
            .expect("a process has all its rows")
            .limits();
        Birth {
            program: program_of(world, entity),
            limits,
            journal,
        }
    }
}

/// The checkpoint that a journal begins with.
fn head_of(world: &World, entity: Entity, tail: &JournalTail) -> Option<HeapImage> {
    let head = world.get::<JournalHead>(entity).filter(|_| tail.start().len > 0)?;
    world.resource::<Checkpoints>().get(&Mark::of(head, tail))
}

/// Calls in a journal that it has no reply for, by number.
#[must_use]
pub fn open_calls(slices: &[Slice]) -> std::collections::BTreeSet<u64> {
    use helios_abi::grant::Delivery;
    let mut open = std::collections::BTreeSet::new();
    for slice in slices {
        for delivery in &slice.grant.deliveries {
            if let Delivery::Reply { call, .. } = delivery {
                open.remove(call);
            }
        }
        open.extend(slice.batch.iter().flat_map(|batch| &batch.calls).map(|call| call.id));
    }
    open
}

/// The verdict on record for a slice.
pub(crate) fn recorded(world: &World, key: ProcKey, slice: u64) -> Option<VerdictReason> {
    verdict_on_record(world, key, slice).map(|verdict| verdict.reason)
}

/// Puts a verdict on record. A following run writes none: there it is the host's failure.
pub(crate) fn author(
    world: &mut World,
    key: ProcKey,
    slice: u64,
    reason: VerdictReason,
    detail: &str,
) -> Result<(), String> {
    if world.resource::<Log>().mode() == Mode::Following {
        let text = reason.text();
        return Err(format!(
            "process {key}, slice {slice}: {text} ({detail}), though no such verdict is on record"
        ));
    }
    tracing::warn!("process {key}, slice {slice}: {} ({detail})", reason.text());
    author_verdict(world, key, slice, reason);
    Ok(())
}

/// Tells the host how strict to be: what the log's mode says.
pub(crate) fn apply_strictness(world: &mut World) {
    let strictness = match world.resource::<Log>().mode() {
        Mode::Authoring => Strictness::Authoring,
        Mode::Following => Strictness::Following,
    };
    if world.resource::<Isolates>().strictness == Some(strictness) {
        return;
    }
    let mut isolates = world.resource_mut::<Isolates>();
    isolates.strictness = Some(strictness);
    if let Some(host) = isolates.host.as_mut() {
        host.set_strictness(strictness);
    }
}

/// Asks the host for the memory of live processes and logs what changed, as `kernel.sample` commands of the next tick.
///
/// For authoring runs, between ticks, at most once per epoch. Answers how many samples were logged.
pub fn log_memory_samples(world: &mut World) -> usize {
    if world.resource::<Log>().mode() == Mode::Following {
        return 0;
    }
    let samples = world
        .resource_mut::<Isolates>()
        .host
        .as_mut()
        .map_or_else(Vec::new, |host| host.sample_memory());
    let mut changed: std::collections::BTreeMap<NodeId, Vec<(u32, u64)>> = std::collections::BTreeMap::new();
    for sample in samples {
        let bytes = sample.bytes.div_ceil(SAMPLE_STEP_BYTES) * SAMPLE_STEP_BYTES;
        let entity = crate::lifecycle::alive(world, sample.process);
        let known = entity
            .and_then(|entity| world.get::<Accounting>(entity))
            .map(|row| row.mem_bytes);
        if known.is_some_and(|known| known != bytes) {
            changed
                .entry(sample.process.node)
                .or_default()
                .push((sample.process.pid.0, bytes));
        }
    }
    let mut logged = 0;
    for (node, mut samples) in changed {
        samples.sort_unstable();
        // A full log drops samples, which are for display and quotas, and keeps commands.
        if submit(world, node, "kernel.sample", json!({ "samples": samples })).is_ok() {
            logged += samples.len();
        }
    }
    logged
}
