//! `helios shell`: a shell on a machine, in real time, with this terminal in line mode.

use std::io::Read as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use helios_abi::signal::SIGINT;
use helios_engine::ids::Tick;
use serde_json::json;

use crate::args::ShellArgs;
use crate::commands::exec::{finish, pass};
use crate::error::{Failure, Outcome};
use crate::sim::{SessionEnd, open};

/// Real time between two looks at the world, in milliseconds: a key is answered within two of them.
const FRAME_MS: u64 = 5;

/// How often Ctrl-C was typed. A signal handler may only touch atomics.
static INTERRUPTS: AtomicU32 = AtomicU32::new(0);

/// Runs the command.
///
/// # Errors
/// If the world cannot be opened or stops.
pub(super) fn shell(args: &ShellArgs) -> Outcome {
    let mut sim = open(&args.world)?;
    let node = sim.machine(args.world.machine.as_deref())?;
    let session = sim.exec(node, &args.user, &["/bin/sh".to_owned(), "-i".to_owned()])?;
    catch_interrupts()?;
    let input = read_input();
    let mut interrupts = 0;
    let mut open = true;
    let status = loop {
        match input.recv_timeout(Duration::from_millis(if open { FRAME_MS } else { 0 })) {
            Ok(bytes) => sim.stdin(node, session, &bytes)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                if open {
                    sim.stdin_close(node, session)?;
                    open = false;
                }
                // Input has ended: the world goes on at its pace until the shell has.
                pause();
            }
        }
        let typed = INTERRUPTS.load(Ordering::Relaxed);
        if typed != interrupts {
            interrupts = typed;
            sim.submit(node, "kernel.signal", json!({ "session": session, "signal": SIGINT }))?;
        }
        let until = Tick(sim.tick().0 + FRAME_MS * u64::from(args.speed));
        while sim.tick() < until {
            sim.skip(until)?;
        }
        pass(&mut sim, session)?;
        if let Some(status) = sim.session_status(session) {
            break status;
        }
    };
    finish(&mut sim, &args.world)?;
    Ok(SessionEnd {
        stdout: Vec::new(),
        stderr: Vec::new(),
        status: Some(status),
    }
    .code())
}

fn read_input() -> Receiver<Vec<u8>> {
    let (sender, receiver) = sync_channel(16);
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        let mut buffer = vec![0; 4096];
        while let Ok(read @ 1..) = stdin.read(&mut buffer) {
            if sender.send(buffer[..read].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}

/// Ctrl-C goes to the machine and not to this process.
fn catch_interrupts() -> Result<(), Failure> {
    ctrlc::set_handler(|| {
        INTERRUPTS.fetch_add(1, Ordering::Relaxed);
    })
    .map_err(|error| Failure::new(format!("cannot catch Ctrl-C: {error}")))
}

/// A frame's pause, where there is no input to wait for. The shell runs in real time: this is the host's side of it.
#[expect(clippy::disallowed_methods, reason = "a shell paces the world by the host's clock")]
fn pause() {
    std::thread::sleep(Duration::from_millis(FRAME_MS));
}
