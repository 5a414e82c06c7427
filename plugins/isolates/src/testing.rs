//! A small machine to run programs on without a kernel: it serves `write`, `sleep`, `exit` and a few other calls, keeps
//! each process's journal, and writes down what happens.

use std::collections::BTreeMap;
use std::sync::Arc;

use helios_abi::calls::{ImportRef, LoadedModule, LoadedModules};
use helios_abi::grant::{Batch, Call, Delivery, Grant, HeapImage, Journal, Slice, Start, Status};
use helios_abi::host::{Birth, Births, IsolateHost, Limits, Outcome};
use helios_abi::program::{Digest32, Module, Program, sha256};
use helios_abi::value::{Bytes, IntoValue as _, SharedBytes, Value};
use helios_abi::{Errno, NodeId, Pid, ProcKey, SysError, Tick};

/// What a run of a program comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// What it wrote to its standard output.
    pub stdout: String,
    /// What it wrote to its standard error, with the uncaught error that ended it.
    pub stderr: String,
    /// Its exit status; `None` when it is still waiting for something, or was ended by a verdict.
    pub code: Option<i32>,
    /// Why it was ended, when it was.
    pub verdict: Option<String>,
    /// The host's failure, when there was one.
    pub failure: Option<String>,
    /// Gas used in all.
    pub gas: u64,
    /// Slices run.
    pub slices: u64,
    /// SHA-256 over the whole journal: equal for equal lives.
    pub journal: String,
}

impl std::fmt::Display for Transcript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.stdout)?;
        if !self.stderr.is_empty() {
            writeln!(f, "--- stderr\n{}", self.stderr.trim_end())?;
        }
        match (&self.failure, &self.verdict, self.code) {
            (Some(failure), _, _) => writeln!(f, "--- failure: {failure}"),
            (None, Some(verdict), _) => writeln!(f, "--- verdict: {verdict}"),
            (None, None, Some(0)) => Ok(()),
            (None, None, Some(code)) => writeln!(f, "--- exit {code}"),
            (None, None, None) => writeln!(f, "--- still waiting"),
        }
    }
}

/// How a program is run.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Gas of each grant.
    pub gas: u64,
    /// Most slices before the run is given up (the process then counts as waiting).
    pub slices_max: u64,
    /// Its limits.
    pub limits: Limits,
    /// Arguments.
    pub argv: Vec<String>,
    /// Slices, by number from 1, that are given SIGINT: it interrupts where a computation is parked.
    pub signals_at: Vec<u64>,
    /// Sources that `load` finds beside the one that it is given, by path. Imports name them by file name (`./b.ts`).
    pub files: BTreeMap<String, String>,
    /// Drop the isolate after every so many slices, so that it is rebuilt. Never, when zero.
    pub evict_every: u64,
    /// Make a checkpoint after every so many slices, where the process stands between two, and drop what it stands for.
    /// Never, when zero.
    pub checkpoint_every: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            gas: 1_000_000,
            slices_max: 10_000,
            limits: Limits {
                heap_bytes: 64 << 20,
                array_buffer_bytes: 32 << 20,
            },
            argv: vec!["program".into()],
            signals_at: Vec::new(),
            files: BTreeMap::new(),
            evict_every: 0,
            checkpoint_every: 0,
        }
    }
}

/// A program of one module.
#[must_use]
pub fn program(source: &str) -> Program {
    program_of(&[("/bin/program", source)])
}

/// A program of several modules, the entry first. An import names another module by its file name (`./b.ts`).
///
/// # Panics
/// When a source does not compile far enough to list its imports.
#[must_use]
pub fn program_of(sources: &[(&str, &str)]) -> Program {
    let resolve = |written: &str| {
        let name = written.rsplit('/').next().unwrap_or(written);
        let found = sources.iter().find(|(path, _)| path.rsplit('/').next() == Some(name));
        found.map_or_else(|| written.to_owned(), |(path, _)| (*path).to_owned())
    };
    let module = |(path, source): &(&str, &str)| {
        let imports = helios_compiler::imports(source).unwrap_or_default();
        let imports = imports
            .into_iter()
            .map(|import| (import.specifier.clone(), resolve(&import.specifier)));
        Module {
            specifier: (*path).to_owned(),
            source_hash: sha256(source.as_bytes()),
            source: (*source).into(),
            imports: imports.collect(),
        }
    };
    Program {
        modules: sources.iter().map(module).collect(),
    }
}

/// A program of one module whose code is not metered, on hosts of this process: what the metered one must equal.
///
/// # Panics
/// When the source does not compile.
#[must_use]
pub fn unmetered_program(source: &str) -> Program {
    let program = program_of(&[("/bin/unmetered", source)]);
    let module = &program.modules[0];
    let options = helios_compiler::CompileOptions {
        specifier: module.specifier.clone(),
        base_layer: false,
    };
    let mut whole = helios_compiler::compile(source, &options).expect("the source compiles");
    whole.code = helios_compiler::strip_only(source).expect("the source compiles");
    let compiled = crate::compile::Compiled::from_whole(whole, Arc::clone(&module.source), false);
    crate::compile::put(module, compiled);
    program
}

/// A process on the small machine.
#[derive(Debug)]
pub struct Life {
    key: ProcKey,
    program: Arc<Program>,
    setup: Setup,
    journal: Vec<Slice>,
    /// The last checkpoint, and the slices that it stands for.
    head: (u64, Digest32, Option<HeapImage>),
    /// The first checkpoint.
    base: Option<SharedBytes>,
    /// Long byte arrays that it was given.
    pieces: BTreeMap<Digest32, SharedBytes>,
    tick: u64,
    /// Replies that are due, by tick and number.
    due: BTreeMap<(u64, u64), Result<Value, SysError>>,
    /// Bytes of standard output and error.
    out: [Vec<u8>; 2],
    parked: bool,
    ended: bool,
    transcript: Transcript,
}

impl Life {
    /// A process that has not run yet. `number` tells processes of one host apart.
    #[must_use]
    pub fn new(number: u32, program: Program, setup: Setup) -> Self {
        Self {
            key: ProcKey {
                node: NodeId(1),
                pid: Pid(number),
            },
            program: Arc::new(program),
            setup,
            journal: Vec::new(),
            head: Default::default(),
            base: None,
            pieces: BTreeMap::new(),
            tick: 0,
            due: BTreeMap::new(),
            out: [Vec::new(), Vec::new()],
            parked: false,
            ended: false,
            transcript: Transcript::default(),
        }
    }

    /// Its name.
    #[must_use]
    pub const fn key(&self) -> ProcKey {
        self.key
    }

    /// Its journal so far.
    #[must_use]
    pub fn journal(&self) -> &[Slice] {
        &self.journal
    }

    /// Its journal, for tests that damage it.
    pub const fn journal_mut(&mut self) -> &mut Vec<Slice> {
        &mut self.journal
    }

    /// Puts a checkpoint in the place of the slices that it stands for.
    pub fn put_head(&mut self, slices: u64, digest: Digest32, image: SharedBytes) {
        let base = self.base.clone().filter(|base| *base != image);
        self.base.get_or_insert_with(|| image.clone());
        let head = HeapImage { bytes: image, base };
        self.head = (slices, digest, Some(head));
    }

    /// The checkpoint that later ones are differences from: the first.
    #[must_use]
    pub fn base(&self) -> Option<SharedBytes> {
        self.base.clone()
    }

    /// What its host needs to make it.
    #[must_use]
    pub fn birth(&self) -> Birth {
        let (head_len, head_digest, head) = self.head.clone();
        let tail = self
            .journal
            .iter()
            .filter(|slice| slice.batch.is_some() && slice.grant.slice >= head_len)
            .cloned()
            .collect();
        let journal = Journal {
            head_len,
            head_digest,
            head,
            tail,
            pieces: self.pieces.clone(),
        };
        Birth {
            program: Arc::clone(&self.program),
            limits: self.setup.limits,
            journal,
        }
    }

    /// Whether there is nothing more to run.
    #[must_use]
    pub fn over(&self) -> bool {
        self.ended || self.transcript.slices >= self.setup.slices_max
    }

    /// Its next grant, journalled; `None` when it waits for nothing that will come.
    pub fn grant(&mut self) -> Option<Grant> {
        if self.over() {
            return None;
        }
        let slice = self.journal.len() as u64;
        let mut deliveries = if slice == 0 {
            vec![Delivery::Start(Start {
                pid: self.key.pid.0,
                argv: self.setup.argv.clone(),
                env: [("HOME".to_owned(), "/root".to_owned())].into(),
                cwd: "/".into(),
                epoch_ms: 2_051_222_400_000,
                random_key: Bytes(vec![7; 32]),
            })]
        } else if self.parked {
            Vec::new()
        } else {
            self.deliveries()
        };
        if slice != 0 && self.setup.signals_at.contains(&slice) {
            let signal = helios_abi::signal::SIGINT;
            deliveries.push(Delivery::Signal { signal });
        }
        if slice != 0 && !self.parked && deliveries.is_empty() {
            self.ended = true;
            return None;
        }
        let grant = Grant {
            slice,
            tick: Tick(self.tick),
            gas: self.setup.gas,
            deliveries,
        };
        let pieces = &mut self.pieces;
        self.journal.push(Slice::open(&grant, |piece| {
            let id = sha256(piece);
            pieces.insert(id, piece.to_vec().into());
            id
        }));
        Some(grant)
    }

    /// The replies that are due next; time moves on to them.
    fn deliveries(&mut self) -> Vec<Delivery> {
        let Some(((tick, _), _)) = self.due.first_key_value() else {
            return Vec::new();
        };
        self.tick = self.tick.max(*tick);
        let later = self.due.split_off(&(self.tick + 1, 0));
        let now = std::mem::replace(&mut self.due, later);
        now.into_iter()
            .map(|((_, call), result)| Delivery::Reply { call, result })
            .collect()
    }

    /// Takes a slice's outcome in.
    ///
    /// # Panics
    /// When it was not granted one.
    pub fn settle(&mut self, outcome: Outcome) {
        self.transcript.slices += 1;
        match outcome {
            Outcome::Ran(batch) => self.apply(batch),
            Outcome::Verdict { reason, .. } => {
                self.transcript.verdict = Some(reason.text().to_owned());
                self.ended = true;
            }
            Outcome::Failure(text) => {
                self.transcript.failure = Some(text);
                self.ended = true;
            }
        }
    }

    fn apply(&mut self, batch: Batch) {
        self.transcript.gas += batch.gas_used;
        for call in &batch.calls {
            if !self.ended {
                self.serve(call);
            }
        }
        self.parked = batch.status == Status::Parked;
        if let Status::Exited { code, error } = &batch.status
            && !self.ended
        {
            self.ended = true;
            self.transcript.code = Some(*code);
            if let Some(error) = error {
                self.out[1].extend_from_slice(error.as_bytes());
                self.out[1].push(b'\n');
            }
        }
        self.journal.last_mut().expect("it was granted a slice").close(batch);
    }

    /// Answers a call. Unknown ones fail with ENOSYS.
    fn serve(&mut self, call: &Call) {
        let field = |name: &str| match &call.args {
            Value::Map(map) => map.get(name).cloned().unwrap_or_default(),
            _ => Value::Null,
        };
        let int = |name: &str| if let Value::Int(int) = field(name) { int } else { 0 };
        let mut delay = 0;
        let result = match call.name.as_str() {
            "exit" => {
                self.transcript.code = Some(i32::try_from(int("code")).unwrap_or(255));
                self.ended = true;
                return;
            }
            "write" => self.write(int("fd"), field("data")),
            "read" => Ok(Value::Bytes(SharedBytes::default())),
            "sleep" => {
                delay = match (field("ns"), field("ms")) {
                    (Value::Int(ns), _) => u64::try_from(ns).unwrap_or(0).div_ceil(1_000_000),
                    (_, Value::Int(ms)) => u64::try_from(ms).unwrap_or(0),
                    _ => 0,
                };
                Ok(Value::Null)
            }
            "cancel" => {
                let id = u64::try_from(int("call")).unwrap_or(0);
                let waiting = self.due.keys().find(|(_, call)| *call == id).copied();
                if let Some(key) = waiting {
                    self.due.remove(&key);
                    let refusal = SysError {
                        errno: Errno::ECANCELED,
                        message: String::new(),
                    };
                    self.due.insert((self.tick, id), Err(refusal));
                }
                Ok(Value::Null)
            }
            "echo" => Ok(call.args.clone()),
            "load" => Ok(self.load(field("name"), field("code"))),
            "sigaction" => Ok(Value::Null),
            "isatty" => Ok(Value::Bool(false)),
            "never" => return,
            name => Err(SysError {
                errno: Errno::ENOSYS,
                message: format!("{name} is not served here"),
            }),
        };
        self.due.insert((self.tick + delay, call.id), result);
    }

    /// A script and every file, as the kernel's `load` answers them.
    fn load(&self, name: Value, code: Value) -> Value {
        let (Value::Str(name), Value::Str(code)) = (name, code) else {
            return Value::Null;
        };
        let files = self
            .setup
            .files
            .iter()
            .map(|(path, source)| (path.as_str(), source.as_str()));
        let sources: Vec<(&str, &str)> = [(name.as_str(), code.as_str())].into_iter().chain(files).collect();
        let given = program_of(&sources).modules.into_iter().map(|module| LoadedModule {
            specifier: module.specifier,
            source: module.source.to_string(),
            imports: module
                .imports
                .into_iter()
                .map(|(written, canonical)| ImportRef { written, canonical })
                .collect(),
        });
        let modules = given.collect();
        LoadedModules { modules }.into_value()
    }

    fn write(&mut self, fd: i64, data: Value) -> Result<Value, SysError> {
        let bytes = match data {
            Value::Bytes(bytes) => bytes,
            Value::Str(text) => text.into_bytes().into(),
            _ => {
                return Err(SysError {
                    errno: Errno::EINVAL,
                    message: "data is bytes".into(),
                });
            }
        };
        let Some(out) = usize::try_from(fd - 1).ok().and_then(|index| self.out.get_mut(index)) else {
            return Err(SysError {
                errno: Errno::EBADF,
                message: format!("fd {fd}"),
            });
        };
        out.extend_from_slice(&bytes);
        Ok(Value::Int(i64::try_from(bytes.len()).unwrap_or(i64::MAX)))
    }

    /// What it came to.
    #[must_use]
    pub fn transcript(&self) -> Transcript {
        let mut transcript = self.transcript.clone();
        transcript.stdout = String::from_utf8_lossy(&self.out[0]).into_owned();
        transcript.stderr = String::from_utf8_lossy(&self.out[1]).into_owned();
        let chain = self
            .journal
            .iter()
            .fold(helios_abi::Digest32::default(), helios_abi::grant::chain);
        transcript.journal = chain.to_string();
        transcript
    }
}

/// The processes of one host: where it asks what it lacks.
#[derive(Debug, Default)]
pub struct Machine {
    /// By their keys.
    pub lives: BTreeMap<ProcKey, Life>,
}

impl Births for Machine {
    fn birth(&self, process: ProcKey, _slice: u64) -> Birth {
        self.lives[&process].birth()
    }
}

impl Machine {
    /// A machine with these processes.
    #[must_use]
    pub fn new(lives: impl IntoIterator<Item = Life>) -> Self {
        Self {
            lives: lives.into_iter().map(|life| (life.key, life)).collect(),
        }
    }

    /// Grants every process that can run one slice; whether there was any.
    pub fn round(&mut self, host: &mut dyn IsolateHost) -> bool {
        let grants: Vec<_> = self
            .lives
            .iter_mut()
            .filter_map(|(key, life)| life.grant().map(|grant| (*key, grant)))
            .collect();
        let keys: Vec<_> = grants.iter().map(|(key, _)| *key).collect();
        let outcomes = host.run(grants, self);
        assert_eq!(outcomes.len(), keys.len(), "an outcome for each slice");
        for (key, outcome) in keys.iter().zip(outcomes) {
            let life = self.lives.get_mut(key).expect("it was granted a slice");
            life.settle(outcome);
            let every = life.setup.checkpoint_every;
            if !life.over() && !life.parked && every != 0 && life.transcript.slices.is_multiple_of(every) {
                host.begin_checkpoint(*key, life.birth(), life.base());
                for made in host.take_checkpoints(true) {
                    let image = made.image.unwrap_or_else(|error| panic!("process {key}: {error}"));
                    life.put_head(made.slices, made.digest, image);
                }
            }
            let every = life.setup.evict_every;
            if life.over() || (every != 0 && life.transcript.slices.is_multiple_of(every)) {
                host.forget(*key);
            }
        }
        !keys.is_empty()
    }

    /// Runs until nothing can run any more; the transcripts by process number.
    pub fn run(&mut self, host: &mut dyn IsolateHost) -> Vec<Transcript> {
        while self.round(host) {}
        self.lives.values().map(Life::transcript).collect()
    }
}

/// Runs one program of one module on a host of its own.
#[must_use]
pub fn run_source(source: &str) -> Transcript {
    run_program(
        program(source),
        Setup::default(),
        &mut crate::ThreadHost::new(crate::ThreadConfig::workers(1)),
    )
}

/// Runs one program on a host.
pub fn run_program(program: Program, setup: Setup, host: &mut dyn IsolateHost) -> Transcript {
    let mut machine = Machine::new([Life::new(1, program, setup)]);
    machine.run(host).remove(0)
}
