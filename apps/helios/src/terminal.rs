//! This computer's terminal, lent to a terminal of a world: raw while it is, and put back on every way out.

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

use rustix::termios::{OptionalActions, Termios, Winsize, tcgetattr, tcgetwinsize, tcsetattr};

use crate::error::Failure;

/// What a full-screen program may have switched on: the alternate screen, a hidden cursor, pasting in brackets, attributes.
const RESET: &[u8] = b"\x1b[?1049l\x1b[?25h\x1b[?2004l\x1b[0m";

/// A signal asked this process to end. A handler may only touch atomics.
static ENDING: AtomicBool = AtomicBool::new(false);

/// The terminal on standard input, in raw mode until this is dropped.
pub(crate) struct RawTerminal {
    before: Termios,
}

impl RawTerminal {
    /// Whether a person sits at standard input and output.
    pub(crate) fn is_there() -> bool {
        std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
    }

    /// Puts the terminal in raw mode, and catches the signals that would end this process before it is put back.
    ///
    /// # Errors
    /// If the terminal cannot be changed.
    pub(crate) fn enter() -> Result<Self, Failure> {
        let fail = |error: rustix::io::Errno| Failure::new(format!("cannot use this terminal: {error}"));
        ctrlc::set_handler(|| ENDING.store(true, Ordering::Relaxed))
            .map_err(|error| Failure::new(format!("cannot catch signals: {error}")))?;
        let before = tcgetattr(std::io::stdin()).map_err(fail)?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(std::io::stdin(), OptionalActions::Now, &raw).map_err(fail)?;
        Ok(Self { before })
    }

    /// Rows and columns; 24 by 80 where the terminal does not say.
    pub(crate) fn size() -> (u16, u16) {
        match tcgetwinsize(std::io::stdout()) {
            Ok(Winsize { ws_row, ws_col, .. }) if ws_row > 0 && ws_col > 0 => (ws_row, ws_col),
            _ => (24, 80),
        }
    }

    /// Whether a signal asked this process to end.
    pub(crate) fn is_ending() -> bool {
        ENDING.load(Ordering::Relaxed)
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        // There is nobody to tell if the terminal has gone.
        let mut out = std::io::stdout().lock();
        out.write_all(RESET).ok();
        out.flush().ok();
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &self.before).ok();
    }
}

/// Reads standard input in a thread of its own, since a read may wait for ever. The channel closes at the end.
pub(crate) fn read_input() -> Receiver<Vec<u8>> {
    let (sender, receiver) = sync_channel(16);
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        let mut buffer = vec![0; 64 << 10];
        while let Ok(read @ 1..) = stdin.read(&mut buffer) {
            if sender.send(buffer[..read].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}

/// Finds the keys that end a session from outside, Enter `~` `.` as with `ssh`, in what is typed.
#[derive(Debug, Default)]
pub(crate) struct Escape {
    seen: Seen,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Seen {
    #[default]
    Enter,
    Tilde,
    Other,
}

impl Escape {
    /// Takes typed bytes; answers those that go on to the world, and whether the session is to end.
    pub(crate) fn filter(&mut self, typed: &[u8]) -> (Vec<u8>, bool) {
        let mut on = Vec::with_capacity(typed.len());
        for &byte in typed {
            match (self.seen, byte) {
                (Seen::Tilde, b'.') => return (on, true),
                (Seen::Enter, b'~') => self.seen = Seen::Tilde,
                // A tilde that was held back goes on; typed twice, it goes on once.
                (Seen::Tilde, b'~') => {
                    on.push(b'~');
                    self.seen = Seen::Other;
                }
                (before, byte) => {
                    if before == Seen::Tilde {
                        on.push(b'~');
                    }
                    on.push(byte);
                    self.seen = if byte == b'\r' { Seen::Enter } else { Seen::Other };
                }
            }
        }
        (on, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &[&[u8]], on: &[u8], ends: bool) {
        let mut escape = Escape::default();
        let (mut passed, mut ended) = (Vec::new(), false);
        for bytes in typed {
            let (more, end) = escape.filter(bytes);
            passed.extend(more);
            ended |= end;
        }
        assert_eq!(
            (String::from_utf8(passed).unwrap(), ended),
            (String::from_utf8(on.to_vec()).unwrap(), ends)
        );
    }

    #[test]
    fn enter_tilde_dot_ends_a_session() {
        check(&[b"ls\r~."], b"ls\r", true);
        check(&[b"ls\r", b"~", b"."], b"ls\r", true);
        check(&[b"~."], b"", true);
    }

    #[test]
    fn other_tildes_go_on() {
        check(&[b"cd ~.\r"], b"cd ~.\r", false);
        check(&[b"\r~/bin/x\r"], b"\r~/bin/x\r", false);
        check(&[b"\r~~."], b"\r~.", false);
    }
}
