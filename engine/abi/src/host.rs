//! What the kernel asks of whatever runs isolates: threads of this process, or child processes behind a pipe.

use std::sync::Arc;

use crate::ProcKey;
use crate::grant::{Batch, Grant, Journal, MemorySample, VerdictReason};
use crate::program::{Digest32, Program};
use crate::value::SharedBytes;

/// Limits of one process that a host enforces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Limits {
    /// JavaScript heap, in bytes (`quotaMem`).
    pub heap_bytes: u64,
    /// Typed arrays, in bytes.
    pub array_buffer_bytes: u64,
}

/// What a host needs to have a process: it is asked for only when the host says that it lacks the process.
#[derive(Clone, Debug)]
pub struct Birth {
    /// Its program.
    pub program: Arc<Program>,
    /// Its limits.
    pub limits: Limits,
    /// Everything it lived through before this grant. Empty for a new process.
    pub journal: Journal,
}

/// A process's heap between two slices, or why there is none. A cache of one build on one installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose.
    pub process: ProcKey,
    /// Slices that it stands for: the length of the journal with its head.
    pub slices: u64,
    /// The journal's digest there.
    pub digest: Digest32,
    /// The image, for [`Journal::head`]; or what is in the way, for people.
    pub image: Result<SharedBytes, String>,
}

/// Where the kernel keeps what rebuilds a process.
pub trait Births {
    /// Everything needed to build `process` as it was before slice `slice`.
    fn birth(&self, process: ProcKey, slice: u64) -> Birth;
}

/// What became of a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran.
    Ran(Batch),
    /// The host ended the process in the middle of it: nothing that the slice did counts.
    Verdict {
        /// Why.
        reason: VerdictReason,
        /// What the host saw, for people. It never reaches state.
        detail: String,
    },
    /// The host could not run it, though the process did nothing wrong, or a rebuild differed from its journal.
    /// The run cannot go on truthfully: the kernel stops the world with this message.
    Failure(String),
}

/// How strict a host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// This run writes verdicts: limits as configured.
    Authoring,
    /// This run follows a log: limits are several times looser, and what still overruns is a failure, never a verdict.
    Following,
}

/// Runs slices.
///
/// A host is a cache of live isolates: the kernel's journals are the truth. Whatever it evicts, restarts or moves
/// between threads, the batches are the same.
pub trait IsolateHost: Send + Sync {
    /// Runs each slice, on any threads, and answers in the order of `grants`. A process is named at most once.
    fn run(&mut self, grants: Vec<(ProcKey, Grant)>, births: &dyn Births) -> Vec<Outcome>;

    /// Forgets a process that ended.
    fn forget(&mut self, process: ProcKey);

    /// Forgets every process (a restore, an upgrade).
    fn forget_all(&mut self);

    /// Memory of live processes, for `memBytes` samples.
    fn sample_memory(&mut self) -> Vec<MemorySample>;

    /// How strict it is from now on.
    fn set_strictness(&mut self, strictness: Strictness);

    /// Begins a checkpoint of a process at the end of `birth`'s journal, which must stand between two slices. The live
    /// isolate is not touched, and the world goes on meanwhile. `base` is the image, without a base of its own, of another
    /// process of the program: the new one is made as a difference from it. A host that makes none answers nothing.
    fn begin_checkpoint(&mut self, process: ProcKey, birth: Birth, base: Option<SharedBytes>) {
        let _ = (process, birth, base);
    }

    /// The checkpoints that are done, in no order; with `wait`, all that were begun. When they are done is the host's
    /// affair: nothing of it may reach state.
    fn take_checkpoints(&mut self, wait: bool) -> Vec<Checkpoint> {
        let _ = wait;
        Vec::new()
    }

    /// Processes whose idle isolates it dropped since it was last asked, to keep within its bounds: each is built anew
    /// for its next slice, from its checkpoint or its whole journal.
    fn take_hibernated(&mut self) -> Vec<ProcKey> {
        Vec::new()
    }

    /// What its checkpoints are made for, beyond its versions: those of another base are of no use here.
    fn checkpoint_base(&self) -> String {
        String::new()
    }

    /// What identifies its behaviour: V8 and its flags, the transform, the library.
    fn versions(&self) -> std::collections::BTreeMap<String, String>;
}
