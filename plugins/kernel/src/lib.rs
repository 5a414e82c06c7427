//! Machines and their processes: users, signals, pipes, terminals, capabilities, the scheduler, syscalls.

pub mod caps;
pub mod files;
pub mod index;
pub mod loader;
pub mod machine;
pub mod process;
mod rows;
pub mod syscall;
pub mod wait;

pub use caps::{CapSet, Scope};
pub use files::{FileOps, FileRef, Io, RegisterFileKind};
pub use index::KernelIndex;
pub use loader::{LoadRequest, LoadSource, Loaded, Loader, ProgramLoader};
pub use machine::{MachineSpec, spawn_machine};
pub use process::{Creds, Env};
pub use syscall::{Caller, Completion, RegisterSyscall, SysResult, Syscalls};
pub use wait::{WaitKey, WaitReason, wake};

use bevy_ecs::schedule::SystemSet;

/// The kernel's systems.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KernelSystems {
    /// Serves what was woken, at the end of `Deliver`.
    ServeWakes,
}
