//! `helios shell`: a player at a terminal of a machine, in real time.

use std::io::Write as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use helios_engine::ids::{NodeId, Tick};

use crate::args::ShellArgs;
use crate::commands::exec::{drive, finish};
use crate::error::{Failure, Outcome, describe};
use crate::sim::{SessionEnd, Sim, open};
use crate::terminal::{Escape, RawTerminal, read_input};

/// Real time between two looks at the world, in milliseconds, where nothing is typed.
const FRAME_MS: u64 = 5;
/// Real time between two looks at folders that are kept the same, in milliseconds.
const SYNC_MS: u64 = 200;
/// A world that lags this far behind real time goes on from where it is.
const MAX_LAG_MS: u64 = 200;
/// Virtual time that a session has after its terminal was hung up, in ticks.
const HANGUP_TICKS: u64 = 3000;

/// Runs the command.
///
/// # Errors
/// If the world cannot be opened or stops.
pub(super) fn shell(args: &ShellArgs) -> Outcome {
    let mut sim = open(&args.world)?;
    let node = sim.machine(args.world.machine.as_deref())?;
    let code = if RawTerminal::is_there() {
        at_terminal(&mut sim, node, args)?
    } else {
        // What is piped in is a script, as with any shell.
        let user = args.user.as_deref().unwrap_or(PLAYER);
        let session = sim.exec(node, user, &["/bin/sh".to_owned(), "-s".to_owned()])?;
        drive(&mut sim, node, session, None)?
    };
    finish(&mut sim, &args.world)?;
    Ok(code)
}

/// Who logs in without a password.
const PLAYER: &str = "player";

fn at_terminal(sim: &mut Sim, node: NodeId, args: &ShellArgs) -> Outcome {
    let login = match &args.user {
        None => vec!["/bin/login", "-f", PLAYER],
        Some(user) => vec!["/bin/login", user],
    };
    let login: Vec<String> = login.into_iter().map(str::to_owned).collect();
    let (rows, columns) = RawTerminal::size();
    let session = sim.terminal(node, &login, rows, columns)?;
    let raw = RawTerminal::enter()?;
    let mut seat = Seat {
        node,
        session,
        tty: None,
        size: (rows, columns),
        input: Some(read_input()),
        escape: Escape::default(),
        pace: Pace::start(sim.tick(), args.speed),
    };
    let end = seat.run(sim);
    drop(raw);
    end
}

/// A person's seat at a world: what is typed goes in, what is shown comes out, at the pace of the clock on the wall.
struct Seat {
    node: NodeId,
    session: u64,
    tty: Option<String>,
    size: (u16, u16),
    /// What is typed; absent once it has ended.
    input: Option<Receiver<Vec<u8>>>,
    escape: Escape,
    pace: Pace,
}

impl Seat {
    fn run(&mut self, sim: &mut Sim) -> Outcome {
        loop {
            self.take_input(sim)?;
            self.take_size(sim)?;
            if self.pace.is_sync_due() {
                sim.sync()?;
            }
            let until = self.pace.due(sim.tick());
            while sim.tick() < until {
                sim.skip(until)?;
                // A screen that changes a lot is shown while it does.
                self.show(sim)?;
            }
            self.show(sim)?;
            if let Some(status) = sim.session_status(self.session) {
                let refused = sim.take_output(self.session).stderr;
                std::io::stderr().write_all(&refused).ok();
                let end = SessionEnd {
                    stdout: Vec::new(),
                    stderr: Vec::new(),
                    status: Some(status),
                };
                return Ok(end.code());
            }
            if RawTerminal::is_ending() || self.input.is_none() {
                return self.hang_up(sim);
            }
        }
    }

    /// Waits a frame for something typed, and passes it on.
    fn take_input(&mut self, sim: &mut Sim) -> Result<(), Failure> {
        let Some(input) = &self.input else { return Ok(()) };
        match input.recv_timeout(Duration::from_millis(FRAME_MS)) {
            Ok(typed) => {
                let (on, ends) = self.escape.filter(&typed);
                if ends {
                    self.input = None;
                }
                if let (Some(tty), false) = (&self.tty, on.is_empty()) {
                    sim.type_keys(self.node, tty, &on)?;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.input = None,
        }
        Ok(())
    }

    fn take_size(&mut self, sim: &mut Sim) -> Result<(), Failure> {
        let size = RawTerminal::size();
        if let (Some(tty), true) = (&self.tty, size != self.size) {
            sim.resize_tty(self.node, tty, size.0, size.1)?;
            self.size = size;
        }
        Ok(())
    }

    fn show(&mut self, sim: &mut Sim) -> Result<(), Failure> {
        if self.tty.is_none() {
            self.tty = sim.session_tty(self.session);
        }
        let Some(tty) = &self.tty else { return Ok(()) };
        let shown = sim.take_tty(self.node, tty);
        if shown.is_empty() {
            return Ok(());
        }
        let mut out = std::io::stdout().lock();
        out.write_all(&shown)
            .and_then(|()| out.flush())
            .map_err(|error| Failure::new(format!("cannot write to this terminal: {}", describe(&error))))
    }

    /// This end is gone, or wants to go: the session hears of it, and has a moment to end.
    fn hang_up(&mut self, sim: &mut Sim) -> Outcome {
        if let Some(tty) = &self.tty {
            sim.hang_up_tty(self.node, tty)?;
        }
        let until = Tick(sim.tick().0 + HANGUP_TICKS);
        while sim.tick() < until && sim.session_status(self.session).is_none() {
            sim.skip(until)?;
        }
        Ok(crate::error::STATUS_HANGUP)
    }
}

/// How virtual time follows real time.
struct Pace {
    start: Instant,
    start_tick: Tick,
    speed: u32,
    synced_ms: u64,
}

impl Pace {
    #[expect(
        clippy::disallowed_methods,
        reason = "a person's seat paces the world by the host's clock"
    )]
    fn start(tick: Tick, speed: u32) -> Self {
        Self {
            start: Instant::now(),
            start_tick: tick,
            speed,
            synced_ms: 0,
        }
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether it is time to look at folders again.
    fn is_sync_due(&mut self) -> bool {
        let now = self.elapsed_ms();
        let due = now.saturating_sub(self.synced_ms) >= SYNC_MS;
        if due {
            self.synced_ms = now;
        }
        due
    }

    /// The tick that is due now. At least one: what was typed is answered.
    fn due(&mut self, now: Tick) -> Tick {
        let speed = u64::from(self.speed);
        let elapsed_ms = self.elapsed_ms();
        let due = Tick(self.start_tick.0 + elapsed_ms.saturating_mul(speed));
        let lag = due.0.saturating_sub(now.0);
        if lag > MAX_LAG_MS * speed {
            *self = Self::start(now, self.speed);
            return Tick(now.0 + speed);
        }
        due.max(Tick(now.0 + 1))
    }
}
