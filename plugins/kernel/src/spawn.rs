//! How processes begin.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_ecs::prelude::*;
use helios_abi::grant::{Delivery, Start};
use helios_abi::program::Program;
use helios_abi::{Bytes, Errno, NodeId, Pid, ProcKey, SysError, gas};
use helios_engine::prelude::{Blobs, NodeKey, Nodes, process_key};
use helios_engine::time::WorldEpoch;

use crate::files::{self, Fd, Fds};
use crate::index::KernelIndex;
use crate::loader::{LoadRequest, LoadSource, Loaded, Loader};
use crate::machine::{machine, next_pid};
use crate::process::{
    Accounting, Creds, DEFAULT_QUOTA_MEM, DEFAULT_QUOTA_MS, Env, Family, Inbox, JournalHead, JournalTail, Life,
    LiveProgram, Mailbox, ModuleRef, ProgramRow, Run, SignalTable, Traces,
};
use crate::wait::Outstanding;
use crate::{rows, sched};

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
}

/// Starts a process.
///
/// # Errors
/// E2BIG, EAGAIN at the process limit, and whatever the loader says. Nothing is left of a process that does not start.
pub fn spawn(world: &mut World, node: NodeId, spec: SpawnSpec) -> Result<Pid, SysError> {
    check_args(&spec.argv, &spec.env.vars)?;
    check_limits(world, node, &spec.creds)?;
    let loader = world.get_resource::<Loader>().cloned();
    let loader = loader.ok_or_else(|| SysError::new(Errno::ENOSYS, "this world has no program loader"))?;
    let SpawnSpec {
        creds,
        source,
        argv,
        env,
        ..
    } = &spec;
    let (creds, source, argv) = (creds.clone(), source.clone(), argv.clone());
    let loaded = loader.0.load(
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
    Ok(begin(world, node, spec, loaded, program))
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
fn check_limits(world: &World, node: NodeId, creds: &Creds) -> Result<(), SysError> {
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
    if own >= row.max_user_processes as usize {
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
    let creds = run_as(spec.creds, &loaded);
    let accounting = Accounting::new(
        loaded.quota_ms.unwrap_or(DEFAULT_QUOTA_MS),
        loaded.quota_mem.unwrap_or(DEFAULT_QUOTA_MEM),
    );
    let start = start(world, key, &loaded.argv, &spec.env);
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
    let family = Family {
        pid,
        ppid: spec.ppid,
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
        next_slice: 0,
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

fn start(world: &World, key: ProcKey, argv: &[String], env: &Env) -> Start {
    let node = world.resource::<Nodes>().get(key.node).expect("a machine is a node");
    let node_key = world.get::<NodeKey>(node).expect("a node has a key");
    Start {
        pid: key.pid.0,
        argv: argv.to_vec(),
        env: env.vars.clone(),
        cwd: env.cwd.clone(),
        epoch_ms: world.resource::<WorldEpoch>().unix_ms,
        random_key: Bytes(process_key(&node_key.0, key.pid).to_vec()),
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
