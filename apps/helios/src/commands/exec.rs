//! `helios exec`: a command line on a machine, with this process's streams and its exit status.

use std::io::{IsTerminal as _, Write as _};
use std::sync::mpsc::{Receiver, TryRecvError};

use helios_engine::ids::{NodeId, Tick};

use crate::args::{ExecArgs, WorldArgs};
use crate::error::{Failure, Outcome};
use crate::sim::{Sim, open};
use crate::terminal::read_input;

/// Runs the command.
///
/// # Errors
/// If the world cannot be opened or stops.
pub(super) fn exec(args: &ExecArgs) -> Outcome {
    let mut sim = open(&args.world)?;
    let node = sim.machine(args.world.machine.as_deref())?;
    let line = args.command.join(" ");
    let session = sim.exec(node, &args.user, &["/bin/sh".to_owned(), "-c".to_owned(), line])?;
    let code = drive(&mut sim, node, session, args.limit)?;
    finish(&mut sim, &args.world)?;
    Ok(code)
}

/// Runs a session to its end, passing standard streams through; answers its status.
///
/// # Errors
/// If the world stops.
pub(super) fn drive(sim: &mut Sim, node: NodeId, session: u64, limit: Option<u64>) -> Outcome {
    let until = limit.map_or(Tick(u64::MAX >> 12), |limit| Tick(sim.tick().0.saturating_add(limit)));
    let input = Input::start();
    let mut open = true;
    while sim.tick() < until {
        // Input is logged when it is there; a world that waits for it and for nothing else waits for the host here.
        if open {
            open = input.feed(sim, node, session)?;
        }
        sim.skip(if open { Tick(sim.tick().0 + 1) } else { until })?;
        pass(sim, session)?;
        if let Some(status) = sim.session_status(session) {
            pass(sim, session)?;
            if let (Some(reason), None) = (&status.reason, status.code) {
                eprintln!("helios: {reason}");
            }
            return Ok(crate::sim::SessionEnd {
                stdout: Vec::new(),
                stderr: Vec::new(),
                status: Some(status),
            }
            .code());
        }
    }
    eprintln!(
        "helios: the limit of {} ticks came before the end",
        limit.unwrap_or_default()
    );
    Ok(124)
}

/// Writes what a session wrote to this process's streams. A closed pipe ends nothing inside the world.
pub(super) fn pass(sim: &mut Sim, session: u64) -> Result<(), Failure> {
    let output = sim.take_output(session);
    let written = write(&mut std::io::stdout().lock(), &output.stdout)
        .and_then(|()| write(&mut std::io::stderr().lock(), &output.stderr));
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::new(format!(
            "cannot write the output: {}",
            crate::error::describe(&error)
        ))),
        _ => Ok(()),
    }
}

fn write(stream: &mut dyn std::io::Write, bytes: &[u8]) -> std::io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    stream.write_all(bytes)?;
    stream.flush()
}

/// Saves and records what the command's options ask for.
pub(super) fn finish(sim: &mut Sim, args: &WorldArgs) -> Result<(), Failure> {
    if sim.sync()? > 0 {
        sim.step()?;
    }
    if let Some(path) = &args.record
        && let Some(recording) = sim.take_recording()
    {
        helios_engine::replay::write_recording_file(path, &recording)
            .map_err(|error| Failure::new(error.to_string()))?;
    }
    if let Some(target) = &args.save {
        sim.save_to(target)?;
    }
    sim.finish_autosave()?;
    std::io::stdout().flush().ok();
    Ok(())
}

/// This process's standard input, read by a thread of its own, since a read may wait for ever.
struct Input(Option<Receiver<Vec<u8>>>);

impl Input {
    /// Starts reading, unless standard input is a terminal: a person who wants to type uses `shell`.
    fn start() -> Self {
        if std::io::stdin().is_terminal() {
            return Self(None);
        }
        Self(Some(read_input()))
    }

    /// Logs the input that has arrived; answers whether more may come.
    fn feed(&self, sim: &mut Sim, node: NodeId, session: u64) -> Result<bool, Failure> {
        let Some(receiver) = &self.0 else {
            sim.stdin_close(node, session)?;
            return Ok(false);
        };
        loop {
            match receiver.try_recv() {
                Ok(bytes) => sim.stdin(node, session, &bytes)?,
                Err(TryRecvError::Empty) => return Ok(true),
                Err(TryRecvError::Disconnected) => {
                    sim.stdin_close(node, session)?;
                    return Ok(false);
                }
            }
        }
    }
}
