//! Scenarios of the kernel with scripted programs: one module a feature.

mod capabilities;
mod determinism;
mod exec;
mod files;
mod jobs;
mod journals;
mod limits;
mod load;
mod mail;
mod processes;
mod schedule;
mod scripts;
mod signals;
mod terminals;
mod tracing;

/// Wraps an async block as a script.
macro_rules! script {
    ($sys:ident => $body:block) => {
        (|$sys: helios_kernel::testing::Sys| -> helios_kernel::testing::ScriptFuture { Box::pin(async move $body) }) as helios_kernel::testing::Script
    };
}
pub(crate) use script;
