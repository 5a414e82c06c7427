//! A world for tests: scripted programs in place of V8, a loader for them in place of a file system.
//!
//! A program is an `async` function in Rust. It is replayed from its journal exactly as a real one is, every call
//! compared, so that restores and evictions are tested without V8.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::calls::Syscall;
use helios_abi::grant::{Batch, Call, Delivery, Grant, MemorySample, Slice, Start, Status, VerdictReason};
use helios_abi::host::{Births, IsolateHost, Outcome, Strictness};
use helios_abi::program::{Module, Program};
use helios_abi::{Errno, FromValue, IntoValue, NodeId, Pid, ProcKey, SysError, Value, sha256};
use helios_engine::ids::NodeKind;
use helios_engine::prelude::{EnginePlugin, HashPolicy, spawn_node, step, submit};
use serde_json::json;

use crate::caps::CapSet;
use crate::loader::{
    Account, Accounts, AccountsSource, LoadRequest, LoadSource, Loaded, Loader, Manifest, ProgramLoader,
};
use crate::machine::{MachineSpec, spawn_machine};
use crate::process::{Creds, Run};
use crate::{HostOutputs, Isolates, KernelIndex, KernelPlugin};

/// A program's body: its exit status, or the text of an uncaught error.
pub type ScriptFuture = Pin<Box<dyn Future<Output = Result<i32, String>> + Send>>;
/// A program.
pub type Script = fn(Sys) -> ScriptFuture;

#[derive(Default)]
struct Shared {
    start: Option<Start>,
    tick: u64,
    next_call: u64,
    calls: Vec<Call>,
    replies: BTreeMap<u64, Result<Value, SysError>>,
    signals: VecDeque<i32>,
    open: u64,
    gas_left: u64,
    gas_used: u64,
    parked: bool,
    halted: bool,
    verdict: Option<VerdictReason>,
}

/// What a script sees of its machine.
#[derive(Clone)]
pub struct Sys(Arc<Mutex<Shared>>);

impl Sys {
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().expect("a script does not panic while it holds this")
    }

    /// Makes a call by name; the answer comes when the result is awaited.
    pub fn raw(&self, name: &str, args: Value) -> impl Future<Output = Result<Value, SysError>> + Send + use<> {
        let id = {
            let mut shared = self.lock();
            shared.next_call += 1;
            shared.open += 1;
            let id = shared.next_call;
            shared.calls.push(Call {
                id,
                name: name.to_owned(),
                args,
            });
            id
        };
        Reply(self.clone(), id)
    }

    /// Makes a typed call.
    pub fn call<S: Syscall + IntoValue>(
        &self,
        request: S,
    ) -> impl Future<Output = Result<S::Reply, SysError>> + Send + use<S>
    where
        S::Reply: Send,
    {
        let reply = self.raw(S::DEF.name, request.into_value());
        async move {
            reply
                .await
                .map(|value| S::Reply::from_value(value).expect("a reply decodes"))
        }
    }

    /// The number of the last call made.
    #[must_use]
    pub fn last_call(&self) -> u64 {
        self.lock().next_call
    }

    /// Uses gas, over as many slices as it takes.
    pub fn burn(&self, gas: u64) -> impl Future<Output = ()> + Send + use<> {
        Burn(self.clone(), gas)
    }

    /// Waits for a handled signal.
    pub fn signal(&self) -> impl Future<Output = i32> + Send + use<> {
        SignalWait(self.clone())
    }

    /// Ends the process at once, as the library's `exit` does.
    pub async fn exit(&self, code: i32) {
        drop(self.raw(
            "exit",
            Value::Map(BTreeMap::from([("code".to_owned(), Value::Int(code.into()))])),
        ));
        self.lock().halted = true;
        std::future::pending::<()>().await;
    }

    /// Makes the host end the process in this slice.
    pub async fn die(&self, reason: VerdictReason) {
        self.lock().verdict = Some(reason);
        std::future::pending::<()>().await;
    }

    /// Arguments.
    #[must_use]
    pub fn args(&self) -> Vec<String> {
        self.lock().start.as_ref().expect("it has started").argv.clone()
    }

    /// Its pid.
    #[must_use]
    pub fn pid(&self) -> Pid {
        Pid(self.lock().start.as_ref().expect("it has started").pid)
    }

    /// The tick of the slice under way.
    #[must_use]
    pub fn tick(&self) -> u64 {
        self.lock().tick
    }
}

struct Reply(Sys, u64);
impl Future for Reply {
    type Output = Result<Value, SysError>;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.lock().replies.remove(&self.1).map_or(Poll::Pending, Poll::Ready)
    }
}

struct Burn(Sys, u64);
impl Future for Burn {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let left = {
            let mut shared = self.0.lock();
            let now = shared.gas_left.min(self.1);
            shared.gas_left -= now;
            shared.gas_used += now;
            shared.parked = now < self.1;
            self.1 - now
        };
        self.1 = left;
        if left == 0 { Poll::Ready(()) } else { Poll::Pending }
    }
}

struct SignalWait(Sys);
impl Future for SignalWait {
    type Output = i32;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<i32> {
        self.0.lock().signals.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

/// Gas of a slice, whatever it does.
pub const SLICE_GAS: u64 = 10;

struct Live {
    sys: Sys,
    body: Option<Mutex<ScriptFuture>>,
    ended: Option<Result<i32, String>>,
    next_slice: u64,
}

impl Live {
    fn new(script: Script) -> Self {
        let sys = Sys(Arc::default());
        Self {
            body: Some(Mutex::new(script(sys.clone()))),
            sys,
            ended: None,
            next_slice: 0,
        }
    }

    fn slice(&mut self, grant: &Grant) -> Result<Batch, VerdictReason> {
        assert_eq!(self.next_slice, grant.slice, "slices come in order");
        self.next_slice += 1;
        {
            let mut shared = self.sys.lock();
            assert!(
                !shared.parked || matches!(grant.deliveries[..], [] | [Delivery::Signal { .. }]),
                "a parked process takes nothing but the signal that interrupts it"
            );
            shared.tick = grant.tick.0;
            shared.gas_used = SLICE_GAS;
            shared.gas_left = grant.gas.saturating_sub(SLICE_GAS);
            shared.parked = false;
            for delivery in &grant.deliveries {
                match delivery.clone() {
                    Delivery::Start(start) => shared.start = Some(start),
                    Delivery::Signal { signal } => shared.signals.push_back(signal),
                    Delivery::Reply { call, result } => {
                        shared.replies.insert(call, result);
                        shared.open -= 1;
                    }
                }
            }
        }
        if let Some(body) = &mut self.body
            && let Poll::Ready(ended) = body
                .get_mut()
                .expect("nothing panics with it")
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
        {
            (self.ended, self.body) = (Some(ended), None);
        }
        let mut shared = self.sys.lock();
        if let Some(reason) = shared.verdict {
            return Err(reason);
        }
        let status = match &self.ended {
            Some(Err(error)) => Status::Exited {
                code: 1,
                error: Some(error.clone()),
            },
            Some(Ok(code)) if shared.open == 0 => Status::Exited {
                code: *code,
                error: None,
            },
            _ if shared.parked && !shared.halted => Status::Parked,
            _ => Status::Pending,
        };
        Ok(Batch {
            calls: std::mem::take(&mut shared.calls),
            gas_used: shared.gas_used,
            status,
        })
    }
}

/// A host of scripted programs.
pub struct ScriptHost {
    scripts: BTreeMap<String, Script>,
    live: BTreeMap<ProcKey, Live>,
    /// Forget everything before each round, so that all processes are rebuilt all the time.
    pub amnesia: bool,
    /// What [`IsolateHost::sample_memory`] answers.
    pub memory: Vec<MemorySample>,
    /// Answer the next round with a failure.
    pub fail: Option<String>,
}

impl ScriptHost {
    fn rebuild(&self, births: &dyn Births, key: ProcKey, slice: u64) -> Result<Live, String> {
        let birth = births.birth(key, slice);
        let tail = &birth.journal.tail;
        let first = slice - tail.len() as u64;
        assert!(
            tail.iter().zip(first..).all(|(kept, at)| kept.grant.slice == at),
            "a journal holds the slices of its program before this one"
        );
        let name = birth.program.modules[0].source.trim().to_owned();
        let mut live = Live::new(*self.scripts.get(&name).unwrap_or_else(|| panic!("no script {name}")));
        live.next_slice = first;
        for slice in &birth.journal.tail {
            let grant = slice.whole_grant(|id| birth.journal.pieces.get(id).cloned())?;
            let again = live.slice(&grant).map_err(|_| "a verdict in a journal".to_owned())?;
            let (again, made) = Slice::repeated(&slice.made, again);
            if Some(&again) != slice.batch.as_ref() || made != slice.made {
                return Err(format!(
                    "slice {} of {key} went another way: {again:?}",
                    slice.grant.slice
                ));
            }
        }
        Ok(live)
    }

    fn run_one(&mut self, key: ProcKey, grant: &Grant, births: &dyn Births) -> Outcome {
        if self.live.get(&key).is_none_or(|live| live.next_slice != grant.slice) {
            match self.rebuild(births, key, grant.slice) {
                Ok(live) => self.live.insert(key, live),
                Err(problem) => return Outcome::Failure(problem),
            };
        }
        match self.live.get_mut(&key).expect("inserted above").slice(grant) {
            Ok(batch) => Outcome::Ran(batch),
            Err(reason) => {
                self.live.remove(&key);
                Outcome::Verdict {
                    reason,
                    detail: "scripted".into(),
                }
            }
        }
    }
}

impl IsolateHost for ScriptHost {
    fn run(&mut self, grants: Vec<(ProcKey, Grant)>, births: &dyn Births) -> Vec<Outcome> {
        if self.amnesia {
            self.live.clear();
        }
        if let Some(message) = self.fail.take() {
            return grants.iter().map(|_| Outcome::Failure(message.clone())).collect();
        }
        grants
            .iter()
            .map(|(key, grant)| self.run_one(*key, grant, births))
            .collect()
    }

    fn forget(&mut self, process: ProcKey) {
        self.live.remove(&process);
    }

    fn forget_all(&mut self) {
        self.live.clear();
    }

    fn sample_memory(&mut self) -> Vec<MemorySample> {
        self.memory.clone()
    }

    fn set_strictness(&mut self, _: Strictness) {}

    fn versions(&self) -> BTreeMap<String, String> {
        BTreeMap::from([("host".to_owned(), "scripts".to_owned())])
    }
}

/// Loads scripts by name: `/bin/NAME` (and `/sbin/init`), or the name itself as code.
#[derive(Default)]
pub struct ScriptLoader {
    names: Vec<String>,
    manifests: BTreeMap<String, Manifest>,
    setuid: BTreeMap<String, u32>,
}

impl ProgramLoader for ScriptLoader {
    fn load(&self, _: &mut World, request: &LoadRequest) -> Result<Loaded, SysError> {
        let (path, name) = match &request.source {
            LoadSource::Path(path) => (path.clone(), path.rsplit('/').next().unwrap_or_default().to_owned()),
            LoadSource::Code(code) => ("<code>".to_owned(), code.clone()),
            LoadSource::Script { name, code, .. } => (name.clone(), code.clone()),
            LoadSource::Modules(modules) => (modules[0].0.clone(), modules[0].1.trim().to_owned()),
        };
        if !self.names.contains(&name) {
            return Err(SysError::new(Errno::ENOENT, format!("{path}: no such script")));
        }
        let source: Arc<str> = name.as_str().into();
        let module = Module {
            specifier: path.clone(),
            source_hash: sha256(source.as_bytes()),
            source,
            imports: Vec::new(),
        };
        Ok(Loaded {
            program: Arc::new(Program { modules: vec![module] }),
            argv: request.argv.clone(),
            setuid: self.setuid.get(&name).copied(),
            setgid: None,
            manifest: self.manifests.get(&name).cloned(),
            user_caps: CapSet::all(),
            quota_ms: None,
            quota_mem: None,
            path,
        })
    }

    fn directory(&self, _: &mut World, _: NodeId, _: &Creds, _: &str, path: &str) -> Result<String, SysError> {
        if path.starts_with('/') {
            Ok(path.to_owned())
        } else {
            Err(SysError::from(Errno::ENOENT))
        }
    }
}

/// `root` and `player`.
struct TestAccounts;
impl Accounts for TestAccounts {
    fn find(&self, _: &mut World, _: NodeId, user: &str) -> Option<Account> {
        let (uid, home) = match user {
            "root" => (0, "/root"),
            "player" => (1000, "/home/player"),
            _ => return None,
        };
        Some(Account {
            uid,
            gid: uid,
            groups: Vec::new(),
            home: home.into(),
        })
    }
}

/// A test world under construction.
#[derive(Default)]
pub struct TestWorld {
    scripts: Vec<(&'static str, Script)>,
    loader: ScriptLoader,
    spec: MachineSpec,
    machines: Vec<&'static str>,
    amnesia: bool,
}

impl TestWorld {
    /// A world of one machine, `home`, whose `init` reaps and otherwise sleeps.
    #[must_use]
    pub fn new(scripts: &[(&'static str, Script)]) -> Self {
        let spec = MachineSpec {
            hostname: "home".into(),
            ..MachineSpec::default()
        };
        Self {
            scripts: scripts.to_vec(),
            spec,
            machines: vec!["home"],
            ..Self::default()
        }
    }

    /// Machines of these names, all alike.
    #[must_use]
    pub fn machines(mut self, names: &[&'static str]) -> Self {
        self.machines = names.to_vec();
        self
    }

    /// Changes what the machines are.
    #[must_use]
    pub fn spec(mut self, change: impl FnOnce(&mut MachineSpec)) -> Self {
        change(&mut self.spec);
        self
    }

    /// Gives a script a manifest.
    #[must_use]
    pub fn manifest(mut self, name: &str, caps: &[&str], root_owned: bool) -> Self {
        let caps = CapSet::parse(caps).expect("test capabilities");
        self.loader.manifests.insert(name.into(), Manifest { caps, root_owned });
        self
    }

    /// Makes a script setuid.
    #[must_use]
    pub fn setuid(mut self, name: &str, uid: u32) -> Self {
        self.loader.setuid.insert(name.into(), uid);
        self
    }

    /// Rebuilds every process from its journal before every slice.
    #[must_use]
    pub const fn amnesia(mut self) -> Self {
        self.amnesia = true;
        self
    }

    /// The app, at tick 0.
    pub fn build(self) -> App {
        let Self {
            mut scripts,
            mut loader,
            spec,
            machines,
            amnesia,
        } = self;
        if !scripts.iter().any(|(name, _)| *name == "init") {
            scripts.push(("init", default_init));
        }
        loader.names = scripts.iter().map(|(name, _)| (*name).to_owned()).collect();
        let scripts = scripts
            .into_iter()
            .map(|(name, script)| (name.to_owned(), script))
            .collect();
        let host = ScriptHost {
            scripts,
            live: BTreeMap::new(),
            amnesia,
            memory: Vec::new(),
            fail: None,
        };
        let mut app = App::empty();
        app.add_plugins((
            EnginePlugin {
                hash_policy: HashPolicy::EveryTick,
            },
            KernelPlugin,
        ))
        .insert_resource(Loader(Arc::new(loader)))
        .insert_resource(AccountsSource(Arc::new(TestAccounts)))
        .insert_resource(Isolates::new(Box::new(host)));
        for name in machines {
            let node = spawn_node(app.world_mut(), name, NodeKind::Machine).expect("test names differ");
            spawn_machine(
                app.world_mut(),
                node,
                MachineSpec {
                    hostname: name.into(),
                    ..spec.clone()
                },
            );
        }
        app
    }
}

fn default_init(sys: Sys) -> ScriptFuture {
    Box::pin(async move {
        use helios_abi::calls::{Sigaction, Wait};
        sys.call(Sigaction {
            signal: helios_abi::signal::SIGCHLD,
            action: "handle".into(),
        })
        .await
        .map_err(|e| e.to_string())?;
        loop {
            sys.signal().await;
            while let Ok(Some(_)) = sys
                .call(Wait {
                    nohang: Some(true),
                    ..any_child()
                })
                .await
            {}
        }
    })
}

/// An app with these scripts and one machine, `home`.
pub fn test_app(scripts: &[(&'static str, Script)]) -> App {
    TestWorld::new(scripts).build()
}

/// The machine `home`.
#[must_use]
pub fn home() -> NodeId {
    NodeId::from_name("home")
}

/// Starts a script on `home` as a host session of `user`, at the next tick.
pub fn exec(app: &mut App, session: u64, user: &str, argv: &[&str]) {
    exec_on(app, home(), session, user, argv);
}

/// Starts a script on a machine as a host session.
pub fn exec_on(app: &mut App, node: NodeId, session: u64, user: &str, argv: &[&str]) {
    let mut argv: Vec<String> = argv.iter().map(|&arg| arg.to_owned()).collect();
    argv[0] = format!("/bin/{}", argv[0]);
    submit(
        app.world_mut(),
        node,
        "kernel.exec",
        json!({ "session": session, "user": user, "argv": argv }),
    )
    .expect("submitted");
}

/// Runs ticks.
pub fn run(app: &mut App, ticks: u64) {
    for _ in 0..ticks {
        step(app.world_mut());
        assert_eq!(app.world().resource::<crate::Halted>().0, None);
    }
}

/// Runs until a session ends, and answers its standard output, standard error and status as `sh` would give it.
///
/// # Panics
/// If it has not ended after 20,000 ticks.
pub fn run_session(app: &mut App, session: u64) -> (String, String, i32) {
    for _ in 0..20_000 {
        run(app, 1);
        let mut outputs = app.world_mut().resource_mut::<HostOutputs>();
        if let Some(status) = outputs.session_status(session).cloned() {
            let output = outputs.take_output(session);
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
            let code = status
                .code
                .unwrap_or_else(|| 128 + status.signal.expect("code or signal"));
            return (text(output.stdout), text(output.stderr), code);
        }
    }
    panic!("session {session} has not ended");
}

/// The state of a process; `None` if it is not there.
#[must_use]
pub fn process_run(app: &App, node: NodeId, pid: u32) -> Option<Run> {
    let entity = app
        .world()
        .resource::<KernelIndex>()
        .process(ProcKey { node, pid: Pid(pid) })?;
    app.world().get::<Run>(entity).cloned()
}

/// Bytes to standard output, all of them.
pub async fn print(sys: &Sys, text: impl Into<String>) {
    write_all(sys, 1, text.into().into_bytes())
        .await
        .expect("standard output takes it");
}

/// Bytes to a descriptor, all of them.
///
/// # Errors
/// Those of `write`.
pub async fn write_all(sys: &Sys, fd: i32, mut data: Vec<u8>) -> Result<(), SysError> {
    while !data.is_empty() {
        let request = helios_abi::calls::Write {
            fd,
            data: helios_abi::Bytes(data.clone()),
            offset: None,
        };
        let count = sys.call(request).await?;
        data.drain(..count as usize);
    }
    Ok(())
}

/// Everything that comes from a descriptor until its end.
///
/// # Errors
/// Those of `read`.
pub async fn read_all(sys: &Sys, fd: i32) -> Result<Vec<u8>, SysError> {
    let mut all = Vec::new();
    loop {
        let chunk = sys
            .call(helios_abi::calls::Read {
                fd,
                count: 16 << 10,
                offset: None,
            })
            .await?
            .0;
        if chunk.is_empty() {
            return Ok(all);
        }
        all.extend(chunk);
    }
}

/// A `wait` for any child.
#[must_use]
pub const fn any_child() -> helios_abi::calls::Wait {
    helios_abi::calls::Wait {
        pid: None,
        pgid: None,
        nohang: None,
        untraced: None,
        continued: None,
    }
}

/// A `spawn` of a program of `/bin` by its name, with everything else as the parent has it.
#[must_use]
pub fn spawn_of(argv: &[&str]) -> helios_abi::calls::Spawn {
    helios_abi::calls::Spawn {
        path: Some(format!("/bin/{}", argv[0])),
        code: None,
        argv: Some(argv.iter().map(|&arg| arg.to_owned()).collect()),
        env: None,
        cwd: None,
        fds: None,
        tty: None,
        pgroup: None,
        setsid: None,
        ctty: None,
        foreground: None,
        defaults: None,
        ignores: None,
        uid: None,
        gid: None,
        groups: None,
        caps: None,
    }
}

/// Starts a script with the parent's descriptors, or those given.
///
/// # Errors
/// Those of `spawn`.
pub async fn spawn(sys: &Sys, argv: &[&str], fds: Option<&[(i32, i32)]>) -> Result<Pid, SysError> {
    use helios_abi::calls::{FdMap, Spawn};
    let fds = fds.map(|fds| fds.iter().map(|&(to, from)| FdMap { to, from }).collect());
    sys.call(Spawn { fds, ..spawn_of(argv) }).await
}
