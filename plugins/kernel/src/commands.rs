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
//! | `kernel.tty_input` | `{tty, bytes}` (base64) | typing at a terminal |
//! | `kernel.sample` | `{samples: [[pid, bytes]]}` | memory of processes, as the host saw it |
//!
//! A session that names no number gets one of [`UNNAMED_SESSIONS`]: its input is closed, and its output goes nowhere.

mod verbs;

use std::collections::{BTreeMap, BTreeSet};

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::calls::WaitStatus;
use helios_abi::signal::default_action;
use helios_abi::{Bytes, Errno, NodeId, Pid, ProcKey, SysError, signal};
use helios_engine::prelude::{CommandError, LogAppExt};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::boot::{self, PATH};
use crate::calls::serve_wakes;
use crate::files::host::{self, HostOutputs, HostSession, STDERR_FLAGS, STDOUT_FLAGS, UNNAMED_SESSIONS};
use crate::files::{self, OpenSpec, tty};
use crate::host::Halted;
use crate::index::KernelIndex;
use crate::lifecycle::{alive, check_memory, power_off};
use crate::loader::{Account, AccountsSource, LoadSource};
use crate::machine::{Machine, Power, machine};
use crate::process::{Accounting, Creds, Env};
use crate::spawn::{SpawnSpec, spawn};
use crate::{caps::CapSet, rows, signals};

type Applied = Result<(), CommandError>;

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
    .register_command("kernel.sample", |world, node, payload| {
        on_machine(world, node, payload, sample)
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
    start(world, node, session, &user, LoadSource::Path(path), argv, env, cwd)
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
    start(
        world,
        node,
        session,
        &user,
        LoadSource::Modules(modules),
        argv,
        env,
        cwd,
    )
}

/// Starts a session's command. Where it cannot start, the session ends as a shell would have it: 127 if there is no such
/// program, 126 if it cannot run, with a line on its standard error.
fn start(
    world: &mut World,
    node: NodeId,
    session: u64,
    user: &str,
    source: LoadSource,
    argv: Vec<String>,
    vars: BTreeMap<String, String>,
    cwd: Option<String>,
) -> Applied {
    if host::find(world, node, session).is_some() {
        return Err(CommandError::new(format!("session {session} is in use")));
    }
    if machine(world, node).power == Power::Starting {
        boot::boot(world, node);
    }
    let name = argv.first().cloned().unwrap_or_default();
    let result = match &machine(world, node).power {
        Power::On { .. } => begin(world, node, session, user, source, argv, vars, cwd),
        Power::Halted { reason } => Err(SysError::new(Errno::EIO, format!("the machine is halted: {reason}"))),
        Power::Off | Power::Starting => Err(SysError::new(Errno::EIO, "the machine is off")),
    };
    if let Err(error) = result {
        let code = if error.errno == Errno::ENOENT { 127 } else { 126 };
        let mut outputs = world.resource_mut::<HostOutputs>();
        outputs.write_session(session, true, format!("helios: {name}: {}\n", error.message).as_bytes());
        let reason = Some(error.to_string());
        outputs.end(
            session,
            WaitStatus {
                pid: Pid(0),
                code: Some(code),
                signal: None,
                reason,
                stopped: None,
                continued: None,
                cpu_us: 0,
            },
        );
    }
    Ok(())
}

fn begin(
    world: &mut World,
    node: NodeId,
    session: u64,
    user: &str,
    source: LoadSource,
    argv: Vec<String>,
    vars: BTreeMap<String, String>,
    cwd: Option<String>,
) -> Result<(), SysError> {
    let account = account(world, node, user)?;
    let Account { uid, gid, groups, home } = account;
    let creds = Creds {
        uid,
        gid,
        euid: uid,
        egid: gid,
        groups,
        caps: CapSet::all(),
    };
    let mut all = BTreeMap::from(
        [
            ("HOME", home.as_str()),
            ("PATH", PATH),
            ("SHELL", "/bin/sh"),
            ("TERM", "dumb"),
            ("USER", user),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    all.extend(vars);
    let env = Env {
        vars: all,
        cwd: cwd.unwrap_or_else(|| home.clone()),
        umask: 0o022,
    };

    let row = HostSession {
        session,
        pid: Pid(0),
        stdin: Bytes::default(),
        stdin_closed: session >= UNNAMED_SESSIONS,
        refs: 3,
    };
    let (entity, id) = rows::spawn(world, node, row);
    world.resource_mut::<KernelIndex>().add_object(node, id, entity);
    let streams = [helios_abi::calls::open_flags::READ, STDOUT_FLAGS, STDERR_FLAGS];
    let files: Vec<u64> = streams
        .iter()
        .zip(["stdin", "stdout", "stderr"])
        .map(|(&flags, name)| {
            let path = format!("host:{session}/{name}");
            files::create(
                world,
                node,
                OpenSpec {
                    kind: host::KIND,
                    object: id,
                    flags,
                    path,
                },
            )
        })
        .collect();
    let fds = (0..).zip(files.iter().copied()).collect();
    let (ppid, ignored) = (machine(world, node).init, BTreeSet::new());
    let (tty, session) = (None, Some(session));
    let spec = SpawnSpec {
        ppid,
        creds,
        source,
        argv,
        env,
        fds,
        tty,
        session,
        leader: true,
        ignored,
    };
    let started = spawn(world, node, spec);
    if let Ok(pid) = &started {
        world.get_mut::<HostSession>(entity).expect("spawned above").pid = *pid;
    }
    // The process holds references of its own; without one, the streams go.
    for file in files {
        files::release(world, node, file);
    }
    started.map(|_| ())
}

fn account(world: &mut World, node: NodeId, user: &str) -> Result<Account, SysError> {
    let found = match world.get_resource::<AccountsSource>().cloned() {
        Some(source) => source.0.find(world, node, user),
        None if user == "root" => Some(Account {
            uid: 0,
            gid: 0,
            groups: Vec::new(),
            home: "/".to_owned(),
        }),
        None => None,
    };
    found.ok_or_else(|| SysError::new(Errno::EINVAL, format!("there is no user {user}")))
}

fn send_signal(world: &mut World, node: NodeId, command: SendSignal) -> Applied {
    let SendSignal { session, signal } = command;
    if default_action(signal).is_none() {
        return Err(CommandError::new(format!("there is no signal {signal}")));
    }
    signals::send_to_session(world, node, session, signal);
    Ok(())
}

fn tty_input(world: &mut World, node: NodeId, command: TtyInput) -> Applied {
    let TtyInput { tty: name, bytes } = command;
    let typed = tty::type_at(world, node, &name, &bytes.0).map_err(|error| CommandError::new(error.message))?;
    for signal in typed {
        debug_assert!(matches!(signal, signal::SIGINT | signal::SIGQUIT));
        signals::send_to_tty(world, node, &name, signal);
    }
    Ok(())
}

/// A sample of a process that has ended since is of no consequence.
fn sample(world: &mut World, node: NodeId, command: Samples) -> Applied {
    for (pid, bytes) in command.samples {
        let key = ProcKey { node, pid };
        if let Some(entity) = alive(world, key) {
            world
                .get_mut::<Accounting>(entity)
                .expect("a process has all its rows")
                .mem_bytes = bytes;
            check_memory(world, key);
        }
    }
    Ok(())
}
