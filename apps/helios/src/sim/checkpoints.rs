//! Checkpoints of processes beside the saves of this installation, sealed with its key.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use bevy_ecs::world::World;
use helios_kernel::checkpoints::{SealKey, any, seal, submit_lost, unseal};

use super::Sim;
use crate::error::{Failure, describe};
use crate::slots::make_folder;

/// The section of what lies beside a save.
pub(super) const SECTION: &str = "checkpoints";
/// The key's file, beside the folder of saves.
const KEY_FILE: &str = "installation.key";

/// Seals what a save needs. Without a key there is nothing: the processes are started again from there.
pub(super) fn keep(world: &mut World) -> Option<Vec<u8>> {
    if !any(world) {
        return None;
    }
    let key = installation_key()
        .inspect_err(|failure| tracing::warn!("no checkpoint is kept: {failure}"))
        .ok()?;
    seal(world, &key)
}

/// The key of this installation, made when it is first asked for.
fn installation_key() -> Result<SealKey, Failure> {
    let saves = make_folder()?;
    let path = saves.parent().unwrap_or(&saves).join(KEY_FILE);
    let fail = |error: std::io::Error| Failure::new(format!("{}: {}", path.display(), describe(&error)));
    let mut key = [0; 32];
    match std::fs::File::open(&path) {
        Ok(mut file) => {
            file.read_exact(&mut key).map_err(fail)?;
            return Ok(SealKey(key));
        }
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fail(error)),
        Err(_) => {}
    }
    std::fs::File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut key))
        .map_err(fail)?;
    let temporary = path.with_extension("key.tmp");
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)
        .and_then(|mut file| {
            file.write_all(&key)?;
            file.sync_all()?;
            // Whoever was first has made the key.
            match std::fs::hard_link(&temporary, &path) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
                _ => std::fs::remove_file(&temporary),
            }
        });
    written.map_err(fail)?;
    std::fs::File::open(&path)
        .and_then(|mut file| file.read_exact(&mut key))
        .map_err(fail)?;
    Ok(SealKey(key))
}

impl Sim {
    /// After a save was opened: takes in the checkpoints that lie beside it, and has processes that cannot be rebuilt
    /// without one started again. What is in the way is said in a line.
    pub(super) fn take_over_checkpoints(&mut self, save: &Path) -> Result<(), Failure> {
        if let Some(sealed) = self.take_beside(SECTION) {
            let taken = installation_key()
                .map_err(|failure| failure.message)
                .and_then(|key| unseal(self.world_mut(), &sealed, &key).map_err(|error| error.to_string()));
            if let Err(problem) = taken {
                eprintln!("helios: {}: {problem}", save.display());
            }
        }
        let lost = submit_lost(self.world_mut()).map_err(|error| Failure::new(error.to_string()))?;
        if !lost.is_empty() {
            let (what, whom) = if lost.len() == 1 {
                ("process has", "it")
            } else {
                ("processes have", "them")
            };
            eprintln!(
                "helios: {}: {} {what} no checkpoint here and ended; services start {whom} again",
                save.display(),
                lost.len()
            );
        }
        Ok(())
    }
}
