//! What is wrong with a source, and where: self-contained (each diagnostic carries the line it points at), so that it
//! can be printed, serialised or sent without the source at hand.

use std::fmt;

use oxc_diagnostics::OxcDiagnostic;
use serde::{Deserialize, Serialize};

/// Longest excerpt kept of a source line, in characters; longer lines are cut around the caret.
const EXCERPT_CHARS_MAX: usize = 160;

/// Most diagnostics reported for one source; the rest are counted in a last entry.
pub const DIAGNOSTICS_MAX: usize = 50;

/// How bad a diagnostic is: only errors stop compilation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The source is refused.
    Error,
    /// The source is accepted.
    Warning,
}

/// One complaint about one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Whether it stops compilation.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// What to do about it, where there is something to say.
    pub help: Option<String>,
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 units, from 1.
    pub column: u32,
    /// Byte offset in the source.
    pub offset: u32,
    /// Length in bytes of what is pointed at.
    pub len: u32,
    /// The source line, cut where it is very long.
    pub excerpt: String,
    /// Where the caret goes in `excerpt`, in characters from 0.
    pub caret: u32,
    /// How many characters of `excerpt` are underlined.
    pub caret_len: u32,
}

/// All complaints about one source, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostics {
    /// The name of the source, as given by the caller.
    pub specifier: String,
    /// Sorted by offset.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// No complaints.
    pub(crate) fn new(specifier: &str) -> Self {
        Self {
            specifier: specifier.to_owned(),
            list: Vec::new(),
        }
    }

    /// Whether there is nothing to report.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether compilation must stop.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// The diagnostics as JSON: `{"specifier", "list": [{"severity", "message", "help", "line", …}]}`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("diagnostics are plain data")
    }

    /// Adds an error at the bytes `start..end` of `source`.
    pub(crate) fn error(&mut self, source: &str, start: u32, end: u32, message: impl Into<String>, help: Option<&str>) {
        self.push(
            source,
            Severity::Error,
            start,
            end,
            message.into(),
            help.map(str::to_owned),
        );
    }

    /// Adds what oxc reports, in our words' form.
    pub(crate) fn extend_from_oxc(&mut self, source: &str, list: impl IntoIterator<Item = OxcDiagnostic>) {
        for d in list {
            let (start, end) = d.labels.first().map_or((0, 0), |label| {
                (label.offset(), label.offset().saturating_add(label.len()))
            });
            let severity = match d.severity {
                oxc_diagnostics::Severity::Error => Severity::Error,
                _ => Severity::Warning,
            };
            self.push(
                source,
                severity,
                start,
                end,
                d.message.to_string(),
                d.help.as_ref().map(ToString::to_string),
            );
        }
    }

    fn push(&mut self, source: &str, severity: Severity, start: u32, end: u32, message: String, help: Option<String>) {
        if self.list.len() > DIAGNOSTICS_MAX {
            return;
        }
        if self.list.len() == DIAGNOSTICS_MAX {
            let (message, help) = ("there are more; fix these first".to_owned(), None);
            self.list.push(Diagnostic {
                message,
                help,
                ..self.list[DIAGNOSTICS_MAX - 1].clone()
            });
            return;
        }
        let place = Place::of(source, start, end);
        self.list.push(Diagnostic {
            severity,
            message,
            help,
            line: place.line,
            column: place.column,
            offset: start,
            len: end.saturating_sub(start),
            excerpt: place.excerpt,
            caret: place.caret,
            caret_len: place.caret_len,
        });
    }

    /// Sorts by place and drops exact repeats.
    pub(crate) fn finish(mut self) -> Self {
        self.list.sort_by_key(|d| (d.offset, d.severity));
        self.list
            .dedup_by(|a, b| (a.offset, &a.message) == (b.offset, &b.message));
        self
    }
}

/// The form of `rustc`: message, `file:line:column`, excerpt, caret, help.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, d) in self.list.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let label = if d.severity == Severity::Error {
                "error"
            } else {
                "warning"
            };
            let number = d.line.to_string();
            let gutter = " ".repeat(number.len());
            writeln!(f, "{label}: {}", d.message)?;
            writeln!(f, "{gutter}--> {}:{}:{}", self.specifier, d.line, d.column)?;
            writeln!(f, "{gutter} |")?;
            writeln!(f, "{number} | {}", d.excerpt)?;
            let lead: String = d
                .excerpt
                .chars()
                .take(d.caret as usize)
                .map(|c| if c == '\t' { c } else { ' ' })
                .collect();
            writeln!(f, "{gutter} | {lead}{}", "^".repeat(d.caret_len.max(1) as usize))?;
            if let Some(help) = &d.help {
                writeln!(f, "{gutter} = help: {help}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// A byte range as people read it.
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
    excerpt: String,
    caret: u32,
    caret_len: u32,
}

impl Place {
    /// Finds `start..end` in `source`; offsets outside, or inside a character, are moved to the nearest valid place.
    pub(crate) fn of(source: &str, start: u32, end: u32) -> Self {
        let start = floor_boundary(source, start as usize);
        let end = floor_boundary(source, end as usize).max(start);
        let bytes = source.as_bytes();
        let line_start = (0..start).rev().find(|&i| ends_line(bytes, i)).map_or(0, |i| i + 1);
        let line_end = (start..bytes.len())
            .find(|&i| matches!(bytes[i], b'\n' | b'\r'))
            .unwrap_or(bytes.len());
        let line = (0..line_start).filter(|&i| ends_line(bytes, i)).count() as u32 + 1;
        let before = &source[line_start..start];
        let text = &source[line_start..line_end];
        let caret = before.chars().count();
        let caret_len = source[start..end.min(line_end)].chars().count().max(1);
        let first = if caret + 20 > EXCERPT_CHARS_MAX {
            caret - EXCERPT_CHARS_MAX / 2
        } else {
            0
        };
        let excerpt: String = text
            .chars()
            .skip(first)
            .take(EXCERPT_CHARS_MAX)
            .map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c })
            .collect();
        let room = excerpt.chars().count().saturating_sub(caret - first).max(1);
        Self {
            line,
            column: before.encode_utf16().count() as u32 + 1,
            excerpt,
            caret: (caret - first) as u32,
            caret_len: caret_len.min(room) as u32,
        }
    }
}

fn floor_boundary(source: &str, offset: usize) -> usize {
    let mut offset = offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Whether the byte at `i` is the last of a line break (`\n`, `\r\n` or a lone `\r`).
fn ends_line(bytes: &[u8], i: usize) -> bool {
    bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n'))
}
