//! What a host and its child processes say to each other: length-prefixed postcard frames over a socket pair.

use std::io::{Read, Write};

use helios_abi::ProcKey;
use helios_abi::grant::{Batch, Grant, Journal, MemorySample, VerdictReason};
use helios_abi::host::{Limits, Outcome};
use helios_abi::program::{Digest32, Program};
use helios_abi::value::SharedBytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::confine::Confinement;
use crate::host::{MemoryUse, ThreadConfig};
use crate::startup::Startup;

/// Largest frame. A journal without its pieces is bounded well below it.
const MAX_FRAME_BYTES: u32 = 1 << 30;
/// Pieces that go in one frame, each of 64 KiB at most.
pub(crate) const PIECES_PER_FRAME: usize = 256;
/// A frame's memory that is kept for the next. A journal's worth is not.
const KEPT_BYTES: usize = 4 << 20;

/// The first frame.
#[derive(Serialize, Deserialize)]
pub(crate) struct Setup<'a> {
    pub(crate) startup: std::borrow::Cow<'a, Startup>,
    pub(crate) config: ThreadConfig,
    pub(crate) following: bool,
    pub(crate) chaos: Chaos,
}

/// Faults to inject, for tests.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Chaos {
    /// The system call `crash` kills the process that makes it.
    pub(crate) crash_call: bool,
    /// The slice at whose beginning the process dies, counted from 1; never, when zero.
    pub(crate) die_at: u64,
}

/// A question to a child. Each has one answer.
#[derive(Serialize, Deserialize)]
pub(crate) enum Ask {
    /// Pieces of long byte arrays, for the births of the run that follows.
    Pieces(Vec<(Digest32, SharedBytes)>),
    /// Run these slices. Programs that the child has not seen come first.
    Run {
        programs: Vec<(Digest32, Program)>,
        jobs: Vec<Job>,
    },
    /// Make a checkpoint.
    Make {
        key: ProcKey,
        program: Program,
        birth: Box<Birth>,
        base: Option<SharedBytes>,
    },
    /// Forget these processes.
    Forget(Vec<ProcKey>),
    /// Forget all of them.
    ForgetAll,
    /// Change strictness.
    Following(bool),
    /// What all live processes hold.
    Sample,
    /// What one process holds.
    Memory(ProcKey),
    /// Try to break out, and say how that went.
    Escape,
}

/// A slice.
#[derive(Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) key: ProcKey,
    pub(crate) grant: Grant,
    pub(crate) tries: u32,
    /// What makes the process, where the child lacks it.
    pub(crate) birth: Option<Birth>,
}

/// A process's origin.
#[derive(Serialize, Deserialize)]
pub(crate) struct Birth {
    pub(crate) program: Digest32,
    pub(crate) limits: Limits,
    /// Without its pieces, which come first.
    pub(crate) journal: Journal,
}

/// An answer.
#[derive(Serialize, Deserialize)]
pub(crate) enum Answer {
    /// The child is set up and confined.
    Ready(Confinement),
    /// Results in the order of the jobs, and the processes that the child dropped.
    Ran { results: Vec<Ran>, dropped: Vec<ProcKey> },
    /// A checkpoint, or why there is none.
    Made(Result<SharedBytes, String>),
    /// Done.
    Done,
    /// Samples.
    Samples(Vec<MemorySample>),
    /// One process.
    Memory(Option<MemoryUse>),
    /// What was tried and how it failed; an errno of zero is a success.
    Escapes(Vec<(String, i32)>),
}

/// What became of a slice.
#[derive(Serialize, Deserialize)]
pub(crate) enum Ran {
    Batch(Batch),
    Verdict(VerdictReason, String),
    Failure(String),
    /// It has to be tried again, from its journal.
    Again,
}

impl From<Outcome> for Ran {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Ran(batch) => Self::Batch(batch),
            Outcome::Verdict { reason, detail } => Self::Verdict(reason, detail),
            Outcome::Failure(text) => Self::Failure(text),
        }
    }
}

/// Sends one frame.
pub(crate) fn send<T: Serialize>(to: &mut impl Write, message: &T, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    buffer.clear();
    buffer.extend_from_slice(&[0; 4]);
    let mut frame = postcard::to_extend(message, std::mem::take(buffer)).map_err(std::io::Error::other)?;
    let len = u32::try_from(frame.len() - 4)
        .ok()
        .filter(|len| *len <= MAX_FRAME_BYTES);
    let len = len.ok_or_else(|| std::io::Error::other("a frame is too long"))?;
    frame[..4].copy_from_slice(&len.to_le_bytes());
    let done = to.write_all(&frame);
    *buffer = frame;
    buffer.clear();
    buffer.shrink_to(KEPT_BYTES);
    done
}

/// Bytes that the first read of a frame asks for: a short frame comes whole with its length, in one system call.
const FIRST_READ_BYTES: usize = 4096;

/// Receives one frame. The two ends take turns, so nothing of a next frame can be there yet.
pub(crate) fn receive<T: DeserializeOwned>(from: &mut impl Read, buffer: &mut Vec<u8>) -> std::io::Result<T> {
    buffer.clear();
    buffer.resize(FIRST_READ_BYTES, 0);
    let mut have = 0;
    while have < 4 {
        match from.read(&mut buffer[have..]) {
            Ok(0) => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => have += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let len = u32::from_le_bytes([buffer[0], buffer[1], buffer[2], buffer[3]]);
    if len > MAX_FRAME_BYTES {
        return Err(std::io::Error::other("a frame is too long"));
    }
    let end = len as usize + 4;
    if have > end {
        return Err(std::io::Error::other("a frame is followed by something"));
    }
    buffer.truncate(have);
    let rest = end - have;
    buffer.reserve(rest);
    // Not `read_exact`, which would have the memory zeroed first.
    if rest > 0 && from.take(rest as u64).read_to_end(buffer)? < rest {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    let message = postcard::from_bytes(&buffer[4..]).map_err(std::io::Error::other)?;
    buffer.clear();
    buffer.shrink_to(KEPT_BYTES);
    Ok(message)
}
