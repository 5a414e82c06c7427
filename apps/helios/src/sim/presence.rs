//! What a save tells of whoever played the world: for how long, and what was on the screen last. None of it is state.

use std::time::Instant;

use helios_engine::snapshot::Manifest;

/// Most bytes of one look at a terminal that are drawn: of more, the last.
const MAX_DRAWN_BYTES: usize = 64 << 10;
/// Most lines that a save keeps.
const KEPT_LINES: usize = 6;

/// A player's presence at a world.
pub(super) struct Presence {
    since: Instant,
    /// What the save said that the world was opened from.
    before: Manifest,
    screen: vt100::Parser,
    drawn: bool,
}

impl Presence {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long somebody played is the player's time, not the world's"
    )]
    pub(super) fn start() -> Self {
        Self {
            since: Instant::now(),
            before: Manifest::default(),
            screen: vt100::Parser::new(24, 80, 0),
            drawn: false,
        }
    }

    /// Goes on from what a save says.
    pub(super) fn go_on(&mut self, before: Manifest) {
        self.before = before;
    }

    /// Gives the screen another size.
    pub(super) fn resize(&mut self, rows: u16, columns: u16) {
        self.screen.screen_mut().set_size(rows.max(1), columns.max(1));
    }

    /// Draws what a terminal was told to show.
    pub(super) fn draw(&mut self, bytes: &[u8]) {
        self.drawn |= !bytes.is_empty();
        self.screen
            .process(&bytes[bytes.len().saturating_sub(MAX_DRAWN_BYTES)..]);
    }

    /// Draws what a program wrote that has no terminal.
    pub(super) fn draw_plain(&mut self, bytes: &[u8]) {
        let last = &bytes[bytes.len().saturating_sub(MAX_DRAWN_BYTES)..];
        self.drawn |= !last.is_empty();
        for line in last.split_inclusive(|byte| *byte == b'\n') {
            match line.strip_suffix(b"\n") {
                Some(line) => {
                    self.screen.process(line);
                    self.screen.process(b"\r\n");
                }
                None => self.screen.process(line),
            }
        }
    }

    /// The manifest of a save that is made now, without what the world itself knows.
    pub(super) fn manifest(&self) -> Manifest {
        let played = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let screen = if self.drawn {
            self.lines()
        } else {
            self.before.screen.clone()
        };
        Manifest {
            play_ms: self.before.play_ms.saturating_add(played),
            saved_unix_ms: unix_ms(),
            screen,
            ..self.before.clone()
        }
    }

    /// The last lines that are not empty.
    fn lines(&self) -> Vec<String> {
        let contents = self.screen.screen().contents();
        let lines: Vec<&str> = contents.trim_end().lines().map(str::trim_end).collect();
        let first = lines.len().saturating_sub(KEPT_LINES);
        lines[first..].iter().map(|line| (*line).to_owned()).collect()
    }
}

#[expect(clippy::disallowed_methods, reason = "a list of saves says when each was made")]
fn unix_ms() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |now| u64::try_from(now.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_of_the_screen_are_kept() {
        let mut presence = Presence::start();
        presence.go_on(Manifest {
            play_ms: 5_000,
            title: "T".into(),
            screen: vec!["old".into()],
            ..Manifest::default()
        });
        let manifest = presence.manifest();
        assert_eq!(
            (manifest.screen, manifest.title.as_str()),
            (vec!["old".to_owned()], "T")
        );
        assert!(manifest.play_ms >= 5_000 && manifest.saved_unix_ms > 1_700_000_000_000);
        presence.draw(b"\x1b[2J\x1b[H\x1b[1;32mplayer@home\x1b[0m$ ls\r\na  b\r\n");
        presence.draw(b"$ ");
        assert_eq!(presence.manifest().screen, ["player@home$ ls", "a  b", "$"]);
        presence.draw_plain(b"one\ntwo\nthree\nfour\nfive\nsix\nseven\n");
        let screen = presence.manifest().screen;
        assert_eq!(
            (screen.len(), screen[0].as_str(), screen[5].as_str()),
            (6, "two", "seven")
        );
    }

    #[test]
    fn a_full_screen_program_is_shown_as_it_looks() {
        let mut presence = Presence::start();
        presence.resize(5, 20);
        presence.draw(b"\x1b[?1049h\x1b[2J\x1b[5;1H-- INSERT --\x1b[1;1Htext");
        assert_eq!(presence.manifest().screen, ["text", "", "", "", "-- INSERT --"]);
    }
}
