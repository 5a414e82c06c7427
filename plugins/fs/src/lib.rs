//! Inodes, directory entries, permissions, and the program loader.
//!
//! A machine's file system is an *overlay* of rows above a *base image* that every machine of the world shares:
//!
//! - [`Inode`], [`Dentry`]: what a machine added or changed; [`Disk`]: its limits and its next inode number;
//! - [`BaseRow`]: which image the world uses, by hash. The image itself is blobs, carried by every save.
//!
//! Invariants:
//! - what a machine never changed has no row, so ten thousand machines hold one userland;
//! - an inode keeps its number when it is copied up, so hard links, open files and moved directories survive it;
//! - contents are pieces of 64 KiB named by their hash. A written piece is hashed once, at the end of the tick, and its
//!   row form is the hash whether it is hashed yet or not;
//! - every index ([`FsIndex`]) is a function of rows;
//! - permission bits are checked on every component of a path, capabilities on the canonical path that comes out;
//! - an inode's number says which volume it is on ([`disk`]): the disk's own, or an image that is mounted;
//! - the library `/usr/lib/helios` comes from the base layer alone: no overlay can put another in its place.
//!
//! The kernel owns descriptors and calls on them. This crate is what lies behind them ([`files`]), the calls on paths,
//! the mount of `/proc`, and the [`ProgramLoader`](helios_kernel::ProgramLoader).

pub mod access;
pub mod base;
mod calls;
mod commands;
mod data;
pub mod disk;
pub mod files;
mod index;
pub mod inode;
pub mod limits;
pub mod loader;
mod lower;
mod ops;
mod proc;
mod restore;
mod setup;
mod store;
mod walk;

use std::sync::Arc;

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::*;
use helios_engine::prelude::{ImagesAppExt, Phase, Rebuild, SimTick, StateAppExt};
use helios_kernel::loader::{AccountsSource, Loader};
use helios_kernel::{KernelSystems, RegisterFileKind};

pub use base::{BaseImage, BaseRow};
pub use commands::tree;
pub use index::{FsIndex, Usage};
pub use inode::{Dentry, Disk, Inode};
pub use limits::DiskLimits;
pub use setup::{create_disk, exists, make_dirs, read_file, read_text, write_file};
pub use store::Meta;
pub use walk::Actor;

/// The file systems of all machines. Add it after the kernel's plugin.
#[derive(Clone, Copy, Debug, Default)]
pub struct FsPlugin;

/// Systems of the file system.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FsSystems {
    /// Opens the base image and rebuilds the index, in [`Rebuild`].
    Rebuild,
    /// Hashes what was written in this tick, in [`Phase::Account`].
    Seal,
}

impl Plugin for FsPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<FsIndex>()
            .init_resource::<loader::ImportCache>()
            .register_row::<Inode>()
            .register_row::<Dentry>()
            .register_row::<Disk>()
            .carry_over::<Disk>(Disk::carry_over)
            .carry_over::<disk::Drives>(disk::Drives::carry_over)
            .register_row::<disk::Drives>()
            .register_row::<disk::Volume>()
            .register_row::<disk::Medium>()
            .keep_in_place::<disk::Medium>()
            .mend_images(disk::volume::lose_changed_media)
            .init_resource::<disk::FileForms>()
            .register_resource_row::<BaseRow>()
            .register_file_kind(files::KIND, files::InodeOps)
            .register_file_kind(files::PROC_KIND, files::ProcOps)
            .insert_resource(Loader(Arc::new(loader::FsLoader)))
            .insert_resource(AccountsSource(Arc::new(loader::FsAccounts)))
            .add_systems(
                Rebuild,
                restore::rebuild
                    .in_set(FsSystems::Rebuild)
                    .in_set(KernelSystems::RebuildFiles),
            )
            .add_systems(
                SimTick,
                data::seal
                    .in_set(Phase::Account)
                    .in_set(FsSystems::Seal)
                    .after(KernelSystems::ServeWakes)
                    .before(KernelSystems::TakeImages),
            )
            .add_systems(
                SimTick,
                disk::volume::follow_power
                    .in_set(Phase::Account)
                    .before(FsSystems::Seal)
                    .after(KernelSystems::ServeWakes),
            );
        calls::register(app);
        commands::register(app);
        disk::calls::register(app);
        disk::commands::register(app);
        disk::sync::register(app);
        setup::register(app);
        base::ensure(app.world_mut());
    }
}

#[cfg(test)]
mod tests;
