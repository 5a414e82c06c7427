//! Terminals in line mode: input is edited and echoed until Enter, control characters become signals.
//!
//! What is typed enters through the log (`kernel.tty_input`). What is written leaves through
//! [`HostOutputs`]. The line discipline is a pure function on [`TtyLine`].

use bevy_ecs::prelude::*;
use helios_abi::calls::{Stat, mode, open_flags};
use helios_abi::{Bytes, Errno, NodeId, SysError, signal};
use serde::{Deserialize, Serialize};

use super::host::HostOutputs;
use super::{FileOps, FileRef, Io, poll_bits};
use crate::index::KernelIndex;
use crate::wait::{WaitKey, wake};

/// The kind's name.
pub const KIND: &str = "tty";
/// Longest line under edit, as POSIX's `MAX_CANON`; further characters ring the bell.
pub const LINE_BYTES: usize = 4096;
/// Most finished input that waits to be read; further lines ring the bell.
pub const INPUT_BYTES: usize = 64 << 10;

/// How a terminal treats what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TtyMode {
    /// Lines are edited and handed over whole.
    pub canonical: bool,
    /// What is typed is shown.
    pub echo: bool,
    /// `^C` and `^\` are signals.
    pub signals: bool,
}

/// A terminal's line discipline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TtyLine {
    /// How it treats what is typed.
    pub mode: TtyMode,
    /// The line under edit.
    pub edit: Bytes,
    /// Finished input. A reader takes at most one line, up to and with its newline.
    pub ready: Bytes,
    /// Ends of file that wait behind this many bytes of `ready`, oldest first.
    pub eofs: Vec<u32>,
}

impl Default for TtyLine {
    fn default() -> Self {
        let mode = TtyMode {
            canonical: true,
            echo: true,
            signals: true,
        };
        Self {
            mode,
            edit: Bytes::default(),
            ready: Bytes::default(),
            eofs: Vec::new(),
        }
    }
}

/// What typing did, beside what it did to the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// What to show.
    pub echo: Vec<u8>,
    /// Signals for the foreground, in order.
    pub signals: Vec<i32>,
}

impl TtyLine {
    /// Takes typed bytes.
    pub fn type_bytes(&mut self, bytes: &[u8]) -> Typed {
        let mut typed = Typed::default();
        for &byte in bytes {
            self.type_byte(byte, &mut typed);
        }
        if !self.mode.echo {
            typed.echo.clear();
        }
        typed
    }

    fn type_byte(&mut self, byte: u8, typed: &mut Typed) {
        const ERASE: [u8; 3] = *b"\x08 \x08";
        match byte {
            0x03 | 0x1c if self.mode.signals => {
                self.edit.0.clear();
                typed
                    .echo
                    .extend_from_slice(if byte == 0x03 { b"^C\r\n" } else { b"^\\\r\n" });
                typed
                    .signals
                    .push(if byte == 0x03 { signal::SIGINT } else { signal::SIGQUIT });
            }
            _ if !self.mode.canonical => {
                if self.ready.0.len() < INPUT_BYTES {
                    self.ready.0.push(byte);
                    typed.echo.push(byte);
                }
            }
            0x04 => self.hand_over(true),
            b'\r' | b'\n' => {
                if self.ready.0.len() + self.edit.0.len() >= INPUT_BYTES {
                    typed.echo.push(0x07);
                    return;
                }
                self.edit.0.push(b'\n');
                typed.echo.extend_from_slice(b"\r\n");
                self.hand_over(false);
            }
            0x08 | 0x7f => {
                let character = last_character(&self.edit.0);
                self.edit.0.truncate(self.edit.0.len() - character);
                typed.echo.extend_from_slice(if character > 0 { &ERASE } else { b"" });
            }
            0x15 => {
                while !self.edit.0.is_empty() {
                    self.edit.0.truncate(self.edit.0.len() - last_character(&self.edit.0));
                    typed.echo.extend_from_slice(&ERASE);
                }
            }
            _ if self.edit.0.len() + 1 >= LINE_BYTES => typed.echo.push(0x07),
            _ => {
                self.edit.0.push(byte);
                if byte < 0x20 && byte != b'\t' {
                    typed.echo.extend_from_slice(&[b'^', byte + 0x40]);
                } else {
                    typed.echo.push(byte);
                }
            }
        }
    }

    /// Ends the line under edit. `^D` on an empty line is the end of the file; elsewhere it hands over what is there.
    fn hand_over(&mut self, eof: bool) {
        if eof && self.edit.0.is_empty() {
            if self.eofs.len() < 16 {
                self.eofs.push(self.ready.0.len() as u32);
            }
        } else {
            self.ready.0.append(&mut self.edit.0);
        }
    }

    /// Takes up to `count` bytes of one line; no bytes mean the end; `None`: there is nothing yet.
    pub fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        if self.eofs.first() == Some(&0) {
            self.eofs.remove(0);
            return Some(Vec::new());
        }
        if self.ready.0.is_empty() {
            return None;
        }
        let line = if self.mode.canonical {
            self.ready.0.iter().position(|&byte| byte == b'\n').map(|at| at + 1)
        } else {
            None
        };
        let eof = self.eofs.first().map_or(usize::MAX, |&at| at as usize);
        let end = line.unwrap_or(self.ready.0.len()).min(eof).min(count);
        for at in &mut self.eofs {
            *at -= end as u32;
        }
        Some(self.ready.0.drain(..end).collect())
    }

    /// Whether [`take`](Self::take) would answer.
    #[must_use]
    pub fn has_input(&self) -> bool {
        !self.ready.0.is_empty() || self.eofs.first() == Some(&0)
    }
}

/// Bytes of the last UTF-8 character, so that erasing takes whole ones.
fn last_character(line: &[u8]) -> usize {
    let tail = line
        .iter()
        .rev()
        .take(4)
        .take_while(|byte| **byte & 0xc0 == 0x80)
        .count();
    (tail + 1).min(line.len())
}

/// A terminal.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tty {
    /// Its device name, without `/dev/`.
    pub name: String,
    /// Its line discipline.
    pub line: TtyLine,
    /// Rows of its screen.
    pub rows: u16,
    /// Columns of its screen.
    pub columns: u16,
}

/// Operations of terminals.
pub struct TtyOps;

/// Makes a terminal of a machine.
pub fn spawn(world: &mut World, node: NodeId, name: &str) -> u64 {
    let tty = Tty {
        name: name.to_owned(),
        line: TtyLine::default(),
        rows: 24,
        columns: 80,
    };
    let (entity, id) = crate::rows::spawn(world, node, tty);
    world.resource_mut::<KernelIndex>().add_object(node, id, entity);
    id
}

/// The object id of a machine's terminal: what a description of kind [`KIND`] is open on.
#[must_use]
pub fn find(world: &World, node: NodeId, name: &str) -> Option<u64> {
    let index = world.resource::<KernelIndex>();
    let mut objects = index.objects_of(node);
    objects
        .find(|(_, entity)| world.get::<Tty>(*entity).is_some_and(|tty| tty.name == name))
        .map(|(id, _)| id)
}

fn entity(world: &World, node: NodeId, id: u64) -> Entity {
    world
        .resource::<KernelIndex>()
        .object(node, id)
        .expect("a terminal stays")
}

/// Types bytes at a terminal; answers signals for its foreground.
///
/// # Errors
/// ENXIO if the machine has no such terminal.
pub(crate) fn type_at(world: &mut World, node: NodeId, name: &str, bytes: &[u8]) -> Result<Vec<i32>, SysError> {
    let id = find(world, node, name).ok_or_else(|| SysError::new(Errno::ENXIO, format!("no terminal {name}")))?;
    let entity = entity(world, node, id);
    let typed = world.get_mut::<Tty>(entity).expect("indexed").line.type_bytes(bytes);
    world.resource_mut::<HostOutputs>().write_tty(node, name, &typed.echo);
    wake(world, node, WaitKey::Readable(id));
    Ok(typed.signals)
}

impl FileOps for TtyOps {
    fn read(&self, world: &mut World, file: &FileRef, _at: u64, count: u32) -> Result<Io<Vec<u8>>, SysError> {
        let entity = entity(world, file.node, file.file.object);
        if count == 0 {
            return Ok(Io::Ready(Vec::new()));
        }
        if !world.get::<Tty>(entity).expect("indexed").line.has_input() {
            return Ok(Io::WouldBlock(WaitKey::Readable(file.file.object)));
        }
        let taken = world.get_mut::<Tty>(entity).expect("indexed").line.take(count as usize);
        Ok(Io::Ready(taken.expect("it has input")))
    }

    fn write(&self, world: &mut World, file: &FileRef, _at: u64, data: &[u8]) -> Result<Io<u32>, SysError> {
        let entity = entity(world, file.node, file.file.object);
        let name = world.get::<Tty>(entity).expect("indexed").name.clone();
        let shown = newlines(data);
        world.resource_mut::<HostOutputs>().write_tty(file.node, &name, &shown);
        Ok(Io::Ready(data.len() as u32))
    }

    fn poll(&self, world: &mut World, file: &FileRef) -> u32 {
        let input = world
            .get::<Tty>(entity(world, file.node, file.file.object))
            .expect("indexed")
            .line
            .has_input();
        let wanted = file.file.flags;
        let read = if input && wanted & open_flags::READ != 0 {
            poll_bits::IN
        } else {
            0
        };
        read | if wanted & open_flags::WRITE != 0 {
            poll_bits::OUT
        } else {
            0
        }
    }

    fn poll_keys(&self, file: &FileRef, events: u32) -> Vec<WaitKey> {
        if events & poll_bits::IN == 0 {
            Vec::new()
        } else {
            vec![WaitKey::Readable(file.file.object)]
        }
    }

    fn stat(&self, world: &mut World, file: &FileRef) -> Result<Stat, SysError> {
        let name = self.tty_name(world, file).unwrap_or_default();
        let minor = name
            .strip_prefix("tty")
            .and_then(|digits| digits.parse::<u8>().ok())
            .unwrap_or(0);
        Ok(Stat {
            // Major 4, as terminals have on Linux: by it a program tells one.
            rdev: 4 << 8 | u32::from(minor),
            ..super::plain_stat(file.file.object, mode::DEVICE | 0o620, 0)
        })
    }

    fn close(&self, _world: &mut World, _file: &FileRef) {}

    fn tty_name(&self, world: &World, file: &FileRef) -> Option<String> {
        world
            .get::<Tty>(entity(world, file.node, file.file.object))
            .map(|tty| tty.name.clone())
    }
}

/// What a terminal shows of written bytes: a newline also returns to the first column (POSIX `ONLCR`).
fn newlines(data: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(data.len() + 8);
    for &byte in data {
        if byte == b'\n' {
            shown.push(b'\r');
        }
        shown.push(byte);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &[u8], lines: &[&[u8]], echo: &[u8], signals: &[i32]) {
        let mut line = TtyLine::default();
        let typed = line.type_bytes(input);
        let mut got = Vec::new();
        while let Some(taken) = line.take(1 << 16) {
            got.push(taken);
        }
        assert_eq!(
            (got, typed.echo.as_slice(), typed.signals.as_slice()),
            (lines.iter().map(|line| line.to_vec()).collect(), echo, signals)
        );
    }

    #[test]
    fn lines_are_handed_over_one_at_a_time() {
        check(b"ls\rps\r", &[b"ls\n", b"ps\n"], b"ls\r\nps\r\n", &[]);
        check(b"half a li", &[], b"half a li", &[]);
    }

    #[test]
    fn erasing_takes_whole_characters() {
        check(
            "aé\u{7f}b\r".as_bytes(),
            &[b"ab\n"],
            "aé\u{8} \u{8}b\r\n".as_bytes(),
            &[],
        );
        check(b"\x7f\x7fx\r", &[b"x\n"], b"x\r\n", &[]);
        check(b"abc\x15d\r", &[b"d\n"], b"abc\x08 \x08\x08 \x08\x08 \x08d\r\n", &[]);
    }

    #[test]
    fn interrupt_drops_the_line_and_signals() {
        check(b"rm -rf\x03ls\n", &[b"ls\n"], b"rm -rf^C\r\nls\r\n", &[signal::SIGINT]);
        check(b"\x1c", &[], b"^\\\r\n", &[signal::SIGQUIT]);
    }

    #[test]
    fn end_of_file_waits_for_its_turn() {
        check(b"a\n\x04", &[b"a\n", b""], b"a\r\n", &[]);
        check(b"ab\x04", &[b"ab"], b"ab", &[]);
        check(b"\x04b\n", &[b"", b"b\n"], b"b\r\n", &[]);
    }

    #[test]
    fn too_long_a_line_rings_the_bell() {
        let mut line = TtyLine::default();
        let typed = line.type_bytes(&[b'x'; LINE_BYTES + 5]);
        assert_eq!(
            (line.edit.0.len(), typed.echo.iter().filter(|&&byte| byte == 7).count()),
            (LINE_BYTES - 1, 6)
        );
        line.type_bytes(b"\n");
        for _ in 0..40 {
            line.type_bytes(&[b'x'; LINE_BYTES - 1]);
            line.type_bytes(b"\n");
        }
        assert!(line.ready.0.len() <= INPUT_BYTES && line.edit.0.len() < LINE_BYTES);
    }
}
