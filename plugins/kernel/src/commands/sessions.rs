//! Sessions: programs that are started from outside, with the host's streams or on a terminal that the host holds.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::calls::{WaitStatus, open_flags};
use helios_abi::{Bytes, Errno, NodeId, Pid, ProcKey, SysError};
use helios_engine::prelude::CommandError;

use super::Applied;
use crate::boot::{self, PATH};
use crate::caps::CapSet;
use crate::files::host::{self, HostOutputs, HostSession, STDERR_FLAGS, STDOUT_FLAGS, UNNAMED_SESSIONS};
use crate::files::{self, OpenSpec, tty};
use crate::index::KernelIndex;
use crate::loader::{Account, AccountsSource, LoadSource};
use crate::machine::{Power, machine};
use crate::process::{Creds, Env};
use crate::spawn::{Inherited, Place, SpawnSpec, spawn};
use crate::{jobs, rows};

/// What a program that was started from outside has for its streams.
pub(super) enum Streams {
    /// The host's, as a user.
    Host {
        /// The user.
        user: String,
        /// Where it starts; the user's home if absent.
        cwd: Option<String>,
    },
    /// A terminal, as root: it is `login` that finds out who sits there.
    Terminal {
        /// Rows of the screen.
        rows: u16,
        /// Columns.
        columns: u16,
    },
}

/// Starts a session's command. Where it cannot start, the session ends as a shell would have it: 127 if there is no such
/// program, 126 if it cannot run, with a line on its standard error.
pub(super) fn start(
    world: &mut World,
    node: NodeId,
    session: u64,
    streams: Streams,
    source: LoadSource,
    argv: Vec<String>,
    vars: BTreeMap<String, String>,
) -> Applied {
    if host::find(world, node, session).is_some() || tty::of_session(world, node, session).is_some() {
        return Err(CommandError::new(format!("session {session} is in use")));
    }
    if machine(world, node).power == Power::Starting {
        boot::boot(world, node);
    }
    let name = argv.first().cloned().unwrap_or_default();
    let result = match &machine(world, node).power {
        Power::On { .. } => begin(world, node, session, streams, source, argv, vars),
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
    streams: Streams,
    source: LoadSource,
    argv: Vec<String>,
    vars: BTreeMap<String, String>,
) -> Result<(), SysError> {
    let user = match &streams {
        Streams::Host { user, .. } => user.as_str(),
        Streams::Terminal { .. } => "root",
    };
    let account = account(world, node, user)?;
    let env = environment(user, &account.home, &streams, vars);
    let (files, terminal) = match streams {
        Streams::Host { .. } => (host_streams(world, node, session), None),
        Streams::Terminal { rows, columns } => {
            let id = host_terminal(world, node, session, rows, columns)?;
            (vec![open_terminal(world, node, id)], Some(id))
        }
    };
    let Account { uid, gid, groups, .. } = account;
    let creds = Creds {
        uid,
        gid,
        euid: uid,
        egid: gid,
        groups,
        caps: CapSet::all(),
    };
    let spec = SpawnSpec {
        ppid: machine(world, node).init,
        creds,
        source,
        argv,
        env,
        fds: (0..3).zip(files.iter().copied().cycle()).collect(),
        tty: None,
        session: Some(session),
        leader: true,
        ignored: BTreeSet::new(),
        blocked: BTreeSet::new(),
        place: Place::NewSession,
        inherited: Inherited::default(),
        keep: None,
    };
    let started = spawn(world, node, spec);
    if let Ok(pid) = &started {
        match (terminal, host::find(world, node, session)) {
            (Some(id), _) => jobs::claim(world, ProcKey { node, pid: *pid }, id).expect("a new terminal is free"),
            (None, Some(entity)) => world.get_mut::<HostSession>(entity).expect("found").pid = *pid,
            (None, None) => unreachable!("the process holds its session's streams"),
        }
    }
    // The process holds references of its own; without one, the streams go.
    for file in files {
        files::release(world, node, file);
    }
    started.map(|_| ())
}

fn environment(user: &str, home: &str, streams: &Streams, vars: BTreeMap<String, String>) -> Env {
    let (term, cwd) = match streams {
        Streams::Host { cwd, .. } => ("dumb", cwd.clone()),
        Streams::Terminal { .. } => ("xterm-256color", Some("/".to_owned())),
    };
    let mut all = BTreeMap::from(
        [
            ("HOME", home),
            ("PATH", PATH),
            ("SHELL", "/bin/sh"),
            ("TERM", term),
            ("USER", user),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    all.extend(vars);
    Env {
        vars: all,
        cwd: cwd.unwrap_or_else(|| home.to_owned()),
        umask: 0o022,
    }
}

/// The host's streams of a session: input, output, error.
fn host_streams(world: &mut World, node: NodeId, session: u64) -> Vec<u64> {
    let row = HostSession {
        session,
        pid: Pid(0),
        stdin: Bytes::default(),
        stdin_closed: session >= UNNAMED_SESSIONS,
        refs: 3,
    };
    let (entity, id) = rows::spawn(world, node, row);
    world.resource_mut::<KernelIndex>().add_object(node, id, entity);
    let streams = [
        (open_flags::READ, "stdin"),
        (STDOUT_FLAGS, "stdout"),
        (STDERR_FLAGS, "stderr"),
    ];
    let open = |(flags, name)| OpenSpec {
        kind: host::KIND,
        object: id,
        flags,
        path: format!("host:{session}/{name}"),
    };
    streams.map(|stream| files::create(world, node, open(stream))).to_vec()
}

fn host_terminal(world: &mut World, node: NodeId, session: u64, rows: u16, columns: u16) -> Result<u64, SysError> {
    let name = tty::free_name(world, node)?;
    let id = tty::spawn(world, node, &name, tty::Master::Host { session }, rows, columns);
    world.resource_mut::<HostOutputs>().open_terminal(session, node, &name);
    Ok(id)
}

fn open_terminal(world: &mut World, node: NodeId, id: u64) -> u64 {
    tty::opened(world, node, id).expect("a new terminal is not hung up");
    let path = format!("/dev/{}", tty::row(world, node, id).name);
    let spec = OpenSpec {
        kind: tty::KIND,
        object: id,
        flags: open_flags::READ | open_flags::WRITE,
        path,
    };
    files::create(world, node, spec)
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
