//! V8 isolates behind the grant/batch contract: worker threads, child processes, journal rebuild, limits.
//!
//! Invariants:
//! - a process sees its machine through system calls alone; beside them there are the gas callback and the pure
//!   intrinsics of one closed list;
//! - a batch is a function of the program and of the grants so far: not of threads, of the clock, of what else runs, of
//!   whether the isolate is new, old, parked, moved or rebuilt;
//! - a slice counts whole or not at all;
//! - a host is a cache: the kernel's journals rebuild every process, and each repeated call is compared with its record.

#![expect(
    unsafe_code,
    reason = "V8 is C++, and confinement is system calls; each block says why it is sound"
)]

pub mod bench;
mod carrier;
mod checkpoint;
mod child_role;
mod compile;
mod confine;
mod convert;
mod errors;
mod host;
mod intrinsics;
mod journal;
mod library;
mod limits;
mod marks;
mod modules;
mod natives;
mod patterns;
mod platform;
mod process;
mod rejections;
mod spin;
mod stack;
mod startup;
mod state;
pub mod testing;
mod watchdog;
mod wire;

pub use child_role::maybe_run_child_role;

pub use confine::Confinement;
pub use host::{Chaos, ChildConfig, ChildHost, MemoryUse, ThreadConfig, ThreadHost};
pub use platform::{FLAGS, initialize};
pub use stack::JS_STACK_BYTES;

/// What identifies a host's behaviour: a world recorded under other versions is not rebuilt.
#[must_use]
pub fn versions() -> std::collections::BTreeMap<String, String> {
    let flags = FLAGS.join(" ");
    [
        ("v8", v8::V8::get_version().to_owned()),
        (
            "v8_flags",
            format!("{flags} --stack-size={}", platform::STACK_KILOBYTES),
        ),
        ("transform", helios_compiler::TRANSFORM_VERSION.to_owned()),
        ("library", library::digest()),
        ("abi", helios_abi::ABI_VERSION.to_owned()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}
