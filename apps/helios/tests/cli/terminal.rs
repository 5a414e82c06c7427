//! `helios shell` on a real terminal: keys go in, a screen comes out.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::Place;

/// How often a screen is looked at before it is said not to show what is wanted. A test that fails waits this long.
const PATIENCE_LOOKS: usize = 4000;
const LOOK_MS: u64 = 20;

/// A program at a terminal runs in the host's time: there is nothing of the world to wait for.
#[expect(
    clippy::disallowed_methods,
    reason = "another process draws the screen that is looked at"
)]
fn pause(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

/// The flag of line mode, as on Linux.
const ICANON: u32 = 0o2;

const fn size(rows: u16, cols: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// A person at a terminal that runs the program.
struct Person {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn std::io::Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Person {
    fn sit_down(place: &Place, args: &[&str]) -> Self {
        let pair = native_pty_system().openpty(size(24, 80)).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_helios"));
        command.args(args);
        command.cwd(place.0.path());
        command.env_remove("HELIOS_LOG");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(24, 80, 0)));
        let (mut reader, shown) = (pair.master.try_clone_reader().unwrap(), screen.clone());
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                shown.lock().unwrap().process(&buffer[..count]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self {
            child,
            master: pair.master,
            keys,
            screen,
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Waits until the screen shows something.
    fn see(&self, wanted: &str) {
        self.wait(wanted, |text| text.contains(wanted));
    }

    fn wait(&self, what: &str, seen: impl Fn(&str) -> bool) {
        let mut looks = 0;
        while !seen(&self.text()) {
            looks += 1;
            assert!(looks < PATIENCE_LOOKS, "{what:?} does not come:\n{}", self.text());
            pause(LOOK_MS);
        }
    }

    /// Types a line and waits for what it shows.
    fn run(&mut self, line: &str, wanted: &str) {
        self.press(line);
        self.press("\r");
        self.see(wanted);
    }

    fn end(mut self) -> u32 {
        self.child.wait().unwrap().exit_code()
    }
}

#[test]
fn a_player_logs_in_and_out() {
    let place = Place::new();
    let mut person = Person::sit_down(&place, &["shell"]);
    person.see("player@home");
    person.run("id -un; tty; echo $TERM", "xterm-256color");
    let text = person.text();
    assert!(text.contains("\nplayer\n/dev/pts/0\nxterm-256color"), "{text}");
    person.run("stty size", "24 80");
    person.press("exit 3\r");
    assert_eq!(person.end(), 3);
}

#[test]
fn keys_are_edited_and_interrupts_interrupt() {
    let place = Place::new();
    let mut person = Person::sit_down(&place, &["shell"]);
    person.see("player@home");
    person.run("ecko\x1b[D\x7fh\x1b[F edited | tr a-z A-Z", "EDITED");
    person.press("sleep 1000\r");
    pause(200);
    person.press("\x03");
    person.run("echo status $?", "status 130");
    person.press("\x04");
    assert_eq!(person.end(), 0);
}

#[test]
fn jobs_stop_and_come_back() {
    let place = Place::new();
    let mut person = Person::sit_down(&place, &["shell"]);
    person.see("player@home");
    person.run("echo ready; cat", "\nready");
    pause(200);
    person.run("first", "first\nfirst");
    person.press("\x1a");
    person.see("Stopped");
    person.run("jobs", "[1]+");
    person.run("fg", "fg\ncat");
    pause(200);
    person.run("second", "second\nsecond");
    person.press("\x04");
    person.run("echo back", "\nback");
    person.press("exit\r");
    assert_eq!(person.end(), 0);
}

#[test]
fn a_resize_reaches_the_program() {
    let place = Place::new();
    let mut person = Person::sit_down(&place, &["shell"]);
    person.see("player@home");
    person.run("stty size", "24 80");
    person.master.resize(size(40, 120)).unwrap();
    person.screen.lock().unwrap().screen_mut().set_size(40, 120);
    let mut tries = 0;
    // The new size is seen at the next look at the terminal.
    while !person.text().contains("40 120") {
        tries += 1;
        assert!(tries < 100, "{}", person.text());
        person.press("stty size\r");
        pause(100);
    }
    person.press("exit\r");
    assert_eq!(person.end(), 0);
}

#[test]
fn full_screen_programs_come_and_go() {
    let place = Place::new();
    let mut person = Person::sit_down(&place, &["shell"]);
    person.see("player@home");
    // Written in the editor, run, and looked at in the pager.
    person.press("nano hello.ts\r");
    person.see("^X");
    person.press("console.log('made', 'here');");
    person.press("\x0f");
    person.press("\r");
    person.press("\x18");
    person.see("player@home");
    person.run("ts hello.ts", "made here");
    person.press("seq 1 500 | less\r");
    person.see("\n20\n");
    person.press("G");
    person.see("\n500");
    person.press("q");
    person.press("top\r");
    person.see("COMMAND");
    person.press("q");
    person.run("echo still here", "\nstill here");
    person.press("exit\r");
    assert_eq!(person.end(), 0);
}

#[test]
fn enter_tilde_dot_leaves_and_hangs_up() {
    let place = Place::new();
    let mut person = Person::sit_down(&place, &["shell", "--save", "left.helios"]);
    person.see("player@home");
    person.run("trap 'echo hung up > bye; exit' HUP; echo set", "\nset");
    person.press("\r~.");
    assert_eq!(person.end(), 129);
    assert_eq!(
        place.good(&["exec", "--world", "left.helios", "--", "cat bye"]),
        "hung up\n"
    );
}

#[test]
fn other_users_are_asked_for_their_password() {
    let place = Place::new();
    let mut person = Person::sit_down(&place, &["shell", "--user", "root"]);
    person.see("Password:");
    person.press("guess\r");
    person.see("Login incorrect");
    assert!(!person.text().contains("guess"), "{}", person.text());
    person.press("\r~.");
    assert_eq!(person.end(), 129);
}

#[test]
fn the_terminal_is_put_back_as_it_was() {
    let place = Place::new();
    let person = Person::sit_down(&place, &["shell"]);
    person.see("player@home");
    let before = person.master.get_termios().unwrap();
    assert_eq!(before.local_flags.bits() & ICANON, 0);
    let pid = i32::try_from(person.child.process_id().unwrap()).unwrap();
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(pid).unwrap(),
        rustix::process::Signal::TERM,
    )
    .unwrap();
    let Person { mut child, master, .. } = person;
    assert_eq!(child.wait().unwrap().exit_code(), 129);
    let after = master.get_termios().unwrap();
    assert_ne!(after.local_flags.bits() & ICANON, 0);
}
