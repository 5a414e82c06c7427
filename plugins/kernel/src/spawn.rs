//! How processes begin.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_ecs::prelude::*;
use helios_abi::grant::{Delivery, Start};
use helios_abi::program::Program;
use helios_abi::{Bytes, Errno, NodeId, Pid, ProcKey, SysError, gas};
use helios_engine::prelude::{Blobs, NodeKey, Nodes, process_key};
use helios_engine::time::WorldEpoch;

use crate::caps::CapSet;
use crate::files::{self, Fd, Fds};
use crate::index::KernelIndex;
use crate::loader::{LoadRequest, LoadSource, Loaded, Loader};
use crate::machine::{machine, next_pid};
use crate::process::{
    Accounting, Bounds, Creds, DEFAULT_QUOTA_MEM, DEFAULT_QUOTA_MS, Env, Family, Inbox, JournalHead, JournalTail, Life,
    LiveProgram, Loads, Mailbox, ModuleRef, ProgramRow, Run, SignalTable, Traces,
};
use crate::programs::Programs;
use crate::wait::Outstanding;
use crate::{memory, rows, sched};

/// Most bytes of arguments and environment together: E2BIG beyond.
pub const MAX_ARG_BYTES: usize = 256 << 10;
/// Most arguments, and most variables.
pub const MAX_ARGS: usize = 4096;
/// Most modules of a program.
pub const MAX_MODULES: usize = 1024;

/// What a new process is.
#[derive(Clone, Debug)]
pub struct SpawnSpec {
    /// Its parent; 0 of `init`.
    pub ppid: Pid,
    /// Its spawner's credentials, which the program may change.
    pub creds: Creds,
    /// The program.
    pub source: LoadSource,
    /// Arguments, the program's name first.
    pub argv: Vec<String>,
    /// Its surroundings.
    pub env: Env,
    /// Its descriptors, each an open-file description of the machine. The new process takes references of its own.
    pub fds: Vec<(i32, u64)>,
    /// Its terminal.
    pub tty: Option<String>,
    /// The host session that it belongs to.
    pub session: Option<u64>,
    /// It is the session's command: its end is the session's.
    pub leader: bool,
    /// Signals that its parent ignores, which it does too.
    pub ignored: BTreeSet<i32>,
    /// Signals that its parent blocks, which it does too.
    pub blocked: BTreeSet<i32>,
    /// Where it stands among sessions and groups.
    pub place: Place,
    /// Niceness and bounds, its parent's.
    pub inherited: Inherited,
    /// Capabilities that it keeps at most.
    pub keep: Option<CapSet>,
}

/// Where a new process stands among sessions and groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It begins a session, and leads a group of its own.
    NewSession,
    /// It leads a new group of this session.
    NewGroup {
        /// The session.
        sid: Pid,
    },
    /// It joins a group of this session.
    Group {
        /// The session.
        sid: Pid,
        /// The group.
        pgid: Pid,
    },
}

/// What a process has of its parent's accounting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inherited {
    /// Niceness.
    pub nice: i32,
    /// CPU of one turn before SIGXCPU, in milliseconds, where the parent's was set.
    pub quota_ms: Option<u64>,
    /// Memory, likewise.
    pub quota_mem: Option<u64>,
    /// Bounds.
    pub bounds: Bounds,
}

impl Inherited {
    /// What a child of a process has of it. Quotas that nobody set are the child's own.
    pub(crate) fn of(parent: &Accounting) -> Self {
        Self {
            nice: parent.nice,
            quota_ms: (parent.quota_ms != DEFAULT_QUOTA_MS).then_some(parent.quota_ms),
            quota_mem: (parent.quota_mem != DEFAULT_QUOTA_MEM).then_some(parent.quota_mem),
            bounds: parent.bounds,
        }
    }
}

/// Starts a process.
///
/// # Errors
/// E2BIG, EAGAIN at the process limit, ENOMEM where the memory is in use, and whatever the loader says. Nothing is left of a process that does not start.
pub fn spawn(world: &mut World, node: NodeId, spec: SpawnSpec) -> Result<Pid, SysError> {
    check_args(&spec.argv, &spec.env.vars)?;
    check_limits(world, node, &spec.creds, spec.inherited.bounds.processes)?;
    memory::check_room(world, node)?;
    let (loaded, program) = load(world, node, &spec.creds, &spec.source, &spec.argv, &spec.env)?;
    Ok(begin(world, node, spec, loaded, program))
}

fn load(
    world: &mut World,
    node: NodeId,
    creds: &Creds,
    source: &LoadSource,
    argv: &[String],
    env: &Env,
) -> Result<(Loaded, ProgramRow), SysError> {
    let loader = world.get_resource::<Loader>().cloned();
    let loader = loader.ok_or_else(|| SysError::new(Errno::ENOSYS, "this world has no program loader"))?;
    let (creds, source, argv) = (creds.clone(), source.clone(), argv.to_vec());
    let mut loaded = loader.0.load(
        world,
        &LoadRequest {
            node,
            creds,
            cwd: env.cwd.clone(),
            source,
            argv,
        },
    )?;
    check_args(&loaded.argv, &BTreeMap::new())?;
    let program = store(world, &loaded.program)?;
    loaded.program = world.resource_mut::<Programs>().share(loaded.program);
    Ok((loaded, program))
}

/// What takes the place of a process's program.
#[derive(Clone, Debug)]
pub struct ExecSpec {
    /// The program.
    pub source: LoadSource,
    /// Arguments, the program's name first.
    pub argv: Vec<String>,
    /// Its surroundings.
    pub env: Env,
    /// Its descriptors; absent: those that are not closed on exec.
    pub fds: Option<Vec<(i32, u64)>>,
}

/// Puts another program into a process. Its journal begins anew; the numbers of its slices go on, so that what is on
/// record of a slice is of one program alone.
///
/// # Errors
/// E2BIG and whatever the loader says: then nothing has changed.
pub fn exec(world: &mut World, key: ProcKey, spec: ExecSpec) -> Result<(), SysError> {
    let node = key.node;
    let entity = crate::lifecycle::alive(world, key).ok_or(Errno::ESRCH)?;
    check_args(&spec.argv, &spec.env.vars)?;
    let creds = world.get::<Creds>(entity).expect("a process has all its rows").clone();
    let (loaded, program) = load(world, node, &creds, &spec.source, &spec.argv, &spec.env)?;
    let before = world.get::<Inbox>(entity).expect("a process has all its rows").clone();
    let waiting: Vec<i32> = before
        .deliveries
        .iter()
        .filter_map(|delivery| match delivery {
            Delivery::Signal { signal } => Some(*signal),
            _ => None,
        })
        .collect();
    crate::calls::drop_all(world, key, entity);
    crate::trace::free_traced(world, key, entity);
    crate::checkpoints::forget(world, key, entity);
    files::replace_all(world, key, entity, spec.fds);
    let run = world.get::<Run>(entity).expect("a process has all its rows");
    let first_slice = run.next_slice;
    let start = start(world, key, first_slice, &loaded.argv, &spec.env);
    let mut run = world.get_mut::<Run>(entity).expect("a process has all its rows");
    (run.parked, run.first_slice, run.exit) = (false, first_slice, None);
    run.owed_gas += gas::for_source(loaded.program.source_bytes());
    let mut accounting = world.get_mut::<Accounting>(entity).expect("a process has all its rows");
    (accounting.turn_gas, accounting.xcpu) = (0, false);
    if let Some(quota_ms) = loaded.quota_ms {
        accounting.quota_ms = quota_ms;
    }
    if let Some(quota_mem) = loaded.quota_mem {
        accounting.quota_mem = quota_mem;
    }
    let mut family = world.get_mut::<Family>(entity).expect("a process has all its rows");
    (family.path, family.argv) = (loaded.path.clone(), loaded.argv.clone());
    let mut table = world
        .get_mut::<SignalTable>(entity)
        .expect("a process has all its rows");
    table.handled.clear();
    table.interrupting.clear();
    let head = JournalHead {
        program: loaded.program.digest(),
        ..JournalHead::default()
    };
    let inbox = Inbox {
        deliveries: vec![Delivery::Start(start)],
    };
    let creds = run_as(creds, &loaded);
    let live = LiveProgram(loaded.program);
    world.entity_mut(entity).remove::<Loads>().insert((
        creds,
        spec.env,
        inbox,
        head,
        JournalTail::default(),
        program,
        live,
        Outstanding::default(),
    ));
    world.resource_mut::<sched::Forgotten>().0.push(key);
    sched::make_ready(world, key);
    // A signal that the old program was to handle meets the new one as it is.
    for signal in waiting {
        crate::signals::send(world, key, signal);
    }
    Ok(())
}

fn check_args(argv: &[String], vars: &BTreeMap<String, String>) -> Result<(), SysError> {
    let bytes: usize = argv
        .iter()
        .map(String::len)
        .chain(vars.iter().map(|(name, value)| name.len() + value.len()))
        .sum();
    if bytes > MAX_ARG_BYTES || argv.len() > MAX_ARGS || vars.len() > MAX_ARGS {
        return Err(SysError::new(
            Errno::E2BIG,
            format!("arguments and environment are over {MAX_ARG_BYTES} bytes or {MAX_ARGS} items"),
        ));
    }
    Ok(())
}

/// Zombies count: a parent that reaps nobody runs into the limit, as everywhere.
fn check_limits(world: &World, node: NodeId, creds: &Creds, bound: Option<u64>) -> Result<(), SysError> {
    let row = machine(world, node);
    let index = world.resource::<KernelIndex>();
    let all = index.processes_of(node).count();
    if all >= row.max_processes as usize {
        return Err(SysError::new(
            Errno::EAGAIN,
            format!("the machine has {all} processes, which is its limit"),
        ));
    }
    if creds.uid == 0 {
        return Ok(());
    }
    let of_user = |entity| world.get::<Creds>(entity).is_some_and(|other| other.uid == creds.uid);
    let own = index.processes_of(node).filter(|(_, entity)| of_user(*entity)).count();
    let most = bound.unwrap_or(u64::MAX).min(u64::from(row.max_user_processes));
    if own as u64 >= most {
        return Err(SysError::new(
            Errno::EAGAIN,
            format!("the user has {own} processes, which is the limit"),
        ));
    }
    Ok(())
}

/// Pins a program's sources as blobs.
fn store(world: &mut World, program: &Program) -> Result<ProgramRow, SysError> {
    if program.modules.is_empty() || program.modules.len() > MAX_MODULES {
        return Err(SysError::new(
            Errno::ENOEXEC,
            format!("a program has 1 to {MAX_MODULES} modules"),
        ));
    }
    let mut blobs = world.resource_mut::<Blobs>();
    let mut modules = Vec::with_capacity(program.modules.len());
    for module in &program.modules {
        if !blobs.contains(&module.source_hash) {
            let id = blobs
                .put(module.source.as_bytes())
                .map_err(|error| SysError::new(Errno::ENOMEM, error.to_string()))?;
            assert_eq!(id, module.source_hash, "the loader hashes what it loads");
        }
        let (specifier, imports) = (module.specifier.clone(), module.imports.clone());
        modules.push(ModuleRef {
            specifier,
            source: module.source_hash,
            imports,
        });
    }
    Ok(ProgramRow { modules })
}

fn begin(world: &mut World, node: NodeId, spec: SpawnSpec, loaded: Loaded, program: ProgramRow) -> Pid {
    let pid = next_pid(world, node);
    let key = ProcKey { node, pid };
    let mut creds = run_as(spec.creds, &loaded);
    if let Some(keep) = &spec.keep {
        creds.caps = creds.caps.intersect(keep);
    }
    let own = spec.inherited;
    let accounting = Accounting {
        nice: own.nice,
        bounds: own.bounds,
        ..Accounting::new(
            least(own.quota_ms, loaded.quota_ms).unwrap_or(DEFAULT_QUOTA_MS),
            least(own.quota_mem, loaded.quota_mem).unwrap_or(DEFAULT_QUOTA_MEM),
        )
    };
    let start = start(world, key, 0, &loaded.argv, &spec.env);
    let mut table: Vec<Fd> = spec
        .fds
        .iter()
        .map(|&(fd, file)| Fd {
            fd,
            file,
            cloexec: false,
        })
        .collect();
    table.sort_by_key(|entry| entry.fd);
    for entry in &table {
        files::retain(world, node, entry.file);
    }
    let (sid, pgid) = match spec.place {
        Place::NewSession => (pid, pid),
        Place::NewGroup { sid } => (sid, pid),
        Place::Group { sid, pgid } => (sid, pgid),
    };
    let family = Family {
        pid,
        ppid: spec.ppid,
        pgid,
        sid,
        path: loaded.path,
        argv: loaded.argv,
        start_tick: rows::now(world).0,
        tty: spec.tty,
        session: spec.session,
        leader: spec.leader,
    };
    let run = Run {
        life: Life::Alive,
        stopped: false,
        parked: false,
        change: None,
        next_slice: 0,
        first_slice: 0,
        owed_gas: gas::for_source(loaded.program.source_bytes()),
        exit: None,
    };
    let head = JournalHead {
        program: loaded.program.digest(),
        ..JournalHead::default()
    };
    let identity = (
        family,
        creds,
        spec.env,
        run,
        accounting,
        SignalTable {
            ignored: spec.ignored,
            blocked: spec.blocked,
            ..Default::default()
        },
    );
    let traffic = (
        Inbox {
            deliveries: vec![Delivery::Start(start)],
        },
        Fds { table },
        Outstanding::default(),
        Mailbox::default(),
    );
    let life = (
        Traces::default(),
        head,
        JournalTail::default(),
        program,
        LiveProgram(loaded.program),
    );
    let ppid = spec.ppid;
    let (entity, _) = rows::spawn(world, node, (identity, traffic, life));
    world.resource_mut::<KernelIndex>().add_process(key, ppid, entity);
    sched::make_ready(world, key);
    pid
}

/// The stricter of two bounds.
fn least(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (bound, None) | (None, bound) => bound,
    }
}

/// Who a program runs as.
fn run_as(spawner: Creds, loaded: &Loaded) -> Creds {
    let caps = loaded.caps(&spawner.caps);
    let (euid, egid) = (
        loaded.setuid.unwrap_or(spawner.euid),
        loaded.setgid.unwrap_or(spawner.egid),
    );
    Creds {
        euid,
        egid,
        caps,
        ..spawner
    }
}

fn start(world: &World, key: ProcKey, first_slice: u64, argv: &[String], env: &Env) -> Start {
    let node = world.resource::<Nodes>().get(key.node).expect("a machine is a node");
    let node_key = world.get::<NodeKey>(node).expect("a node has a key");
    Start {
        pid: key.pid.0,
        argv: argv.to_vec(),
        env: env.vars.clone(),
        cwd: env.cwd.clone(),
        epoch_ms: world.resource::<WorldEpoch>().unix_ms,
        random_key: Bytes(process_key(&node_key.0, key.pid, first_slice).to_vec()),
    }
}

/// The program of a process, from its rows and the blobs that they name.
///
/// # Panics
/// If a blob is missing: a restore refuses such a snapshot.
#[must_use]
pub fn program_of(world: &World, entity: Entity) -> Arc<Program> {
    if let Some(live) = world.get::<LiveProgram>(entity) {
        return live.0.clone();
    }
    let row = world.get::<ProgramRow>(entity).expect("a process has a program");
    let blobs = world.resource::<Blobs>();
    let modules = row.modules.iter().map(|module| helios_abi::program::Module {
        specifier: module.specifier.clone(),
        source_hash: module.source,
        source: String::from_utf8(blobs.get(&module.source).expect("the blob of a program").to_vec())
            .expect("source is text")
            .into(),
        imports: module.imports.clone(),
    });
    Arc::new(Program {
        modules: modules.collect(),
    })
}
