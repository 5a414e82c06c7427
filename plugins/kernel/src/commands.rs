//! Commands of the log: what enters a machine from outside.
//!
//! | command | payload | what it does |
//! |---|---|---|
//! | `kernel.boot` | `{}` | powers the machine on |
//! | `kernel.power_off` | `{}` | powers it off |
//! | `kernel.exec` | `{session?, user, argv, env?, cwd?}` | starts `argv[0]` with the host's streams |
//! | `kernel.run` | `{session, user, modules: [[specifier, source]], argv, env?, cwd?}` | starts a program from outside |
//! | `kernel.stdin` | `{session, bytes}` (base64) | input for a session |
//! | `kernel.stdin_close` | `{session}` | end of its input |
//! | `kernel.signal` | `{session, signal}` | a signal for every process of a session |
//! | `kernel.terminal` | `{session, argv, rows, columns, env?}` | starts `argv[0]` as root on a new terminal, which the session's host holds |
//! | `kernel.tty_input` | `{tty, bytes}` (base64) | typing at a terminal |
//! | `kernel.tty_resize` | `{tty, rows, columns}` | another size of its screen |
//! | `kernel.tty_hangup` | `{tty}` | whoever held it is gone |
//! | `kernel.lost` | `{pids}` | ends processes that cannot be rebuilt where this run goes on; a machine that loses `init` starts again |
//! | `kernel.sample` | `{samples: [[pid, bytes]]}` | memory of processes, as the host saw it |
//!
//! A session that names no number gets one of [`UNNAMED_SESSIONS`]: its input is closed, and its output goes nowhere.

mod sessions;
mod verbs;

use std::collections::BTreeMap;

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::signal::default_action;
use helios_abi::{Bytes, NodeId, Pid, ProcKey};
use helios_engine::prelude::{CommandError, LogAppExt};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::sessions::{Streams, start};
use crate::boot;
use crate::calls::serve_wakes;
use crate::files::host::{self, UNNAMED_SESSIONS};
use crate::files::tty;
use crate::host::Halted;
use crate::index::KernelIndex;
use crate::lifecycle::{Ending, end, power_off};
use crate::loader::LoadSource;
use crate::machine::{Machine, Power};
use crate::{memory, signals};

type Applied = Result<(), CommandError>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pids {
    pids: Vec<Pid>,
}

/// What a process that is lost in this way leaves behind.
const LOST: &str = "its checkpoint is of another installation or build";

fn lose(world: &mut World, node: NodeId, Pids { pids }: Pids) -> Applied {
    let init = crate::machine::machine(world, node).init;
    if pids.contains(&init) {
        boot::power_cycle(world, node);
        return Ok(());
    }
    for pid in pids {
        end(world, ProcKey { node, pid }, Ending::Killed(LOST.into()));
    }
    Ok(())
}

/// Registers every command.
pub(crate) fn register(app: &mut App) {
    verbs::register(app);
    app.register_command("kernel.boot", |world, node, payload| {
        on_machine(world, node, payload, |world, node, Empty {}| {
            boot::boot(world, node);
            Ok(())
        })
    })
    .register_command("kernel.power_off", |world, node, payload| {
        on_machine(world, node, payload, |world, node, Empty {}| {
            power_off(world, node, Power::Off);
            Ok(())
        })
    })
    .register_command("kernel.exec", |world, node, payload| {
        on_machine(world, node, payload, exec)
    })
    .register_command("kernel.run", |world, node, payload| {
        on_machine(world, node, payload, run)
    })
    .register_command("kernel.stdin", |world, node, payload| {
        on_machine(world, node, payload, |world, node, Stdin { session, bytes }| {
            host::feed(world, node, session, &bytes.0, false);
            Ok(())
        })
    })
    .register_command("kernel.stdin_close", |world, node, payload| {
        on_machine(world, node, payload, |world, node, Session { session }| {
            host::feed(world, node, session, &[], true);
            Ok(())
        })
    })
    .register_command("kernel.signal", |world, node, payload| {
        on_machine(world, node, payload, send_signal)
    })
    .register_command("kernel.tty_input", |world, node, payload| {
        on_machine(world, node, payload, tty_input)
    })
    .register_command("kernel.terminal", |world, node, payload| {
        on_machine(world, node, payload, open_terminal)
    })
    .register_command("kernel.tty_resize", |world, node, payload| {
        on_machine(world, node, payload, |world, node, TtyResize { tty, rows, columns }| {
            let id = terminal(world, node, &tty)?;
            tty::resize(world, node, id, rows, columns).map_err(|error| CommandError::new(error.message))
        })
    })
    .register_command("kernel.tty_hangup", |world, node, payload| {
        on_machine(world, node, payload, |world, node, TtyName { tty }| {
            let id = terminal(world, node, &tty)?;
            tty::hang_up(world, node, id);
            Ok(())
        })
    })
    .register_command("kernel.lost", |world, node, payload| {
        on_machine(world, node, payload, lose)
    })
    .register_command("kernel.sample", |world, node, payload| {
        on_machine(world, node, payload, |world, node, Samples { samples }| {
            memory::sample(world, node, samples);
            Ok(())
        })
    });
}

/// Reads the payload, checks the addressee, and serves what the command woke.
fn on_machine<T: DeserializeOwned>(
    world: &mut World,
    node: NodeId,
    payload: &Value,
    apply: impl FnOnce(&mut World, NodeId, T) -> Applied,
) -> Applied {
    let payload = T::deserialize(payload)?;
    let entity = world.resource::<KernelIndex>().machine(node);
    if entity.and_then(|entity| world.get::<Machine>(entity)).is_none() {
        return Err(CommandError::new("is addressed to a node that is no machine"));
    }
    if world.resource::<Halted>().0.is_some() {
        return Err(CommandError::new("the world stands still"));
    }
    let applied = apply(world, node, payload);
    serve_wakes(world);
    applied
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    session: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stdin {
    session: u64,
    bytes: Bytes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exec {
    session: Option<u64>,
    user: String,
    argv: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    cwd: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RunModules {
    session: u64,
    user: String,
    modules: Vec<(String, String)>,
    argv: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    cwd: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SendSignal {
    session: u64,
    signal: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TtyInput {
    tty: String,
    bytes: Bytes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TtyResize {
    tty: String,
    rows: u32,
    columns: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TtyName {
    tty: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenTerminal {
    session: u64,
    argv: Vec<String>,
    rows: u16,
    columns: u16,
    #[serde(default)]
    env: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Samples {
    samples: Vec<(Pid, u64)>,
}

fn exec(world: &mut World, node: NodeId, exec: Exec) -> Applied {
    let Exec {
        session,
        user,
        argv,
        env,
        cwd,
    } = exec;
    let path = argv
        .first()
        .ok_or_else(|| CommandError::new("argv: expected at least the program"))?
        .clone();
    let session = match session {
        Some(session) if session >= UNNAMED_SESSIONS => {
            return Err(CommandError::new("session: expected a number below 2^52"));
        }
        Some(session) => session,
        None => host::unnamed_session(world, node),
    };
    let streams = Streams::Host { user, cwd };
    start(world, node, session, streams, LoadSource::Path(path), argv, env)
}

fn open_terminal(world: &mut World, node: NodeId, command: OpenTerminal) -> Applied {
    let OpenTerminal {
        session,
        argv,
        rows,
        columns,
        env,
    } = command;
    let path = argv
        .first()
        .ok_or_else(|| CommandError::new("argv: expected at least the program"))?
        .clone();
    if session >= UNNAMED_SESSIONS {
        return Err(CommandError::new("session: expected a number below 2^52"));
    }
    let screen = 1..=tty::MAX_SCREEN;
    if !screen.contains(&rows.into()) || !screen.contains(&columns.into()) {
        return Err(CommandError::new(format!(
            "a screen has 1 to {} rows and columns",
            tty::MAX_SCREEN
        )));
    }
    let streams = Streams::Terminal { rows, columns };
    start(world, node, session, streams, LoadSource::Path(path), argv, env)
}

fn run(world: &mut World, node: NodeId, run: RunModules) -> Applied {
    let RunModules {
        session,
        user,
        modules,
        argv,
        env,
        cwd,
    } = run;
    if modules.is_empty() {
        return Err(CommandError::new("modules: expected at least the entry"));
    }
    if session >= UNNAMED_SESSIONS {
        return Err(CommandError::new("session: expected a number below 2^52"));
    }
    let streams = Streams::Host { user, cwd };
    start(world, node, session, streams, LoadSource::Modules(modules), argv, env)
}

fn send_signal(world: &mut World, node: NodeId, command: SendSignal) -> Applied {
    let SendSignal { session, signal } = command;
    if default_action(signal).is_none() {
        return Err(CommandError::new(format!("there is no signal {signal}")));
    }
    signals::send_to_session(world, node, session, signal);
    Ok(())
}

fn terminal(world: &World, node: NodeId, name: &str) -> Result<u64, CommandError> {
    tty::find(world, node, name).ok_or_else(|| CommandError::new(format!("no terminal {name}")))
}

fn tty_input(world: &mut World, node: NodeId, command: TtyInput) -> Applied {
    let id = terminal(world, node, &command.tty)?;
    tty::type_at(world, node, id, &command.bytes.0);
    Ok(())
}
