//! Failures of the command line: one clear sentence and a status.

use std::fmt;

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// The sentence, without a capital or a full stop, as `helios: SENTENCE` shows it.
    pub message: String,
    /// The process's exit status.
    pub status: u8,
}

impl Failure {
    /// A failure with status 1.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            status: 1,
        }
    }

    /// A wrong use of the command line, status 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            status: 2,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The status of a session whose terminal was hung up: 128 + SIGHUP.
pub const STATUS_HANGUP: u8 = 129;

/// What a command answers: the status that the program ends with.
pub type Outcome = Result<u8, Failure>;

/// Reads a file of this computer, with its name in the error.
///
/// # Errors
/// If it cannot be read, or is larger than `limit_bytes`.
pub fn read_host_file(path: &std::path::Path, limit_bytes: u64) -> Result<Vec<u8>, Failure> {
    let fail = |error: std::io::Error| Failure::new(format!("{}: {}", path.display(), describe(&error)));
    let metadata = std::fs::metadata(path).map_err(fail)?;
    if metadata.is_dir() {
        return Err(Failure::new(format!("{}: is a directory", path.display())));
    }
    if metadata.len() > limit_bytes {
        let message = format!(
            "{}: {} bytes are more than the {limit_bytes} allowed",
            path.display(),
            metadata.len()
        );
        return Err(Failure::new(message));
    }
    std::fs::read(path).map_err(fail)
}

/// An I/O error in words, without the operating system's number.
#[must_use]
pub fn describe(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}
