//! Calls on processes: spawn, wait, exit, and what a process may know.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::calls::{Exec, Exit, FdMap, GetProcessInfo, ProcessInfo, Spawn, Umask, Wait, WaitStatus};
use helios_abi::{Errno, Pid, ProcKey, SysError, signal};

use crate::caps::{CapSet, Scope};
use crate::files::{self, Fds, MAX_FDS, tty};
use crate::index::KernelIndex;
use crate::jobs;
use crate::lifecycle::{Ending, alive, end, reap};
use crate::loader::{LoadSource, Loader};
use crate::machine::machine;
use crate::process::{Accounting, Change, Creds, Env, Family, Run, SignalTable, micros};
use crate::spawn::{ExecSpec, Inherited, Place, SpawnSpec, exec as exec_program, spawn as spawn_process};
use crate::syscall::{Caller, Completion, SysResult};
use crate::wait::{WaitKey, WaitReason};

/// Longest source that `spawn` takes as `code`.
pub(super) const MAX_CODE_BYTES: usize = 512 << 10;

pub(super) fn umask(world: &mut World, caller: &Caller, call: Umask) -> SysResult<u32> {
    let mut env = world.get_mut::<Env>(caller.entity).expect("a process has all its rows");
    let before = env.umask;
    if let Some(mask) = call.mask {
        env.umask = mask & 0o777;
    }
    Ok(Completion::Done(before))
}

/// The program that a call names.
fn source_of(name: &str, path: Option<String>, code: Option<String>) -> Result<LoadSource, SysError> {
    match (path, code) {
        (Some(path), None) => Ok(LoadSource::Path(path)),
        (None, Some(code)) if code.len() > MAX_CODE_BYTES => Err(SysError::new(
            Errno::E2BIG,
            format!("{name}: code: at most {MAX_CODE_BYTES} bytes, got {}", code.len()),
        )),
        (None, Some(code)) => Ok(LoadSource::Code(code)),
        _ => Err(SysError::new(
            Errno::EINVAL,
            format!("{name}: exactly one of path and code"),
        )),
    }
}

/// The caller's surroundings with what a call changes of them.
fn env_of(
    world: &mut World,
    caller: &Caller,
    vars: Option<BTreeMap<String, String>>,
    cwd: Option<String>,
) -> Result<Env, SysError> {
    let mut env = world
        .get::<Env>(caller.entity)
        .expect("a process has all its rows")
        .clone();
    if let Some(vars) = vars {
        env.vars = vars;
    }
    if let Some(cwd) = cwd {
        let loader = world.get_resource::<Loader>().cloned().ok_or(Errno::ENOSYS)?;
        let creds = caller.creds(world).clone();
        env.cwd = loader.0.directory(world, caller.node(), &creds, &env.cwd, &cwd)?;
    }
    Ok(env)
}

fn argv_of(argv: Option<Vec<String>>, source: &LoadSource) -> Vec<String> {
    argv.filter(|argv| !argv.is_empty())
        .unwrap_or_else(|| vec![name_of(source)])
}

pub(super) fn spawn(world: &mut World, caller: &Caller, call: Spawn) -> SysResult<Pid> {
    caller.require(world, "proc", "spawn", Scope::None)?;
    let source = source_of("spawn", call.path, call.code)?;
    let family = world
        .get::<Family>(caller.entity)
        .expect("a process has all its rows")
        .clone();
    let place = place_of(world, caller, &family, call.setsid, call.pgroup)?;
    let creds = creds_of(world, caller, call.uid, call.gid, call.groups)?;
    let keep = call.caps.map(|caps| CapSet::parse(&caps));
    let keep = keep
        .transpose()
        .map_err(|error| SysError::new(Errno::EINVAL, format!("spawn: caps: {error}")))?;
    let env = env_of(world, caller, call.env, call.cwd)?;
    let fds = inherited(world, caller, call.fds)?;
    let (ctty, foreground) = terminals_of(world, caller, &family, &fds, place, call.ctty, call.foreground)?;
    let (ignored, blocked) = signals_of(world, caller, call.defaults, call.ignores)?;
    let accounting = world
        .get::<Accounting>(caller.entity)
        .expect("a process has all its rows");
    let spec = SpawnSpec {
        ppid: caller.key.pid,
        creds,
        argv: argv_of(call.argv, &source),
        source,
        env,
        fds,
        tty: match place {
            Place::NewSession => call.tty,
            _ => call.tty.or(family.tty),
        },
        session: family.session,
        leader: false,
        ignored,
        blocked,
        place,
        inherited: Inherited::of(accounting),
        keep,
    };
    let pid = spawn_process(world, caller.node(), spec)?;
    if let Some(terminal) = ctty {
        jobs::claim(world, ProcKey { pid, ..caller.key }, terminal).expect("the terminal was found free");
    }
    if let Some(terminal) = foreground {
        let group = jobs::family(world, ProcKey { pid, ..caller.key })
            .expect("just made")
            .pgid;
        jobs::set_foreground(world, caller.node(), terminal, group);
    }
    Ok(Completion::Done(pid))
}

fn place_of(
    world: &World,
    caller: &Caller,
    family: &Family,
    setsid: Option<bool>,
    pgroup: Option<Pid>,
) -> Result<Place, SysError> {
    let sid = family.sid;
    match (setsid, pgroup) {
        (Some(true), None | Some(Pid(0))) => Ok(Place::NewSession),
        (Some(true), Some(_)) => Err(SysError::new(
            Errno::EINVAL,
            "spawn: a new session begins with a group of its own",
        )),
        (_, None) => Ok(Place::Group { sid, pgid: family.pgid }),
        (_, Some(Pid(0))) => Ok(Place::NewGroup { sid }),
        (_, Some(pgid)) => {
            super::jobs::check_group(world, caller, pgid, None)?;
            Ok(Place::Group { sid, pgid })
        }
    }
}

fn creds_of(
    world: &World,
    caller: &Caller,
    uid: Option<u32>,
    gid: Option<u32>,
    groups: Option<Vec<u32>>,
) -> Result<Creds, SysError> {
    let mut creds = caller.creds(world).clone();
    if uid.is_none() && gid.is_none() && groups.is_none() {
        return Ok(creds);
    }
    if !creds.is_root() {
        return Err(SysError::new(
            Errno::EPERM,
            "only root may start a program as somebody else",
        ));
    }
    if let Some(uid) = uid {
        (creds.uid, creds.euid) = (uid, uid);
    }
    if let Some(gid) = gid {
        (creds.gid, creds.egid) = (gid, gid);
    }
    if let Some(mut groups) = groups {
        if groups.len() > super::creds::MAX_GROUPS {
            return Err(SysError::new(Errno::EINVAL, "spawn: groups: too many"));
        }
        groups.sort_unstable();
        groups.dedup();
        creds.groups = groups;
    }
    Ok(creds)
}

/// The terminal that a child's session gets, and the one whose foreground its group becomes: checked before it starts.
fn terminals_of(
    world: &World,
    caller: &Caller,
    family: &Family,
    fds: &[(i32, u64)],
    place: Place,
    ctty: Option<i32>,
    foreground: Option<bool>,
) -> Result<(Option<u64>, Option<u64>), SysError> {
    let node = caller.node();
    let ctty = match ctty {
        None => None,
        Some(_) if place != Place::NewSession => {
            return Err(SysError::new(Errno::EINVAL, "spawn: ctty goes with setsid"));
        }
        Some(fd) => {
            let file = fds
                .iter()
                .find(|(to, _)| *to == fd)
                .map(|(_, file)| files::describe(world, node, *file));
            let file = file.filter(|file| file.file.kind == tty::KIND);
            let file = file.ok_or_else(|| SysError::new(Errno::ENOTTY, format!("spawn: {fd} is not a terminal")))?;
            let session = tty::row(world, node, file.file.object).session;
            if session.is_some_and(|session| alive(world, ProcKey { node, pid: session }).is_some()) {
                return Err(SysError::new(Errno::EPERM, "spawn: the terminal has a session"));
            }
            Some(file.file.object)
        }
    };
    if foreground != Some(true) || place == Place::NewSession {
        return Ok((ctty, None));
    }
    let own = family.tty.as_deref().and_then(|name| tty::find(world, node, name));
    let own = own.filter(|id| tty::row(world, node, *id).session == Some(family.sid));
    let own = own.ok_or_else(|| SysError::new(Errno::ENOTTY, "spawn: the session has no terminal"))?;
    Ok((ctty, Some(own)))
}

/// What a child ignores and blocks.
fn signals_of(
    world: &World,
    caller: &Caller,
    defaults: Option<Vec<i32>>,
    ignores: Option<Vec<i32>>,
) -> Result<(BTreeSet<i32>, BTreeSet<i32>), SysError> {
    let table = world
        .get::<SignalTable>(caller.entity)
        .expect("a process has all its rows");
    let (mut ignored, mut blocked) = (table.ignored.clone(), table.blocked.clone());
    for signal in super::signals::known("spawn", defaults)? {
        ignored.remove(&signal);
        blocked.remove(&signal);
    }
    let certain = |signal: &i32| matches!(*signal, signal::SIGKILL | signal::SIGSTOP);
    ignored.extend(
        super::signals::known("spawn", ignores)?
            .into_iter()
            .filter(|signal| !certain(signal)),
    );
    Ok((ignored, blocked))
}

pub(super) fn exec(world: &mut World, caller: &Caller, call: Exec) -> SysResult<()> {
    caller.require(world, "proc", "spawn", Scope::None)?;
    let source = source_of("exec", call.path, call.code)?;
    let env = env_of(world, caller, call.env, call.cwd)?;
    let fds = call.fds.map(|fds| inherited(world, caller, Some(fds))).transpose()?;
    let argv = argv_of(call.argv, &source);
    exec_program(world, caller.key, ExecSpec { source, argv, env, fds })?;
    Ok(Completion::Gone)
}

fn name_of(source: &LoadSource) -> String {
    match source {
        LoadSource::Path(path) => path.clone(),
        LoadSource::Code(_) | LoadSource::Script { .. } | LoadSource::Modules(_) => "<code>".to_owned(),
    }
}

/// The descriptors of a child: those asked for, or 0, 1 and 2 where the parent has them and they are not close-on-exec.
fn inherited(world: &World, caller: &Caller, wanted: Option<Vec<FdMap>>) -> Result<Vec<(i32, u64)>, SysError> {
    let fds = world.get::<Fds>(caller.entity).expect("a process has all its rows");
    let Some(wanted) = wanted else {
        let standard = (0..3).filter_map(|fd| fds.get(fd)).filter(|entry| !entry.cloexec);
        return Ok(standard.map(|entry| (entry.fd, entry.file)).collect());
    };
    if wanted.len() > MAX_FDS {
        return Err(SysError::new(Errno::EMFILE, format!("spawn: fds: at most {MAX_FDS}")));
    }
    let mut given = std::collections::BTreeMap::new();
    for FdMap { to, from } in wanted {
        let entry = fds
            .get(from)
            .ok_or_else(|| SysError::new(Errno::EBADF, format!("spawn: {from} is not an open descriptor")))?;
        if !(0..MAX_FDS as i32).contains(&to) {
            return Err(SysError::new(
                Errno::EBADF,
                format!("spawn: {to} cannot be a descriptor"),
            ));
        }
        if given.insert(to, entry.file).is_some() {
            return Err(SysError::new(Errno::EINVAL, format!("spawn: fds: {to} is given twice")));
        }
    }
    Ok(given.into_iter().collect())
}

pub(super) fn wait(world: &mut World, caller: &Caller, call: Wait) -> SysResult<Option<WaitStatus>> {
    let index = world.resource::<KernelIndex>();
    let wanted = |pid: Pid| {
        let family = jobs::family(world, ProcKey { pid, ..caller.key });
        call.pid.is_none_or(|only| only == pid)
            && call
                .pgid
                .is_none_or(|group| family.is_some_and(|family| family.pgid == group))
    };
    let children: Vec<Pid> = index.children(caller.key).filter(|child| wanted(*child)).collect();
    if children.is_empty() {
        return Err(SysError::from(Errno::ECHILD));
    }
    for &pid in &children {
        if let Some(status) = reap(world, ProcKey { pid, ..caller.key }) {
            return Ok(Completion::Done(Some(status)));
        }
    }
    for pid in children {
        if let Some(status) = take_change(world, ProcKey { pid, ..caller.key }, &call) {
            return Ok(Completion::Done(Some(status)));
        }
    }
    match call.nohang {
        Some(true) => Ok(Completion::Done(None)),
        _ => Ok(Completion::Pending(WaitReason::on(WaitKey::Child(caller.key.pid)))),
    }
}

/// What a living child has come to, if the call asks for it. It is told once.
fn take_change(world: &mut World, child: ProcKey, call: &Wait) -> Option<WaitStatus> {
    let entity = alive(world, child)?;
    let change = world.get::<Run>(entity).expect("a process has all its rows").change?;
    let asked = match change {
        Change::Stopped(_) => call.untraced,
        Change::Continued => call.continued,
    };
    if asked != Some(true) {
        return None;
    }
    world.get_mut::<Run>(entity).expect("a process has all its rows").change = None;
    let per_tick = machine(world, child.node).gas_per_tick;
    let accounting = world.get::<Accounting>(entity).expect("a process has all its rows");
    Some(WaitStatus {
        pid: child.pid,
        code: None,
        signal: None,
        reason: None,
        stopped: match change {
            Change::Stopped(signal) => Some(signal),
            Change::Continued => None,
        },
        continued: matches!(change, Change::Continued).then_some(true),
        cpu_us: accounting.all_cpu_us(per_tick),
    })
}

pub(super) fn exit(world: &mut World, caller: &Caller, call: Exit) -> SysResult<()> {
    end(world, caller.key, Ending::Exit(call.code));
    Ok(Completion::Done(()))
}

pub(super) fn process_info(world: &mut World, caller: &Caller, _: GetProcessInfo) -> SysResult<ProcessInfo> {
    let entity = alive(world, caller.key).ok_or(Errno::ESRCH)?;
    let family = world.get::<Family>(entity).expect("a process has all its rows");
    let env = world.get::<Env>(entity).expect("a process has all its rows");
    let creds = caller.creds(world);
    let accounting = world.get::<Accounting>(entity).expect("a process has all its rows");
    let per_tick = machine(world, caller.node()).gas_per_tick;
    Ok(Completion::Done(ProcessInfo {
        pid: family.pid,
        ppid: family.ppid,
        uid: creds.uid,
        gid: creds.gid,
        euid: creds.euid,
        egid: creds.egid,
        groups: creds.groups.clone(),
        cwd: env.cwd.clone(),
        umask: env.umask,
        tty: family.tty.clone(),
        pgid: family.pgid,
        sid: family.sid,
        nice: accounting.nice,
        cpu_us: micros(accounting.cpu_gas, per_tick),
        children_cpu_us: micros(accounting.children_gas, per_tick),
        caps: creds.caps.to_texts(),
    }))
}
