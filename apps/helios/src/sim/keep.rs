//! Keeping a world: files, slots, autosaves, recordings. All of them write frames.

use std::path::Path;

use bevy_ecs::world::World;
use helios_abi::Digest32;
use helios_engine::log::{InputCursor, Log};
use helios_engine::replay::{Recorder, Recording};
use helios_engine::snapshot::{Frame, Manifest, take_frame, write_frame_file};
use helios_engine::state::StateError;
use helios_engine::versions::BuildVersions;
use helios_engine::worlds::WorldInfo;
use helios_kernel::files::host::HostOutputs;

use super::Sim;
use crate::error::Failure;
use crate::slots::{Autosave, AutosaveConfig, Sidecar, Slot, SlotName, Target, make_folder};

/// Makes a section of what lies beside a save; nothing where there is nothing to keep.
pub type Keeper = fn(&mut World) -> Option<Vec<u8>>;

impl Sim {
    /// The world as data that shares with what was taken before.
    ///
    /// # Errors
    /// If a row holds what state must not contain.
    pub fn frame(&mut self) -> Result<Frame, Failure> {
        take_frame(self.world_mut()).map_err(|error: StateError| Failure::new(error.to_string()))
    }

    /// Writes the world to a file, replacing it whole or not at all. Equal worlds give equal files.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&mut self, path: &Path) -> Result<(), Failure> {
        self.write_with_sidecar(path, None)
    }

    /// What lies beside the save comes first, and what lay there before goes last: whatever happens in between, a save
    /// has its own.
    fn write_with_sidecar(&mut self, path: &Path, manifest: Option<&Manifest>) -> Result<(), Failure> {
        let (sidecar, frame) = (self.sidecar(), self.frame()?);
        let world = (!sidecar.sections.is_empty()).then(|| frame.digest());
        if let Some(world) = world {
            sidecar.write_beside(path, world)?;
        }
        write_frame_file(path, &frame, manifest).map_err(|error| Failure::new(error.to_string()))?;
        Sidecar::remove_beside(path, world)
    }

    /// Writes the world to a file with what it says of itself, for a list or for sharing.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save_with(&mut self, path: &Path, manifest: &Manifest) -> Result<(), Failure> {
        let frame = self.frame()?;
        write_frame_file(path, &frame, Some(manifest)).map_err(|error| Failure::new(error.to_string()))
    }

    /// Writes the world to a slot.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save_slot(&mut self, name: &SlotName, title: Option<&str>) -> Result<Manifest, Failure> {
        make_folder()?;
        let slot = Slot {
            name: name.clone(),
            auto: None,
        };
        let path = slot.path()?;
        let mut manifest = self.manifest();
        if let Some(title) = title {
            title.clone_into(&mut manifest.title);
        }
        self.write_with_sidecar(&path, Some(&manifest))?;
        Ok(manifest)
    }

    /// Writes the world to where a command's option says.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save_to(&mut self, target: &Target) -> Result<(), Failure> {
        match target {
            Target::File(path) => self.save(path),
            Target::Slot(name) => self.save_slot(name, None).map(drop),
        }
    }

    /// Has `keeper` make the section `name` of what lies beside saves of this installation, whenever a slot is saved.
    pub fn keep_beside(&mut self, name: &'static str, keeper: Keeper) {
        self.keepers.insert(name, keeper);
    }

    /// Takes the section `name` of what lay beside the save that the world was opened from. It is a cache: it may be
    /// absent, and nothing of the world may depend on it.
    pub fn take_beside(&mut self, name: &str) -> Option<Vec<u8>> {
        self.beside.sections.remove(name)
    }

    fn sidecar(&mut self) -> Sidecar {
        let mut sidecar = Sidecar::default();
        for (&name, keeper) in &self.keepers {
            if let Some(section) = keeper(self.app.world_mut()) {
                sidecar.sections.insert(name.to_owned(), section);
            }
        }
        sidecar
    }

    /// Reads what lies beside a save that was just opened.
    pub(super) fn read_beside(&mut self, save: &Path, world: Digest32) {
        self.beside = Sidecar::read_beside(save, world).unwrap_or_default();
    }

    /// What a save that is made now says of itself.
    pub fn manifest(&mut self) -> Manifest {
        let hash = self.hash();
        let mut versions = self.world().resource::<BuildVersions>().parts().clone();
        versions.insert("helios".into(), env!("CARGO_PKG_VERSION").into());
        let mut manifest = self.presence.manifest();
        if manifest.title.is_empty() {
            manifest.title.clone_from(&self.world().resource::<WorldInfo>().name);
        }
        Manifest {
            versions,
            tick: self.tick(),
            hash,
            ..manifest
        }
    }

    /// Goes on from what a save says of itself, if that is about this world.
    pub(super) fn take_manifest(&mut self, manifest: Option<Manifest>) {
        let (tick, hash) = (self.tick(), self.hash());
        if let Some(manifest) = manifest.filter(|manifest| (manifest.tick, manifest.hash) == (tick, hash)) {
            self.presence.go_on(manifest);
        }
    }

    /// Saves every few minutes of the player's time from now on.
    pub fn autosave(&mut self, config: AutosaveConfig) {
        self.autosave = Some(Autosave::start(config));
    }

    /// Begins an autosave where one is due. That one failed is said in a line, and the world goes on.
    pub(super) fn autosave_if_due(&mut self) {
        if self.autosave.as_ref().is_none_or(|autosave| !autosave.is_due()) {
            return;
        }
        let manifest = self.manifest();
        let (sidecar, frame) = (self.sidecar(), self.frame());
        let autosave = self.autosave.as_mut().expect("looked at above");
        if let Err(failure) = frame.and_then(|frame| autosave.save(frame, manifest, sidecar)) {
            // The terminal may be raw: the line begins and ends at its left.
            eprint!("\r\nhelios: {failure}\r\n");
        }
    }

    /// Waits for an autosave that is being written.
    ///
    /// # Errors
    /// If it could not be written.
    pub fn finish_autosave(&mut self) -> Result<(), Failure> {
        self.autosave.as_mut().map_or(Ok(()), Autosave::wait)
    }

    /// Starts a recording: the world as it stands now, and what comes after. A world that was opened from another
    /// recording is on a branch of it.
    pub fn record(&mut self) {
        let parent = self.opened.as_ref().map(|recording| recording.log.digest());
        let world = self.app.world_mut();
        self.recorder = Some(match parent {
            Some(parent) => Recorder::start_branch(world, parent),
            None => Recorder::start(world),
        });
    }

    /// Goes on with the recording that the world was opened from; where there is none, starts one.
    pub fn record_on(&mut self) {
        match self.opened.take() {
            Some(recording) => self.recorder = Some(Recorder::go_on(self.app.world(), recording)),
            None => self.record(),
        }
    }

    /// Ends the recording, if one was started.
    pub fn take_recording(&mut self) -> Option<Recording> {
        self.recorder
            .take()
            .map(|recorder| recorder.finish(self.app.world_mut()))
    }

    /// A world that followed a recording to its end writes a log of its own from here.
    pub(super) fn author_from(&mut self, recording: Recording) {
        let cursor = *self.world().resource::<InputCursor>();
        self.world_mut().insert_resource(Log::authoring(cursor));
        // What sessions of the past wrote is nobody's any more, and their numbers are free.
        self.world_mut().insert_resource(HostOutputs::default());
        self.opened = Some(recording);
    }
}
