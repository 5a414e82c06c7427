//! The message loop between kernel and host: a *grant* goes in, a *batch* comes out. One of each is a *slice*.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::errno::SysError;
use crate::program::Digest32;
use crate::value::{Bytes, Value};
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
        }
    }
}

/// One slice as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// What went in.
    pub grant: Grant,
    /// What came out; absent for a slice under way.
    pub batch: Option<Batch>,
}

/// A process's journal: the chain of its slices. It rebuilds the process exactly.
///
/// `head` is a checkpoint's place in the chain: how many slices came before the tail that is kept, and the chain's
/// digest there. Without a checkpoint it is zero, and the tail is the whole life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// Slices before the tail.
    pub head_len: u64,
    /// The chain's digest before the tail.
    pub head_digest: Digest32,
    /// The slices that are kept, oldest first.
    pub tail: Vec<Slice>,
}

/// Extends the chain: `digest' = SHA-256(digest || canonical postcard-like encoding of the slice)`.
///
/// The encoding is JSON with fixed field order, so that the digest does not hang on a library's binary format.
#[must_use]
pub fn chain(digest: Digest32, slice: &Slice) -> Digest32 {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    hasher.update(digest.0);
    hasher.update(serde_json::to_vec(slice).expect("a slice is always JSON"));
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
