//! The line discipline: what a terminal makes of what is typed. A pure function on [`TtyLine`].
//!
//! Canonical and raw input, echo, erasing, signals and flow control as POSIX has them (IEEE Std 1003.1, chapter 11), with
//! Linux's habits where POSIX leaves a choice: control characters show as `^X`, `^W` and `^R` work, `^V` takes the next
//! character as it is. Erasing takes whole UTF-8 characters and as many columns as they fill.

use helios_abi::calls::{Termios, termios as t};
use helios_abi::{Bytes, signal};
use serde::{Deserialize, Serialize};

/// Longest line under edit, as POSIX's `MAX_CANON`; further characters ring the bell.
pub const LINE_BYTES: usize = 4096;
/// Most finished input that waits to be read; further input rings the bell.
pub const INPUT_BYTES: usize = 64 << 10;
/// Most ends of file that wait.
const MAX_EOFS: usize = 16;
const BELL: u8 = 0x07;
const TAB_COLUMNS: u32 = 8;

/// How terminals treat input and output at first: `stty sane`.
#[must_use]
pub fn sane() -> Termios {
    let mut cc = vec![0; t::NCCS];
    for (place, character) in [
        (t::VINTR, 0x03),
        (t::VQUIT, 0x1c),
        (t::VERASE, 0x7f),
        (t::VKILL, 0x15),
        (t::VEOF, 0x04),
        (t::VMIN, 1),
        (t::VSTART, 0x11),
        (t::VSTOP, 0x13),
        (t::VSUSP, 0x1a),
        (t::VREPRINT, 0x12),
        (t::VWERASE, 0x17),
        (t::VLNEXT, 0x16),
    ] {
        cc[place] = character;
    }
    Termios {
        iflag: t::ICRNL | t::IXON | t::IUTF8,
        oflag: t::OPOST | t::ONLCR,
        lflag: t::ISIG | t::ICANON | t::ECHO | t::ECHOE | t::ECHOK | t::ECHOCTL | t::ECHOKE | t::IEXTEN,
        cc: Bytes(cc),
    }
}

/// A terminal's line discipline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TtyLine {
    /// How it treats what is typed and written.
    pub termios: Termios,
    /// The line under edit.
    pub edit: Bytes,
    /// Finished input. A canonical reader takes at most one line, up to and with its newline.
    pub ready: Bytes,
    /// Ends of file that wait behind this many bytes of `ready`, oldest first.
    pub eofs: Vec<u32>,
    /// The next character is taken as it is.
    pub literal: bool,
    /// Output is stopped, by `VSTOP`.
    pub stopped: bool,
    /// Where the cursor is, as far as the discipline can know.
    pub column: u32,
    /// Where the line under edit began.
    pub start_column: u32,
}

impl Default for TtyLine {
    fn default() -> Self {
        Self {
            termios: sane(),
            edit: Bytes::default(),
            ready: Bytes::default(),
            eofs: Vec::new(),
            literal: false,
            stopped: false,
            column: 0,
            start_column: 0,
        }
    }
}

/// What typing did, beside what it did to the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// What to show, processed for the screen.
    pub echo: Vec<u8>,
    /// Signals for the foreground, in order.
    pub signals: Vec<i32>,
    /// Output goes on.
    pub started: bool,
}

impl TtyLine {
    fn local(&self, bit: u32) -> bool {
        self.termios.lflag & bit != 0
    }

    fn input(&self, bit: u32) -> bool {
        self.termios.iflag & bit != 0
    }

    /// Whether `byte` is the control character of that place, which 0 switches off.
    fn is(&self, byte: u8, place: usize) -> bool {
        byte != 0 && self.termios.cc.0.get(place) == Some(&byte)
    }

    /// Takes typed bytes.
    pub fn type_bytes(&mut self, bytes: &[u8]) -> Typed {
        let mut typed = Typed::default();
        for &byte in bytes {
            self.type_byte(byte, &mut typed);
        }
        typed
    }

    fn type_byte(&mut self, byte: u8, typed: &mut Typed) {
        if std::mem::take(&mut self.literal) {
            self.insert(byte, typed);
            return;
        }
        let byte = match byte {
            b'\r' if self.input(t::IGNCR) => return,
            b'\r' if self.input(t::ICRNL) => b'\n',
            b'\n' if self.input(t::INLCR) => b'\r',
            other => other,
        };
        if self.input(t::IXON) && (self.is(byte, t::VSTOP) || self.is(byte, t::VSTART)) {
            typed.started |= self.stopped && self.is(byte, t::VSTART);
            self.stopped = self.is(byte, t::VSTOP);
        } else if let Some(signal) = self.signal_of(byte) {
            if !self.local(t::NOFLSH) {
                self.flush_input();
            }
            // A stopped terminal would hide that the key had an effect.
            typed.started |= std::mem::take(&mut self.stopped);
            self.echo_byte(byte, typed);
            typed.signals.push(signal);
        } else if self.local(t::ICANON) {
            self.edit_byte(byte, typed);
        } else if self.ready.0.len() < INPUT_BYTES {
            self.ready.0.push(byte);
            self.echo_byte(byte, typed);
        } else {
            typed.echo.push(BELL);
        }
    }

    fn signal_of(&self, byte: u8) -> Option<i32> {
        let places = [
            (t::VINTR, signal::SIGINT),
            (t::VQUIT, signal::SIGQUIT),
            (t::VSUSP, signal::SIGTSTP),
        ];
        let found = places.iter().find(|(place, _)| self.is(byte, *place));
        found.filter(|_| self.local(t::ISIG)).map(|(_, signal)| *signal)
    }

    fn edit_byte(&mut self, byte: u8, typed: &mut Typed) {
        let extended = self.local(t::IEXTEN);
        if self.is(byte, t::VERASE) || (byte == 0x08 && self.is(0x7f, t::VERASE)) {
            self.erase_last(typed);
        } else if self.is(byte, t::VKILL) {
            while !self.edit.0.is_empty() {
                self.erase_last(typed);
            }
        } else if extended && self.is(byte, t::VWERASE) {
            self.erase_word(typed);
        } else if extended && self.is(byte, t::VREPRINT) {
            self.reprint(typed);
        } else if extended && self.is(byte, t::VLNEXT) {
            self.literal = true;
        } else if self.is(byte, t::VEOF) {
            self.hand_over(true);
        } else if byte == b'\n' || self.is(byte, t::VEOL) {
            self.end_line(byte, typed);
        } else {
            self.insert(byte, typed);
        }
    }

    fn end_line(&mut self, byte: u8, typed: &mut Typed) {
        if self.ready.0.len() + self.edit.0.len() >= INPUT_BYTES {
            typed.echo.push(BELL);
            return;
        }
        self.edit.0.push(byte);
        if self.local(t::ECHO) || (byte == b'\n' && self.local(t::ECHONL)) {
            self.show(&[byte], typed);
        }
        self.hand_over(false);
    }

    fn insert(&mut self, byte: u8, typed: &mut Typed) {
        if !self.local(t::ICANON) {
            self.ready.0.push(byte);
            self.echo_byte(byte, typed);
        } else if self.edit.0.len() + 1 >= LINE_BYTES {
            typed.echo.push(BELL);
        } else {
            if self.edit.0.is_empty() {
                self.start_column = self.column;
            }
            self.edit.0.push(byte);
            self.echo_byte(byte, typed);
        }
    }

    fn echo_byte(&mut self, byte: u8, typed: &mut Typed) {
        if !self.local(t::ECHO) {
            return;
        }
        match byte {
            0x7f | 0..0x20 if self.local(t::ECHOCTL) && !matches!(byte, b'\t' | b'\n') => {
                self.show(&[b'^', byte ^ 0x40], typed);
            }
            _ => self.show(&[byte], typed),
        }
    }

    fn show(&mut self, bytes: &[u8], typed: &mut Typed) {
        let shown = self.process_output(bytes);
        typed.echo.extend(shown);
    }

    /// Takes the last character of the line away, and its columns off the screen.
    fn erase_last(&mut self, typed: &mut Typed) {
        let bytes = if self.input(t::IUTF8) {
            last_character(&self.edit.0)
        } else {
            self.edit.0.len().min(1)
        };
        let before = self.edit_width();
        self.edit.0.truncate(self.edit.0.len() - bytes);
        if !(self.local(t::ECHO) && self.local(t::ECHOE)) {
            return;
        }
        let columns = before.saturating_sub(self.edit_width());
        for _ in 0..columns {
            typed.echo.extend_from_slice(b"\x08 \x08");
        }
        self.column = self.column.saturating_sub(columns);
    }

    fn erase_word(&mut self, typed: &mut Typed) {
        let mut seen = false;
        while let Some(&last) = self.edit.0.last() {
            let blank = matches!(last, b' ' | b'\t');
            if blank && seen {
                break;
            }
            seen |= !blank;
            self.erase_last(typed);
        }
    }

    fn reprint(&mut self, typed: &mut Typed) {
        if !self.local(t::ECHO) {
            return;
        }
        self.show(b"^R\n", typed);
        self.start_column = self.column;
        for byte in self.edit.0.clone() {
            self.echo_byte(byte, typed);
        }
    }

    /// Columns that the line under edit fills on the screen.
    fn edit_width(&self) -> u32 {
        let text = String::from_utf8_lossy(&self.edit.0);
        let mut column = self.start_column;
        for character in text.chars() {
            column += match character {
                '\t' => TAB_COLUMNS - column % TAB_COLUMNS,
                '\0'..'\x20' | '\x7f' if self.local(t::ECHOCTL) => 2,
                other => columns(other),
            };
        }
        column - self.start_column
    }

    /// Ends the line under edit. `^D` on an empty line is the end of the file; elsewhere it hands over what is there.
    fn hand_over(&mut self, eof: bool) {
        if eof && self.edit.0.is_empty() {
            if self.eofs.len() < MAX_EOFS {
                self.eofs.push(self.ready.0.len() as u32);
            }
        } else {
            self.ready.0.append(&mut self.edit.0);
        }
    }

    /// Drops input that nobody read.
    pub fn flush_input(&mut self) {
        self.edit.0.clear();
        self.ready.0.clear();
        self.eofs.clear();
        self.literal = false;
    }

    /// Changes the treatment. A line under edit is input as it stands when lines end.
    pub fn set_termios(&mut self, termios: Termios) {
        let was_canonical = self.local(t::ICANON);
        self.termios = termios;
        if was_canonical && !self.local(t::ICANON) {
            self.ready.0.append(&mut self.edit.0);
            self.eofs.clear();
        }
        if !self.input(t::IXON) {
            self.stopped = false;
        }
    }

    /// Takes up to `count` bytes, of one line where lines are edited; no bytes mean the end; `None`: there is nothing yet.
    pub fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        if self.eofs.first() == Some(&0) {
            self.eofs.remove(0);
            return Some(Vec::new());
        }
        if !self.has_input() {
            return None;
        }
        let line = if self.local(t::ICANON) {
            self.ready.0.iter().position(|&byte| byte == b'\n').map(|at| at + 1)
        } else {
            None
        };
        let eof = self.eofs.first().map_or(usize::MAX, |&at| at as usize);
        let end = line.unwrap_or(self.ready.0.len()).min(eof).min(count);
        // They are in order but in a save that somebody edited.
        for at in &mut self.eofs {
            *at = at.saturating_sub(end as u32);
        }
        // An end of file right behind what was taken was the key that handed it over.
        Some(self.ready.0.drain(..end).collect())
    }

    /// Whether [`take`](Self::take) would answer: a raw reader may want `VMIN` bytes at once.
    #[must_use]
    pub fn has_input(&self) -> bool {
        if self.local(t::ICANON) {
            return !self.ready.0.is_empty() || self.eofs.first() == Some(&0);
        }
        !self.ready.0.is_empty() && self.ready.0.len() >= usize::from(self.minimum())
    }

    /// Bytes that a raw read waits for (`VMIN`), and for how many tenths of a second (`VTIME`).
    #[must_use]
    pub fn minimum(&self) -> u8 {
        self.termios.cc.0.get(t::VMIN).copied().unwrap_or(1)
    }

    /// How long a raw read waits for its first byte, in nanoseconds; `None`: until it comes.
    #[must_use]
    pub fn patience_ns(&self) -> Option<u64> {
        if self.local(t::ICANON) || self.minimum() > 0 {
            return None;
        }
        let tenths = self.termios.cc.0.get(t::VTIME).copied().unwrap_or(0);
        Some(u64::from(tenths) * 100_000_000)
    }

    /// What the screen shows of written bytes, and where its cursor then is.
    pub fn process_output(&mut self, data: &[u8]) -> Vec<u8> {
        let newlines = self.termios.oflag & t::OPOST != 0 && self.termios.oflag & t::ONLCR != 0;
        let mut shown = Vec::with_capacity(data.len() + 8);
        for &byte in data {
            match byte {
                b'\n' if newlines => {
                    shown.push(b'\r');
                    self.column = 0;
                }
                b'\r' => self.column = 0,
                0x08 => self.column = self.column.saturating_sub(1),
                b'\t' => self.column = (self.column + TAB_COLUMNS - self.column % TAB_COLUMNS) % (1 << 16),
                // The first byte of a character moves the cursor; those that follow do not.
                0x20..=0x7e | 0xc0..=0xff => self.column = self.column.saturating_add(1) % (1 << 16),
                _ => {}
            }
            shown.push(byte);
        }
        shown
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

/// Columns of a character: none for combining marks, two for East Asian wide ones and emoji (Unicode Annex 11), else one.
fn columns(character: char) -> u32 {
    match u32::from(character) {
        0x300..=0x36f | 0x1ab0..=0x1aff | 0x20d0..=0x20ff | 0x200b..=0x200f | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_on(mut line: TtyLine, input: &[u8], lines: &[&[u8]], echo: &[u8], signals: &[i32]) {
        let typed = line.type_bytes(input);
        let mut got = Vec::new();
        while let Some(taken) = line.take(1 << 16) {
            got.push(taken);
        }
        assert_eq!(
            (got, typed.echo.as_slice(), typed.signals.as_slice()),
            (lines.iter().map(|line| line.to_vec()).collect(), echo, signals),
            "{:?}",
            String::from_utf8_lossy(&typed.echo)
        );
    }

    fn check(input: &[u8], lines: &[&[u8]], echo: &[u8], signals: &[i32]) {
        check_on(TtyLine::default(), input, lines, echo, signals);
    }

    fn raw(signals: bool, minimum: u8) -> TtyLine {
        let mut line = TtyLine::default();
        let mut termios = sane();
        termios.lflag = if signals { t::ISIG } else { 0 };
        termios.iflag = 0;
        termios.cc.0[t::VMIN] = minimum;
        line.set_termios(termios);
        line
    }

    #[test]
    fn lines_are_handed_over_one_at_a_time() {
        check(b"ls\rps\r", &[b"ls\n", b"ps\n"], b"ls\r\nps\r\n", &[]);
        check(b"half a li", &[], b"half a li", &[]);
    }

    #[test]
    fn erasing_takes_whole_characters_and_their_columns() {
        check(
            "aé\u{7f}b\r".as_bytes(),
            &[b"ab\n"],
            "aé\u{8} \u{8}b\r\n".as_bytes(),
            &[],
        );
        check(b"\x7f\x7fx\r", &[b"x\n"], b"x\r\n", &[]);
        check("世\x7f".as_bytes(), &[], "世\x08 \x08\x08 \x08".as_bytes(), &[]);
        check(b"\x01\x7f", &[], b"^A\x08 \x08\x08 \x08", &[]);
        check(
            b"ab\t\x7f",
            &[],
            b"ab\t\x08 \x08\x08 \x08\x08 \x08\x08 \x08\x08 \x08\x08 \x08",
            &[],
        );
    }

    #[test]
    fn whole_lines_and_words_are_erased() {
        check(b"abc\x15d\r", &[b"d\n"], b"abc\x08 \x08\x08 \x08\x08 \x08d\r\n", &[]);
        check(
            b"a bc \x17d\r",
            &[b"a d\n"],
            b"a bc \x08 \x08\x08 \x08\x08 \x08d\r\n",
            &[],
        );
    }

    #[test]
    fn a_literal_character_is_no_key() {
        check(b"a\x16\x03b\r", &[b"a\x03b\n"], b"a^Cb\r\n", &[]);
    }

    #[test]
    fn signals_drop_the_input() {
        check(b"rm -rf\x03ls\n", &[b"ls\n"], b"rm -rf^Cls\r\n", &[signal::SIGINT]);
        check(b"x\n\x1a", &[], b"x\r\n^Z", &[signal::SIGTSTP]);
        check(b"\x1c", &[], b"^\\", &[signal::SIGQUIT]);
        let mut keeping = TtyLine::default();
        keeping.termios.lflag |= t::NOFLSH;
        check_on(keeping, b"x\n\x03", &[b"x\n"], b"x\r\n^C", &[signal::SIGINT]);
    }

    #[test]
    fn end_of_file_waits_for_its_turn() {
        check(b"a\n\x04", &[b"a\n", b""], b"a\r\n", &[]);
        check(b"ab\x04", &[b"ab"], b"ab", &[]);
        check(b"\x04b\n", &[b"", b"b\n"], b"b\r\n", &[]);
    }

    #[test]
    fn raw_input_comes_as_it_is() {
        check_on(raw(false, 1), b"a\x03\x1a\r\x7f", &[b"a\x03\x1a\r\x7f"], b"", &[]);
        check_on(raw(true, 1), b"a\x03b", &[b"b"], b"", &[signal::SIGINT]);
        let mut patient = raw(false, 3);
        patient.type_bytes(b"ab");
        assert_eq!(patient.take(10), None);
        patient.type_bytes(b"c");
        assert_eq!(patient.take(10), Some(b"abc".to_vec()));
    }

    #[test]
    fn what_is_under_edit_becomes_input_when_editing_ends() {
        let mut line = TtyLine::default();
        line.type_bytes(b"half");
        let mut termios = sane();
        termios.lflag &= !t::ICANON;
        line.set_termios(termios);
        assert_eq!(line.take(10), Some(b"half".to_vec()));
    }

    #[test]
    fn output_stops_and_starts() {
        let mut line = TtyLine::default();
        assert!(!line.type_bytes(b"\x13").started && line.stopped);
        assert!(line.type_bytes(b"\x11").started && !line.stopped);
        line.type_bytes(b"\x13");
        assert!(line.type_bytes(b"\x03").started, "an interrupt lets output go on");
    }

    #[test]
    fn passwords_do_not_show() {
        let mut line = TtyLine::default();
        line.termios.lflag &= !t::ECHO;
        line.termios.lflag |= t::ECHONL;
        check_on(line, b"secret\r", &[b"secret\n"], b"\r\n", &[]);
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
