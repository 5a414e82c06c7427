//! Machines and their processes: users, signals, pipes, terminals, capabilities, the scheduler, syscalls.
//!
//! # State
//! A machine's rows ([`Machine`](machine::Machine), counters, run queue, kernel log) are on its node's own entity. A
//! process is an entity with the rows that [`process`] lists; an open file is one ([`OpenFile`](files::OpenFile)); so is
//! a pipe, a terminal and a host session. [`KernelIndex`] finds them; it is rebuilt from the rows.
//!
//! # Who touches what in which phase
//! | phase | what the kernel does |
//! |---|---|
//! | `Ingest` | commands ([`commands`]) start processes, feed input, send signals |
//! | `Deliver` | deadlines of waiting calls run out (calendar events) |
//! | `Run` | machines that are to start boot, wakes are served, then the scheduler's rounds ([`sched`]) |
//! | `Account` | wakes of `Transmit` are served, so that none is left between ticks |
//!
//! # Invariants
//! - A process is its program, its start and its journal: a slice is journalled before it runs, and nothing that a
//!   slice did counts when a verdict ends it.
//! - Handlers of syscalls have the world to themselves; nothing is deferred; a call that waits is state.
//! - Calls in a journal without a reply are exactly the outstanding ones: checked after every restore.
//! - Pids, and the numbers of open files and objects, count up and are never reused.
//!
//! # For other rooms
//! The fs plugin implements [`ProgramLoader`] and a [`FileOps`] for inodes, and mounts [`proc`]; the net plugin adds
//! [`FileOps`] for sockets and wakes what waits with [`wake`]; both register handlers with [`RegisterSyscall`].

pub mod boot;
mod calls;
pub mod caps;
pub mod checkpoints;
pub mod commands;
pub mod files;
pub mod host;
pub mod index;
mod jobs;
pub mod journal;
pub mod lifecycle;
pub mod loader;
pub mod machine;
pub mod memory;
mod migrations;
mod plugin;
pub mod proc;
pub mod process;
mod programs;
mod restore;
mod rows;
pub mod sched;
pub mod signals;
pub mod slots;
mod snapshots;
pub mod spawn;
pub mod syscall;
mod syscalls;
#[doc(hidden)]
pub mod testing;
pub mod trace;
pub mod wait;

pub use calls::serve_wakes;
pub use caps::{CapSet, Scope};
pub use files::host::HostOutputs;
pub use files::{FileOps, FileRef, Io, OpenSpec, RegisterFileKind};
pub use host::{Halted, Isolates};
pub use index::KernelIndex;
pub use loader::{Account, Accounts, AccountsSource, LoadRequest, LoadSource, Loaded, Loader, Manifest, ProgramLoader};
pub use machine::{MachineSpec, spawn_machine};
pub use plugin::{KernelPlugin, KernelSystems};
pub use process::{Creds, Env};
pub use syscall::{Caller, Completion, RegisterSyscall, SysResult, Syscalls};
pub use wait::{WaitKey, WaitReason, wake};
