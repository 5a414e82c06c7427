//! The message loop between kernel and host: a *grant* goes in, a *batch* comes out. One of each is a *slice*.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::errno::SysError;
use crate::held::{self, Held};
use crate::program::Digest32;
use crate::value::{Bytes, SharedBytes, Value};
use crate::{ProcKey, Tick};

/// Most calls in one batch. A full batch yields as if gas were spent.
pub const MAX_BATCH_CALLS: usize = 1024;
/// Most weight of the calls in one batch, in bytes ([`Value::weight`]).
pub const MAX_BATCH_BYTES: u64 = 1 << 20;

/// What a process is given at the start of a slice, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// The first delivery of a process's life.
    Start(Start),
    /// The answer to a call.
    Reply {
        /// The call's number.
        call: u64,
        /// What it answered.
        result: Result<Value, SysError>,
    },
    /// A signal that the process handles.
    Signal {
        /// Its number.
        signal: i32,
    },
}

/// What a process knows when it starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Its pid.
    pub pid: u32,
    /// Arguments, the program's name first.
    pub argv: Vec<String>,
    /// Environment.
    pub env: BTreeMap<String, String>,
    /// Working directory.
    pub cwd: String,
    /// Milliseconds since the Unix epoch at tick 0.
    pub epoch_ms: u64,
    /// Key of the process's random stream (`Math.random`, `crypto.getRandomValues`), 32 bytes.
    pub random_key: Bytes,
}

/// A slice's input. It is journalled before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The slice's number in the process's life, from 0.
    pub slice: u64,
    /// The tick it runs in: the process's clock.
    pub tick: Tick,
    /// Gas it may use.
    pub gas: u64,
    /// What it is given. Empty when a parked computation goes on; or the one signal that interrupts it.
    pub deliveries: Vec<Delivery>,
}

/// A call that a process made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its number in the process's life, from 1.
    pub id: u64,
    /// The syscall's name, as the program gave it.
    pub name: String,
    /// Its arguments.
    pub args: Value,
}

/// How a slice ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It waits for a delivery and holds no thread.
    Pending,
    /// It ran out of gas (or of batch) in the middle of a computation and goes on at the next grant.
    Parked,
    /// It ended: at the end of its top level with nothing left to wait for, or by an uncaught error.
    Exited {
        /// Status, 0 to 255.
        code: i32,
        /// The uncaught error with its trace, for standard error.
        error: Option<String>,
    },
}

/// A slice's output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Calls in the order in which they were made.
    pub calls: Vec<Call>,
    /// Gas used. It may exceed the grant by the price of one indivisible step: the excess is debt.
    pub gas_used: u64,
    /// How it ended.
    pub status: Status,
}

/// Why a host ended a process in the middle of a slice. Recorded in the log by an authoring run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum VerdictReason {
    /// The slice used more CPU time than the host allows.
    Watchdog,
    /// The JavaScript heap outgrew the process's quota.
    Heap,
    /// Typed arrays outgrew the process's quota.
    ArrayBuffers,
    /// The slice kills the host process that runs it, every time.
    Crash,
    /// The journal before the slice outgrew its bounds, and no checkpoint could take its place.
    Journal,
}

impl VerdictReason {
    /// What the process's status says.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Watchdog => "a single slice ran for too long without reaching a gas check",
            Self::Heap => "out of memory: the JavaScript heap outgrew the process's quota",
            Self::ArrayBuffers => "out of memory: typed arrays outgrew the process's quota",
            Self::Crash => "the process repeatedly crashed the isolate that ran it",
            Self::Journal => "its journal outgrew its bounds, and no checkpoint could take its place",
        }
    }
}

/// One slice as the journal keeps it: long byte arrays are named, not held (see [`held`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// What went in.
    pub grant: Grant,
    /// What came out; absent for a slice under way.
    pub batch: Option<Batch>,
    /// Long byte arrays of the deliveries.
    pub given: Vec<Held>,
    /// Long byte arrays of the calls.
    pub made: Vec<Held>,
}

impl Slice {
    /// A slice that is about to run. `keep` stores the pieces of long byte arrays and names them.
    pub fn open(grant: &Grant, keep: impl FnMut(&[u8]) -> Digest32) -> Self {
        let mut grant = grant.clone();
        let given = held::take_given(&mut grant.deliveries, keep);
        Self {
            grant,
            batch: None,
            given,
            made: Vec::new(),
        }
    }

    /// Takes in what the slice did.
    pub fn close(&mut self, mut batch: Batch) {
        self.made = held::take_made(&mut batch.calls);
        self.batch = Some(batch);
    }

    /// What a repetition of the slice did, in the form in which the journal keeps the first run: equal to `batch` and
    /// `made` when nothing differs. A slice that names nothing, as in saves of 0.1, is compared whole.
    #[must_use]
    pub fn repeated(made: &[Held], mut batch: Batch) -> (Batch, Vec<Held>) {
        if made.is_empty() {
            return (batch, Vec::new());
        }
        let again = held::take_made(&mut batch.calls);
        (batch, again)
    }

    /// The grant as it was given.
    ///
    /// # Errors
    /// When `find` has no bytes for a name.
    pub fn whole_grant(&self, find: impl Fn(&Digest32) -> Option<SharedBytes>) -> Result<Grant, String> {
        let mut grant = self.grant.clone();
        held::put_back(&mut grant.deliveries, &self.given, find)?;
        Ok(grant)
    }
}

/// A process's heap between two slices, in its host's own form: as a difference from another one, where that is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeapImage {
    /// The image.
    pub bytes: SharedBytes,
    /// The image of a process of the same program that it was made with.
    pub base: Option<SharedBytes>,
}

/// A process's journal: the chain of its slices. It rebuilds the process exactly.
///
/// Its head is a checkpoint with its place in the chain: how many slices came before the tail that is kept, and the
/// chain's digest there. Without one the length is zero, and the tail is the whole life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// Slices before the tail.
    pub head_len: u64,
    /// The chain's digest before the tail.
    pub head_digest: Digest32,
    /// The checkpoint that stands for those before the tail, as a host made it
    /// ([`IsolateHost::begin_checkpoint`](crate::host::IsolateHost::begin_checkpoint)).
    pub head: Option<HeapImage>,
    /// The slices that are kept, oldest first.
    pub tail: Vec<Slice>,
    /// The pieces of long byte arrays that the process was given, by name.
    pub pieces: BTreeMap<Digest32, SharedBytes>,
}

/// Extends the chain: `digest' = SHA-256(digest || the slice as JSON)`.
///
/// The encoding is JSON with fixed field order, so that the digest does not hang on a library's binary format. Where no
/// byte array is held by name, the slice is encoded without the two lists of names, as it was before there were any.
#[must_use]
pub fn chain(digest: Digest32, slice: &Slice) -> Digest32 {
    use sha2::{Digest, Sha256};
    #[derive(Serialize)]
    struct Plain<'s> {
        grant: &'s Grant,
        batch: &'s Option<Batch>,
    }
    let Slice {
        grant,
        batch,
        given,
        made,
    } = slice;
    let encoded = if given.is_empty() && made.is_empty() {
        serde_json::to_vec(&Plain { grant, batch })
    } else {
        serde_json::to_vec(slice)
    };
    let mut hasher = Sha256::new();
    hasher.update(digest.0);
    hasher.update(encoded.expect("a slice is always JSON"));
    Digest32(hasher.finalize().into())
}

/// What a host has seen of a process's memory, for the guide's `memBytes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemorySample {
    /// The process.
    pub process: ProcKey,
    /// Heap and array buffers, in bytes.
    pub bytes: u64,
}
