//! A world in this process: its app, its isolate host, and how commands drive it.

mod checkpoints;
mod keep;
mod open;
mod presence;

use base64::Engine as _;
use bevy_app::App;
use helios_abi::calls::WaitStatus;
use helios_abi::host::IsolateHost;
use helios_engine::hash::{Hash, HashPolicy, TickHashes, world_hash};
use helios_engine::ids::{NodeId, NodeKind, Nodes, Tick};
use helios_engine::log::{Log, Record, submit};
use helios_engine::replay::{Recorder, Recording};
use helios_engine::snapshot::{self, Snapshot};
use helios_engine::time::{Clock, EPOCH_TICKS, skip_idle, step};
use helios_engine::{EnginePlugin, ids::Node};
use helios_isolates::{ChildConfig, ChildHost, ThreadConfig, ThreadHost};
use helios_kernel::files::host::{HostOutputs, SessionOutput};
use helios_kernel::host::{Halted, Isolates, log_memory_samples};
use serde_json::{Value, json};

pub use keep::Keeper;
pub use open::{WORLDS, open};

use self::presence::Presence;
use crate::args::HostKind;
use crate::capture::Captures;
use crate::error::Failure;
use crate::slots::{Autosave, Sidecar};
use crate::sync::{Sync, SyncSpec};

/// Most bytes of standard input in one record of the log.
const STDIN_CHUNK_BYTES: usize = 256 << 10;
/// Most typed bytes in one record of the log: what a terminal takes at once.
const TYPED_CHUNK_BYTES: usize = 32 << 10;

/// Which isolate host a world gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostChoice {
    /// Threads or child processes.
    pub kind: HostKind,
    /// How many of them.
    pub workers: usize,
    /// Live isolates, of each child or of all threads. Beyond that, processes hibernate. As many as by default, if absent.
    pub live_max: Option<usize>,
}

impl HostChoice {
    /// Makes the host.
    ///
    /// # Errors
    /// If child processes cannot be started.
    pub fn build(self) -> Result<Box<dyn IsolateHost>, Failure> {
        let config = |workers| {
            let config = ThreadConfig::workers(workers);
            let live_max = self.live_max.unwrap_or(config.live_max);
            ThreadConfig { live_max, ..config }
        };
        match self.kind {
            HostKind::Threads => Ok(Box::new(ThreadHost::new(config(self.workers)))),
            HostKind::Children => ChildHost::new(ChildConfig {
                children: self.workers,
                each: config(1),
                ..ChildConfig::default()
            })
            .map(|host| Box::new(host) as Box<dyn IsolateHost>)
            .map_err(|error| Failure::new(format!("cannot start the children that run isolates: {error}"))),
        }
    }
}

/// How a session went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEnd {
    /// What it wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
    /// How it ended; absent if the limit of ticks came first.
    pub status: Option<WaitStatus>,
}

impl SessionEnd {
    /// The status that a shell would show: the exit code, 128 + n for signal n, 124 at the limit of ticks.
    #[must_use]
    pub fn code(&self) -> u8 {
        match &self.status {
            None => 124,
            Some(status) => match (status.code, status.signal) {
                (Some(code), _) => u8::try_from(code & 0xff).unwrap_or(1),
                (None, Some(signal)) => u8::try_from(128 + (signal & 0x7f)).unwrap_or(255),
                (None, None) => 1,
            },
        }
    }
}

/// A running world.
pub struct Sim {
    app: App,
    recorder: Option<Recorder>,
    sampling: bool,
    reporting: bool,
    /// The commands that started sessions, by number: a session whose start is refused never ends.
    starts: Vec<u64>,
    next_session: u64,
    syncs: Vec<Sync>,
    presence: Presence,
    autosave: Option<Autosave>,
    /// The recording that the world was opened from: it stands at its end.
    opened: Option<Recording>,
    keepers: std::collections::BTreeMap<&'static str, Keeper>,
    pub(crate) captures: Captures,
    /// What lay beside the save that the world was opened from, until somebody takes it.
    beside: Sidecar,
}

impl Sim {
    /// An app with every simulation room and no world in it yet.
    ///
    /// # Errors
    /// If the host cannot be made.
    pub fn empty(host: HostChoice, policy: HashPolicy) -> Result<Self, Failure> {
        let mut app = Self::rooms(policy);
        app.insert_resource(Isolates::new(host.build()?));
        app.finish();
        app.cleanup();
        Ok(Self {
            app,
            recorder: None,
            sampling: false,
            reporting: false,
            starts: Vec::new(),
            next_session: 1,
            syncs: Vec::new(),
            presence: Presence::start(),
            autosave: None,
            opened: None,
            captures: Captures::default(),
            keepers: [(checkpoints::SECTION, checkpoints::keep as Keeper)].into(),
            beside: Sidecar::default(),
        })
    }

    /// An app with every simulation room, and nothing that could run a process.
    pub fn rooms(policy: HashPolicy) -> App {
        let mut app = App::new();
        app.add_plugins((
            EnginePlugin { hash_policy: policy },
            helios_kernel::KernelPlugin,
            helios_fs::FsPlugin,
            helios_net::NetPlugin,
        ));
        // The kernel registers the ABI's version itself.
        for (part, version) in helios_isolates::versions()
            .into_iter()
            .filter(|(part, _)| part != "abi")
        {
            helios_engine::versions::VersionsAppExt::register_version(&mut app, &part, &version);
        }
        app
    }

    /// Restores a snapshot into a new app. With `records` it follows them; without, it authors from there on.
    ///
    /// # Errors
    /// If the snapshot is not sound.
    pub fn restored(
        snapshot: Snapshot,
        records: Option<&[Record]>,
        host: HostChoice,
        policy: HashPolicy,
    ) -> Result<Self, Failure> {
        let mut sim = Self::empty(host, policy)?;
        snapshot::restore(sim.app.world_mut(), snapshot).map_err(|error| Failure::new(error.to_string()))?;
        if let Some(records) = records {
            sim.app.insert_resource(Log::following(records));
        }
        Ok(sim)
    }

    /// The app, for engine calls that want one.
    pub fn app_mut(&mut self) -> &mut App {
        &mut self.app
    }

    /// The ECS world.
    pub fn world(&self) -> &bevy_ecs::world::World {
        self.app.world()
    }

    /// The ECS world, between ticks.
    pub fn world_mut(&mut self) -> &mut bevy_ecs::world::World {
        self.app.world_mut()
    }

    /// Logs memory samples of processes from now on (authoring runs only), once per epoch.
    pub fn sample_memory(&mut self) {
        self.sampling = true;
    }

    /// Keeps two folders the same from now on, whenever [`sync`](Self::sync) is called.
    ///
    /// # Errors
    /// If either is not a folder.
    pub fn keep_same(&mut self, spec: &SyncSpec) -> Result<(), Failure> {
        let sync = Sync::open(self, spec)?;
        self.syncs.push(sync);
        Ok(())
    }

    /// Brings folders together that are to be the same. Answers how many files went one way or the other.
    ///
    /// # Errors
    /// If a folder has gone.
    pub fn sync(&mut self) -> Result<usize, Failure> {
        let mut syncs = std::mem::take(&mut self.syncs);
        let moved = syncs.iter_mut().try_fold(0, |moved, sync| Ok(moved + sync.run(self)?));
        self.syncs = syncs;
        moved
    }

    /// Says on standard error which commands had no effect, and fails where one was to start a session.
    pub fn report_refusals(&mut self) {
        self.reporting = true;
    }

    /// The tick that ran last.
    #[must_use]
    pub fn tick(&self) -> Tick {
        self.world().resource::<Clock>().tick
    }

    /// The machine of that name, or the world's first by name.
    ///
    /// # Errors
    /// If there is none.
    pub fn machine(&self, name: Option<&str>) -> Result<NodeId, Failure> {
        let nodes = self.world().resource::<Nodes>();
        let is_machine = |node: NodeId| {
            let row = nodes.get(node).and_then(|entity| self.world().get::<Node>(entity));
            row.is_some_and(|row| row.kind == NodeKind::Machine)
        };
        let machines: Vec<(&str, NodeId)> = nodes.iter_by_name().filter(|&(_, node)| is_machine(node)).collect();
        let found = match name {
            None => machines.first(),
            Some(name) => machines.iter().find(|(known, _)| *known == name),
        };
        found.map(|(_, node)| *node).ok_or_else(|| match name {
            None => Failure::new("this world has no machine"),
            Some(name) => {
                let known: Vec<&str> = machines.iter().map(|(known, _)| *known).collect();
                Failure::new(format!(
                    "there is no machine named {name:?}; this world has: {}",
                    known.join(", ")
                ))
            }
        })
    }

    /// Puts a command into the log, for the next tick.
    ///
    /// # Errors
    /// If the log refuses it.
    pub fn submit(&mut self, node: NodeId, name: &str, payload: Value) -> Result<(), Failure> {
        self.submit_numbered(node, name, payload).map(drop)
    }

    fn submit_numbered(&mut self, node: NodeId, name: &str, payload: Value) -> Result<u64, Failure> {
        submit(self.world_mut(), node, name, payload).map_err(|error| Failure::new(format!("{name}: {error}")))
    }

    /// Starts a program of the machine with the host's streams, and answers the session's number.
    ///
    /// # Errors
    /// If the log refuses it.
    pub fn exec(&mut self, node: NodeId, user: &str, argv: &[String]) -> Result<u64, Failure> {
        let session = self.take_session();
        let payload = json!({ "session": session, "user": user, "argv": argv });
        let start = self.submit_numbered(node, "kernel.exec", payload)?;
        self.starts.push(start);
        Ok(session)
    }

    /// Starts a program of the machine, as root, on a new terminal, and answers the session's number.
    ///
    /// # Errors
    /// If the log refuses it.
    pub fn terminal(&mut self, node: NodeId, argv: &[String], rows: u16, columns: u16) -> Result<u64, Failure> {
        let session = self.take_session();
        self.presence.resize(rows, columns);
        let payload = json!({ "session": session, "argv": argv, "rows": rows, "columns": columns });
        let start = self.submit_numbered(node, "kernel.terminal", payload)?;
        self.starts.push(start);
        Ok(session)
    }

    /// The device name of a session's terminal, once it has one.
    #[must_use]
    pub fn session_tty(&self, session: u64) -> Option<String> {
        let terminal = self.world().resource::<HostOutputs>().terminal(session);
        terminal.map(|(_, tty)| tty.clone())
    }

    /// Takes what a terminal showed since the last time.
    pub fn take_tty(&mut self, node: NodeId, tty: &str) -> Vec<u8> {
        let shown = self.world_mut().resource_mut::<HostOutputs>().take_tty(node, tty);
        self.presence.draw(&shown);
        shown
    }

    /// Types at a terminal.
    ///
    /// # Errors
    /// If the log refuses it.
    pub fn type_keys(&mut self, node: NodeId, tty: &str, bytes: &[u8]) -> Result<(), Failure> {
        for chunk in bytes.chunks(TYPED_CHUNK_BYTES) {
            let text = base64::engine::general_purpose::STANDARD.encode(chunk);
            self.submit(node, "kernel.tty_input", json!({ "tty": tty, "bytes": text }))?;
        }
        Ok(())
    }

    /// Gives a terminal another size.
    ///
    /// # Errors
    /// If the log refuses it.
    pub fn resize_tty(&mut self, node: NodeId, tty: &str, rows: u16, columns: u16) -> Result<(), Failure> {
        self.presence.resize(rows, columns);
        let payload = json!({ "tty": tty, "rows": rows, "columns": columns });
        self.submit(node, "kernel.tty_resize", payload)
    }

    /// Hangs a terminal up.
    ///
    /// # Errors
    /// If the log refuses it.
    pub fn hang_up_tty(&mut self, node: NodeId, tty: &str) -> Result<(), Failure> {
        self.submit(node, "kernel.tty_hangup", json!({ "tty": tty }))
    }

    /// Starts a program from outside: its modules, the entry first.
    ///
    /// # Errors
    /// If the log refuses it.
    pub fn run(
        &mut self,
        node: NodeId,
        user: &str,
        modules: &[(String, String)],
        argv: &[String],
    ) -> Result<u64, Failure> {
        let session = self.take_session();
        let payload = json!({ "session": session, "user": user, "modules": modules, "argv": argv });
        let start = self.submit_numbered(node, "kernel.run", payload)?;
        self.starts.push(start);
        Ok(session)
    }

    fn take_session(&mut self) -> u64 {
        let session = self.next_session;
        self.next_session += 1;
        session
    }

    /// Sets the number of the next session: a world opened from a file may have sessions already.
    pub fn set_next_session(&mut self, session: u64) {
        self.next_session = session;
    }

    /// Gives standard input to a session.
    ///
    /// # Errors
    /// If the log refuses it.
    pub fn stdin(&mut self, node: NodeId, session: u64, bytes: &[u8]) -> Result<(), Failure> {
        for chunk in bytes.chunks(STDIN_CHUNK_BYTES) {
            let text = base64::engine::general_purpose::STANDARD.encode(chunk);
            self.submit(node, "kernel.stdin", json!({ "session": session, "bytes": text }))?;
        }
        Ok(())
    }

    /// Ends a session's standard input.
    ///
    /// # Errors
    /// If the log refuses it.
    pub fn stdin_close(&mut self, node: NodeId, session: u64) -> Result<(), Failure> {
        self.submit(node, "kernel.stdin_close", json!({ "session": session }))
    }

    /// Runs one tick.
    ///
    /// # Errors
    /// If the world stands still.
    pub fn step(&mut self) -> Result<(), Failure> {
        step(self.app.world_mut());
        self.after_steps()
    }

    /// Runs to the next tick in which something happens, at most to `until`.
    ///
    /// # Errors
    /// If the world stands still.
    pub fn skip(&mut self, until: Tick) -> Result<(), Failure> {
        skip_idle(self.app.world_mut(), until);
        self.after_steps()
    }

    fn after_steps(&mut self) -> Result<(), Failure> {
        if self.sampling && self.tick().0.is_multiple_of(EPOCH_TICKS) {
            log_memory_samples(self.app.world_mut());
        }
        if self.reporting {
            self.refusals()?;
        }
        let tick = self.tick().0;
        self.captures.flush_if_due(tick);
        self.autosave_if_due();
        self.check_halted()
    }

    /// Whether the world can go on.
    ///
    /// # Errors
    /// If the world stands still.
    pub fn check_halted(&self) -> Result<(), Failure> {
        match &self.world().resource::<Halted>().0 {
            None => Ok(()),
            Some(reason) => Err(Failure::new(format!(
                "the world stopped at tick {}: {reason}",
                self.tick()
            ))),
        }
    }

    fn refusals(&mut self) -> Result<(), Failure> {
        for refusal in self.world_mut().resource_mut::<Log>().take_refusals() {
            let nodes = self.world().resource::<Nodes>();
            let row = nodes
                .get(refusal.node)
                .and_then(|entity| self.world().get::<Node>(entity));
            let node = row.map_or("world", |row| row.name.as_str());
            let what = format!("tick {}: {node}: {}: {}", refusal.tick, refusal.name, refusal.error);
            if self.starts.contains(&refusal.seq) {
                return Err(Failure::new(what));
            }
            eprintln!("helios: {what}");
        }
        Ok(())
    }

    /// What a session wrote since the last time.
    pub fn take_output(&mut self, session: u64) -> SessionOutput {
        let output = self.world_mut().resource_mut::<HostOutputs>().take_output(session);
        self.presence.draw_plain(&output.stdout);
        self.presence.draw_plain(&output.stderr);
        output
    }

    /// How a session ended, once it has.
    #[must_use]
    pub fn session_status(&self, session: u64) -> Option<WaitStatus> {
        self.world().resource::<HostOutputs>().session_status(session).cloned()
    }

    /// Runs until a session ends or `limit_ticks` have passed.
    ///
    /// # Errors
    /// If the world stands still.
    pub fn finish_session(&mut self, session: u64, limit_ticks: u64) -> Result<SessionEnd, Failure> {
        let until = Tick(self.tick().0.saturating_add(limit_ticks));
        let mut end = SessionEnd {
            stdout: Vec::new(),
            stderr: Vec::new(),
            status: None,
        };
        while self.tick() < until && end.status.is_none() {
            self.skip(until)?;
            let output = self.take_output(session);
            end.stdout.extend(output.stdout);
            end.stderr.extend(output.stderr);
            end.status = self.session_status(session);
        }
        Ok(end)
    }

    /// The world as data.
    pub fn snapshot(&mut self) -> Snapshot {
        snapshot::take(self.app.world_mut())
    }

    /// The world's hash.
    pub fn hash(&mut self) -> Hash {
        world_hash(self.app.world_mut())
    }

    /// The hash of every tick so far, where the policy is [`HashPolicy::EveryTick`].
    #[must_use]
    pub fn tick_hashes(&self) -> &std::collections::BTreeMap<Tick, Hash> {
        &self.world().resource::<TickHashes>().0
    }

    /// The records that entered so far.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        self.world().resource::<Log>().records()
    }
}
