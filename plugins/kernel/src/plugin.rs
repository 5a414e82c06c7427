//! The plugin: rows, commands, syscalls, systems.

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::*;
use helios_engine::prelude::{
    BlobId, ImagesAppExt, IngestSystems, OnUpgrade, Phase, Rebuild, Row, RowOptions, SimTick, StateAppExt, TimeAppExt,
    VersionsAppExt, Wake, WorldsAppExt,
};

use crate::checkpoints::Checkpoints;
use crate::files::host::{HostOps, HostOutputs, HostSession};
use crate::files::pipe::{PipeBuffer, PipeOps};
use crate::files::tty::pty::PtyOps;
use crate::files::tty::{Tty, TtyOps};
use crate::files::{Fds, FileKinds, OpenFile, RegisterFileKind, host as host_files, pipe, tty};
use crate::host::{Halted, Isolates};
use crate::index::KernelIndex;
use crate::machine::{Counters, KernelLog, Machine};
use crate::process::{
    Accounting, Creds, Env, Family, Inbox, JournalHead, JournalTail, Loads, Mailbox, ProgramRow, Run, RunQueue,
    SignalTable, Traces,
};
use crate::programs::Programs;
use crate::sched::{Budgets, Forgotten, is_busy, run_processes};
use crate::slots::Slots;
use crate::snapshots::Requests;
use crate::syscall::Syscalls;
use crate::trace::TraceRing;
use crate::wait::{Outstanding, Wakes};
use crate::{boot, calls, checkpoints, commands, journal, machine, migrations, restore, snapshots, syscalls};

/// Machines and processes. Add it after the engine's plugin.
#[derive(Clone, Copy, Debug, Default)]
pub struct KernelPlugin;

/// The kernel's systems.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KernelSystems {
    /// In `Run`: machines boot, wakes are served, processes run.
    Run,
    /// In `Account`: wakes of `Transmit` are served.
    ServeWakes,
    /// In `Account`: images of machines are taken. Whoever changes rows in `Account` comes before.
    TakeImages,
    /// In `Ingest`: images are put in the place of machines.
    LoadImages,
    /// In `Rebuild`: indexes and checks after a restore.
    Rebuild,
    /// In `Rebuild`, after the kernel: those of the file systems.
    RebuildFiles,
    /// In `Rebuild`, after the file systems: those of the network.
    RebuildNetwork,
    /// In `OnUpgrade`: machines are power-cycled.
    Upgrade,
}

impl Plugin for KernelPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<KernelIndex>()
            .init_resource::<FileKinds>()
            .init_resource::<Syscalls>()
            .init_resource::<Isolates>()
            .init_resource::<Halted>()
            .init_resource::<HostOutputs>()
            .init_resource::<TraceRing>()
            .init_resource::<Wakes>()
            .init_resource::<Forgotten>()
            .init_resource::<Checkpoints>()
            .init_resource::<Programs>()
            .init_resource::<Budgets>()
            .init_resource::<Requests>();
        register_rows(app);
        app.register_file_kind(pipe::KIND, PipeOps)
            .register_file_kind(host_files::KIND, HostOps)
            .register_file_kind(tty::KIND, TtyOps)
            .register_file_kind(tty::pty::KIND, PtyOps);
        syscalls::register(app);
        commands::register(app);
        app.register_version("abi", helios_abi::ABI_VERSION)
            .register_world_section("machine", 0, machine::build_section)
            .register_event(calls::DEADLINE, calls::on_deadline)
            .register_idle_probe(|world| {
                if is_busy(world) || !world.resource::<Requests>().is_empty() {
                    Wake::Busy
                } else {
                    Wake::Never
                }
            })
            .add_systems(
                SimTick,
                (boot::boot_starting, calls::serve_wakes, run_processes)
                    .chain()
                    .in_set(Phase::Run)
                    .in_set(KernelSystems::Run),
            )
            .add_systems(
                SimTick,
                (calls::serve_wakes, checkpoints::maintain)
                    .chain()
                    .in_set(Phase::Account)
                    .in_set(KernelSystems::ServeWakes),
            )
            .add_systems(
                SimTick,
                snapshots::take_images
                    .in_set(Phase::Account)
                    .in_set(KernelSystems::TakeImages)
                    .after(KernelSystems::ServeWakes),
            )
            .add_systems(
                SimTick,
                snapshots::load_images
                    .in_set(Phase::Ingest)
                    .in_set(KernelSystems::LoadImages)
                    .before(IngestSystems),
            )
            .configure_sets(
                Rebuild,
                (
                    KernelSystems::Rebuild,
                    KernelSystems::RebuildFiles,
                    KernelSystems::RebuildNetwork,
                )
                    .chain(),
            )
            .add_systems(Rebuild, restore::rebuild.in_set(KernelSystems::Rebuild))
            .add_systems(OnUpgrade, boot::power_cycle_all.in_set(KernelSystems::Upgrade));
    }
}

macro_rules! rows {
    ($($type:ty = $name:literal;)*) => {
        $(impl Row for $type {
            const NAME: &'static str = $name;
            const SCHEMA: u32 = 1;
        })*
        fn register_plain_rows(app: &mut App) {
            $(app.register_row::<$type>();)*
        }
    };
}

rows! {
    Counters = "machine_counters";
    Creds = "process_creds";
    Env = "process_env";
    Fds = "process_fds";
    HostSession = "host_session";
    Inbox = "process_inbox";
    KernelLog = "machine_log";
    Loads = "process_loads";
    Machine = "machine";
    Mailbox = "process_mailbox";
    OpenFile = "open_file";
    Outstanding = "process_calls";
    PipeBuffer = "pipe";
    RunQueue = "machine_queue";
    Traces = "process_traces";
}

macro_rules! second_rows {
    ($($type:ty = $name:literal, $migration:path;)*) => {
        $(impl Row for $type {
            const NAME: &'static str = $name;
            const SCHEMA: u32 = 2;
        })*
        fn register_second_rows(app: &mut App) {
            $(app.register_row_with::<$type>(RowOptions {
                migrations: &[$migration],
                ..RowOptions::default()
            });)*
        }
    };
}

second_rows! {
    Accounting = "process_accounting", migrations::accounting;
    Family = "process", migrations::family;
    Run = "process_run", migrations::run;
    SignalTable = "process_signals", migrations::signals;
    Tty = "tty", migrations::tty;
}

impl Row for ProgramRow {
    const NAME: &'static str = "process_program";
    const SCHEMA: u32 = 1;

    fn blobs(&self, ids: &mut Vec<BlobId>) {
        ids.extend(self.modules.iter().map(|module| module.source));
    }
}

impl Row for JournalHead {
    const NAME: &'static str = "process_journal";
    const SCHEMA: u32 = 3;
}

impl Row for JournalTail {
    const NAME: &'static str = "process_journal_tail";
    const SCHEMA: u32 = 2;

    fn blobs(&self, ids: &mut Vec<BlobId>) {
        let held = self.slices.iter().flat_map(|slice| &slice.given);
        ids.extend(held.flat_map(|held| &held.pieces));
    }
}

fn register_rows(app: &mut App) {
    register_plain_rows(app);
    register_second_rows(app);
    app.register_row::<ProgramRow>();
    app.register_row_with::<JournalHead>(RowOptions {
        migrations: &[migrations::journal, migrations::journal_sizes],
        ..RowOptions::default()
    });
    app.register_row::<Slots>()
        .keep_in_place::<Slots>()
        .carry_over::<Counters>(Counters::carry_over)
        .carry_over::<Machine>(Machine::carry_over)
        .leave_out_where::<JournalTail>(journal::is_beyond_images);
    // The head's digest stands for the tail, which would otherwise be hashed again with every slice.
    app.register_row_with::<JournalTail>(RowOptions {
        hashed: false,
        migrations: &[migrations::journal_tail],
    });
}
