//! Calls on processes: spawn, wait, exit, and what a process may know.

use bevy_ecs::prelude::*;
use helios_abi::calls::{
    Exit, FdMap, GetProcessInfo, GetSystemInfo, ProcessInfo, Spawn, SystemInfo, Umask, Wait, WaitStatus,
};
use helios_abi::{Errno, Pid, ProcKey, SysError};

use crate::caps::Scope;
use crate::files::{Fds, MAX_FDS};
use crate::index::KernelIndex;
use crate::lifecycle::{Ending, alive, end, reap};
use crate::loader::{LoadSource, Loader};
use crate::machine::{Power, machine};
use crate::process::{Accounting, Env, Family, SignalTable};
use crate::rows;
use crate::spawn::{SpawnSpec, spawn as spawn_process};
use crate::syscall::{Caller, Completion, SysResult};
use crate::wait::{WaitKey, WaitReason};

/// Longest source that `spawn` takes as `code`.
const MAX_CODE_BYTES: usize = 512 << 10;

pub(super) fn umask(world: &mut World, caller: &Caller, call: Umask) -> SysResult<u32> {
    let mut env = world.get_mut::<Env>(caller.entity).expect("a process has all its rows");
    let before = env.umask;
    if let Some(mask) = call.mask {
        env.umask = mask & 0o777;
    }
    Ok(Completion::Done(before))
}

pub(super) fn spawn(world: &mut World, caller: &Caller, call: Spawn) -> SysResult<Pid> {
    caller.require(world, "proc", "spawn", Scope::None)?;
    let source = match (call.path, call.code) {
        (Some(path), None) => LoadSource::Path(path),
        (None, Some(code)) if code.len() > MAX_CODE_BYTES => {
            return Err(SysError::new(
                Errno::E2BIG,
                format!("spawn: code: at most {MAX_CODE_BYTES} bytes, got {}", code.len()),
            ));
        }
        (None, Some(code)) => LoadSource::Code(code),
        _ => return Err(SysError::new(Errno::EINVAL, "spawn: exactly one of path and code")),
    };
    let family = world.get::<Family>(caller.entity).expect("a process has all its rows");
    let (tty, session) = (call.tty.or_else(|| family.tty.clone()), family.session);
    let mut env = world
        .get::<Env>(caller.entity)
        .expect("a process has all its rows")
        .clone();
    if let Some(vars) = call.env {
        env.vars = vars;
    }
    let creds = caller.creds(world).clone();
    if let Some(cwd) = call.cwd {
        let loader = world.get_resource::<Loader>().cloned().ok_or(Errno::ENOSYS)?;
        env.cwd = loader.0.directory(world, caller.node(), &creds, &env.cwd, &cwd)?;
    }
    let fds = inherited(world, caller, call.fds)?;
    let ignored = world
        .get::<SignalTable>(caller.entity)
        .expect("a process has all its rows")
        .ignored
        .clone();
    let argv = call
        .argv
        .filter(|argv| !argv.is_empty())
        .unwrap_or_else(|| vec![name_of(&source)]);
    let spec = SpawnSpec {
        ppid: caller.key.pid,
        creds,
        source,
        argv,
        env,
        fds,
        tty,
        session,
        leader: false,
        ignored,
    };
    spawn_process(world, caller.node(), spec).map(Completion::Done)
}

fn name_of(source: &LoadSource) -> String {
    match source {
        LoadSource::Path(path) => path.clone(),
        LoadSource::Code(_) | LoadSource::Modules(_) => "<code>".to_owned(),
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
    let children: Vec<Pid> = match call.pid {
        Some(pid) => index.children(caller.key).filter(|child| *child == pid).collect(),
        None => index.children(caller.key).collect(),
    };
    if children.is_empty() {
        return Err(SysError::from(Errno::ECHILD));
    }
    for pid in children {
        if let Some(status) = reap(world, ProcKey { pid, ..caller.key }) {
            return Ok(Completion::Done(Some(status)));
        }
    }
    match call.nohang {
        Some(true) => Ok(Completion::Done(None)),
        _ => Ok(Completion::Pending(WaitReason::on(WaitKey::Child(caller.key.pid)))),
    }
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
    let cpu_gas = u128::from(
        world
            .get::<Accounting>(entity)
            .expect("a process has all its rows")
            .cpu_gas,
    );
    let cpu_us = cpu_gas * 1_000 / u128::from(machine(world, caller.node()).gas_per_tick);
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
        pgid: family.pid,
        sid: family.pid,
        nice: 0,
        children_cpu_us: 0,
        cpu_us: u64::try_from(cpu_us).unwrap_or(u64::MAX),
        caps: creds.caps.to_texts(),
    }))
}

pub(super) fn system_info(world: &mut World, caller: &Caller, _: GetSystemInfo) -> SysResult<SystemInfo> {
    let row = machine(world, caller.node()).clone();
    let since = if let Power::On { since_tick } = row.power {
        since_tick
    } else {
        0
    };
    Ok(Completion::Done(SystemInfo {
        hostname: row.hostname,
        sysname: "Helios".into(),
        release: env!("CARGO_PKG_VERSION").into(),
        uptime_ms: rows::now(world).0.saturating_sub(since),
        memory_bytes: row.memory_bytes,
        memory_used_bytes: crate::proc::memory_used(world, caller.node()),
        gas_per_tick: row.gas_per_tick,
    }))
}
