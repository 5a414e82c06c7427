//! Rolling autosaves: every few minutes of the player's time, in a thread of their own, the newest few kept.

use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use helios_engine::snapshot::{Frame, Manifest, write_frame_file};

use super::{Sidecar, Slot, SlotName, list, make_folder};
use crate::error::Failure;

/// How often, and how many are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct AutosaveConfig {
    /// Whose autosaves they are.
    pub slot: SlotName,
    /// Time of the player from one to the next.
    pub every: Duration,
    /// How many of the newest stay.
    pub keep: usize,
}

/// Autosaves of a world that is played.
///
/// The world gives a frame and goes on; whoever writes it has as long as it takes. A save that is due while the one
/// before is still being written waits for its turn.
#[derive(Debug)]
pub struct Autosave {
    config: AutosaveConfig,
    last: Instant,
    writer: Option<JoinHandle<Result<(), String>>>,
}

impl Autosave {
    /// Begins to count from now.
    #[must_use]
    pub fn start(config: AutosaveConfig) -> Self {
        Self {
            config,
            last: now(),
            writer: None,
        }
    }

    /// Whether a save is due and can be taken.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.last.elapsed() >= self.config.every && self.writer.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Begins to write a save. Answers what went wrong with the one before.
    ///
    /// # Errors
    /// If the last save could not be written, or the folder cannot be made.
    pub fn save(&mut self, frame: Frame, manifest: Manifest, beside: Sidecar) -> Result<(), Failure> {
        let before = self.wait();
        self.last = now();
        make_folder()?;
        let numbers = self.numbers()?;
        let slot = Slot {
            name: self.config.slot.clone(),
            auto: Some(numbers.first().map_or(1, |(newest, _)| newest + 1)),
        };
        let path = slot.path()?;
        // One place is for the new one.
        let old: Vec<PathBuf> = numbers
            .into_iter()
            .skip(self.config.keep.saturating_sub(1))
            .map(|(_, path)| path)
            .collect();
        self.writer = Some(std::thread::spawn(move || {
            if !beside.sections.is_empty() {
                beside
                    .write_beside(&path, frame.digest())
                    .map_err(|failure| failure.message)?;
            }
            write_frame_file(&path, &frame, Some(&manifest)).map_err(|error| error.to_string())?;
            // Only now: a save that could not be written costs none of those that there are.
            for path in old {
                _ = std::fs::remove_file(&path);
                _ = Sidecar::remove_beside(&path, None);
            }
            Ok(())
        }));
        before
    }

    /// Waits for a save that is being written.
    ///
    /// # Errors
    /// If it could not be written.
    pub fn wait(&mut self) -> Result<(), Failure> {
        let Some(writer) = self.writer.take() else {
            return Ok(());
        };
        let written = writer.join().unwrap_or_else(|_| Err("its writer failed".to_owned()));
        written.map_err(|problem| Failure::new(format!("autosave: {problem}")))
    }

    /// This slot's autosaves, newest first.
    fn numbers(&self) -> Result<Vec<(u64, PathBuf)>, Failure> {
        let entries = list()?.into_iter().filter(|entry| entry.slot.name == self.config.slot);
        Ok(entries
            .filter_map(|entry| Some((entry.slot.auto?, entry.path)))
            .collect())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "autosaves follow the player's clock; none of it reaches a world"
)]
fn now() -> Instant {
    Instant::now()
}
