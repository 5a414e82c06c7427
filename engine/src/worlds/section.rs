//! Sections of world files, and values that know where they stand.

use ron::extensions::Extensions;
use ron::value::RawValue;
use ron::{Options, error::SpannedError};
use serde::de::{Deserialize, Deserializer, Error};

use super::WorldError;

/// Marks a byte position inside an error message on its way out of a nested value.
const MARK: char = '\u{1}';

/// A value of a world file together with where it stands: for errors about its meaning.
///
/// It works as a field of whatever a [`Section`] is read into, at any depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its byte in the file.
    pub(crate) at: usize,
}

impl<T> Spanned<T> {
    /// Another value that stands in the same place.
    #[must_use]
    pub fn map<U>(self, value: U) -> Spanned<U> {
        Spanned { value, at: self.at }
    }
}

impl<T> core::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

thread_local! {
    /// Address of the first byte of the text that this thread reads. It turns places of borrowed text into positions
    /// and is set for the time of one read.
    static TEXT_START: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}

/// The byte at which borrowed text stands in the text that is read.
fn byte_of(part: &str) -> usize {
    (part.as_ptr() as usize).wrapping_sub(TEXT_START.get())
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        let part = trimmed(raw);
        let at = byte_of(part);
        let value = options().from_str(part).map_err(|error| {
            let (byte, problem) = locate(part, at, &error);
            D::Error::custom(format!("{MARK}{byte}{MARK}{problem}"))
        })?;
        Ok(Self { value, at })
    }
}

/// A section of a node, as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    file: &'a str,
    text: &'a str,
    name: &'a str,
    part: &'a str,
}

impl<'a> Section<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str, name: &'a str, raw: &'a RawValue) -> Self {
        Self {
            file,
            text,
            name,
            part: trimmed(raw),
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &str {
        self.name
    }

    /// Reads the section into a type. Use [`Spanned`] for fields whose meaning is checked afterwards.
    ///
    /// # Errors
    /// Names the place of the first fault.
    pub fn read<T: Deserialize<'a>>(&self) -> Result<T, WorldError> {
        read_part(self.file, self.text, self.part)
    }

    /// An error about the section as a whole.
    #[must_use]
    pub fn error(&self, problem: impl Into<String>) -> WorldError {
        let at = (self.part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        WorldError::at(self.file, self.text, at, problem)
    }

    /// An error about one value of it.
    #[must_use]
    pub fn error_at<T>(&self, value: &Spanned<T>, problem: impl Into<String>) -> WorldError {
        WorldError::at(self.file, self.text, value.at, problem)
    }
}

/// Reads a part of a text into a type.
pub(super) fn read_part<'a, T: Deserialize<'a>>(file: &str, text: &'a str, part: &'a str) -> Result<T, WorldError> {
    let before = TEXT_START.replace(text.as_ptr() as usize);
    let at = byte_of(part);
    let read = options().from_str(part);
    TEXT_START.set(before);
    read.map_err(|error| {
        let (byte, problem) = locate(part, at, &error);
        WorldError::at(file, text, byte, problem)
    })
}

fn options() -> Options {
    Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

/// The text of a value without the blanks and comments around it.
fn trimmed(raw: &RawValue) -> &str {
    raw.trim().get_ron()
}

/// Byte and message of an error: those of a nested value where the message carries them.
fn locate(part: &str, at: usize, error: &SpannedError) -> (usize, String) {
    let message = error.code.to_string();
    if let Some((byte, problem)) = message.split_once(MARK).and_then(|(_, rest)| rest.split_once(MARK))
        && let Ok(byte) = byte.parse()
    {
        return (byte, problem.to_owned());
    }
    let byte = byte_at(part, error.span.start.line, error.span.start.col);
    // The parser points before the blanks that lead up to a faulty value.
    let blanks = part[byte..].len() - part[byte..].trim_start().len();
    (at + byte + blanks, message)
}

/// The byte at a line and column, both counted from 1.
fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = &text[start..];
    start
        + rest
            .char_indices()
            .nth(column.saturating_sub(1))
            .map_or(rest.len(), |(byte, _)| byte)
}
