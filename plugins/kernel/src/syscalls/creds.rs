//! Calls on who a process is and what it may use: credentials, priority, limits, passwords.

use argon2::password_hash::{PasswordHash as Phc, PasswordHasher, Salt, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use bevy_ecs::prelude::*;
use helios_abi::calls::{Limit, PasswordHash, Priority, Rlimit, Setcreds};
use helios_abi::{Errno, ProcKey, SysError};
use helios_engine::streams::with_stream;

use crate::jobs;
use crate::lifecycle::alive;
use crate::process::{Accounting, Creds, NICE_MAX, NICE_MIN};
use crate::syscall::{Caller, Completion, SysResult};

/// Most supplementary groups.
pub(super) const MAX_GROUPS: usize = 64;
/// The node's stream that salts come from.
const SALT_STREAM: &str = "password_salt";
const SALT_BYTES: usize = 16;
/// Longest password.
const MAX_PASSWORD_BYTES: usize = 1024;
/// Costs of new hashes: KiB of memory and passes. They are what `password_hash` charges for.
const COST_KIB: u32 = 1024;
const COST_PASSES: u32 = 2;

pub(super) fn setcreds(world: &mut World, caller: &Caller, call: Setcreds) -> SysResult<()> {
    let own = caller.creds(world).clone();
    let root = own.is_root();
    let refused = |what: &str| Err(SysError::new(Errno::EPERM, format!("only root may set {what}")));
    if !root {
        if call.uid.is_some_and(|uid| uid != own.uid) || call.euid.is_some_and(|uid| uid != own.uid && uid != own.euid)
        {
            return refused("another user");
        }
        if call.gid.is_some_and(|gid| gid != own.gid) || call.egid.is_some_and(|gid| gid != own.gid && gid != own.egid)
        {
            return refused("another group");
        }
        if call.groups.is_some() {
            return refused("groups");
        }
    }
    if call.groups.as_ref().is_some_and(|groups| groups.len() > MAX_GROUPS) {
        return Err(SysError::new(Errno::EINVAL, format!("at most {MAX_GROUPS} groups")));
    }
    let mut creds = world
        .get_mut::<Creds>(caller.entity)
        .expect("a process has all its rows");
    creds.uid = call.uid.unwrap_or(own.uid);
    creds.euid = call.euid.unwrap_or(own.euid);
    creds.gid = call.gid.unwrap_or(own.gid);
    creds.egid = call.egid.unwrap_or(own.egid);
    if let Some(mut groups) = call.groups {
        groups.sort_unstable();
        groups.dedup();
        creds.groups = groups;
    }
    let uid = creds.uid;
    jobs::give_terminal(world, caller.key, uid);
    Ok(Completion::Done(()))
}

/// The process that a call names, if the caller may ask (any) or change (its own user's, or root).
fn target(world: &World, caller: &Caller, pid: Option<helios_abi::Pid>, change: bool) -> Result<Entity, SysError> {
    let key = ProcKey {
        pid: pid.unwrap_or(caller.key.pid),
        ..caller.key
    };
    let entity =
        alive(world, key).ok_or_else(|| SysError::new(Errno::ESRCH, format!("there is no process {}", key.pid)))?;
    let other = world.get::<Creds>(entity).expect("a process has all its rows");
    let own = caller.creds(world);
    if change && key != caller.key && !own.is_root() && own.euid != other.uid && own.euid != other.euid {
        return Err(SysError::new(
            Errno::EPERM,
            format!("process {} belongs to another user", key.pid),
        ));
    }
    Ok(entity)
}

pub(super) fn priority(world: &mut World, caller: &Caller, call: Priority) -> SysResult<i32> {
    let entity = target(world, caller, call.pid, call.nice.is_some())?;
    let root = caller.creds(world).is_root();
    let mut accounting = world.get_mut::<Accounting>(entity).expect("a process has all its rows");
    if let Some(nice) = call.nice {
        let nice = nice.clamp(NICE_MIN, NICE_MAX);
        if nice < accounting.nice && !root {
            return Err(SysError::new(Errno::EACCES, "only root may lower niceness"));
        }
        accounting.nice = nice;
    }
    Ok(Completion::Done(accounting.nice))
}

/// A bound's soft and hard values, in the units of the call.
fn bound(accounting: &Accounting, resource: &str) -> Option<Limit> {
    let bounds = &accounting.bounds;
    let seconds = |ms: u64| ms.div_ceil(1000);
    let (soft, hard) = match resource {
        "cpu" => (Some(seconds(accounting.quota_ms)), bounds.hard_ms.map(seconds)),
        "memory" => (Some(accounting.quota_mem), bounds.hard_mem),
        "files" => (bounds.files, bounds.hard_files),
        "processes" => (bounds.processes, bounds.hard_processes),
        "filesize" => (bounds.file_bytes, bounds.hard_file_bytes),
        _ => return None,
    };
    Some(Limit { soft, hard })
}

/// `None` is no bound at all, so it is above every number.
fn exceeds(one: Option<u64>, other: Option<u64>) -> bool {
    match (one, other) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(one), Some(other)) => one > other,
    }
}

pub(super) fn rlimit(world: &mut World, caller: &Caller, call: Rlimit) -> SysResult<Limit> {
    let entity = target(world, caller, call.pid, call.set.is_some())?;
    let root = caller.creds(world).is_root();
    let mut accounting = world.get_mut::<Accounting>(entity).expect("a process has all its rows");
    let unknown = || {
        let known = "cpu, memory, files, processes or filesize";
        SysError::new(Errno::EINVAL, format!("rlimit: resource: expected {known}"))
    };
    let now = bound(&accounting, &call.resource).ok_or_else(unknown)?;
    let Some(Limit { soft, hard }) = call.set else {
        return Ok(Completion::Done(now));
    };
    if exceeds(soft, hard) {
        return Err(SysError::new(
            Errno::EINVAL,
            "rlimit: the soft limit is above the hard one",
        ));
    }
    if !root && exceeds(hard, now.hard) {
        return Err(SysError::new(Errno::EPERM, "only root may raise a hard limit"));
    }
    let ms = |seconds: u64| seconds.saturating_mul(1000);
    let bounds = &mut accounting.bounds;
    match call.resource.as_str() {
        "files" => (bounds.files, bounds.hard_files) = (soft, hard),
        "processes" => (bounds.processes, bounds.hard_processes) = (soft, hard),
        "filesize" => (bounds.file_bytes, bounds.hard_file_bytes) = (soft, hard),
        "cpu" => {
            bounds.hard_ms = hard.map(ms);
            accounting.quota_ms = soft.map_or(u64::MAX >> 11, ms);
        }
        _ => {
            bounds.hard_mem = hard;
            accounting.quota_mem = soft.unwrap_or(u64::MAX >> 11);
        }
    }
    Ok(Completion::Done(Limit { soft, hard }))
}

pub(super) fn password_hash(world: &mut World, caller: &Caller, call: PasswordHash) -> SysResult<String> {
    let invalid = |why: &str| SysError::new(Errno::EINVAL, format!("password_hash: {why}"));
    if call.password.len() > MAX_PASSWORD_BYTES {
        return Err(invalid("the password is too long"));
    }
    let hash = match &call.setting {
        Some(setting) => {
            let phc = Phc::new(setting).map_err(|_| invalid("setting: not a hash in the PHC format"))?;
            let params = Params::try_from(&phc).map_err(|_| invalid("setting: costs that nobody set"))?;
            // A hash from a file may ask for anything; what costs more than it is charged for is refused.
            let known = phc.algorithm == Algorithm::Argon2id.ident()
                && (params.m_cost(), params.t_cost(), params.p_cost()) == (COST_KIB, COST_PASSES, 1);
            let salt = phc.salt.filter(|_| known);
            hashed(
                &call.password,
                salt.ok_or_else(|| invalid("setting: not of this machine's kind"))?,
            )
        }
        None => {
            let mut bytes = [0; SALT_BYTES];
            with_stream(world, caller.node(), SALT_STREAM, |stream| stream.fill(&mut bytes)).ok_or(Errno::ENXIO)?;
            let salt = SaltString::encode_b64(&bytes).map_err(|_| invalid("no salt"))?;
            hashed(&call.password, salt.as_salt())
        }
    };
    hash.map(Completion::Done).ok_or_else(|| invalid("it cannot be hashed"))
}

fn hashed(password: &str, salt: Salt<'_>) -> Option<String> {
    let params = Params::new(COST_KIB, COST_PASSES, 1, None).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(password.as_bytes(), salt).ok()?;
    Some(hash.to_string())
}
