//! Isolates in child processes: what a script could do to the process that runs it, it does to a child.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::File;
use std::os::fd::{FromRawFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use helios_abi::ProcKey;
use helios_abi::grant::{Grant, MemorySample, VerdictReason};
use helios_abi::host::{self, Births, Checkpoint, IsolateHost, Outcome, Strictness};
use helios_abi::program::Digest32;
use helios_abi::value::SharedBytes;

use super::maker::Maker;
use super::{LOOSER, MemoryUse, Pending, TRIES, ThreadConfig};
use crate::child_role::{PROGRAMS_MAX, ROLE, STUCK_STATUS};
use crate::confine::Confinement;
use crate::marks::Marks;
use crate::wire::{self, Answer, Ask, Birth, Job, PIECES_PER_FRAME, Ran};

/// How a [`ChildHost`] is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChildConfig {
    /// Child processes.
    pub children: usize,
    /// Each child's own set-up.
    pub each: ThreadConfig,
    /// Faults to inject, for tests.
    pub chaos: Chaos,
}

/// Faults that tests inject into children.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chaos {
    /// The system call `crash` kills the child that makes it.
    pub crash_call: bool,
    /// Where set, each child dies at the beginning of one of its first slices, its first excepted; which, this decides.
    pub seed: Option<u64>,
}

impl Default for ChildConfig {
    fn default() -> Self {
        Self {
            children: 2,
            each: ThreadConfig::workers(1),
            chaos: Chaos::default(),
        }
    }
}

impl Chaos {
    /// The faults of one child.
    fn of(self, number: u64) -> wire::Chaos {
        let die_at = self.seed.map_or(0, |seed| {
            let mixed = (seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            2 + (mixed >> 59)
        });
        wire::Chaos {
            crash_call: self.crash_call,
            die_at,
        }
    }
}

/// One child process.
pub(super) struct Worker {
    process: Child,
    link: File,
    marks: MarksMap,
    confinement: Confinement,
    /// Programs that it has.
    programs: BTreeSet<Digest32>,
    buffer: Vec<u8>,
}

/// Runs isolates in child processes.
pub struct ChildHost {
    config: ChildConfig,
    strictness: Strictness,
    workers: Vec<Worker>,
    /// Which child has a process, and the slice that it is to run next there.
    known: BTreeMap<ProcKey, (usize, u64)>,
    /// Children that died and were replaced.
    deaths: u64,
    /// Processes that children dropped to keep within their bounds.
    dropped: Vec<ProcKey>,
    /// Makes checkpoints, once there was one to make.
    maker: Option<Maker>,
}

impl std::fmt::Debug for ChildHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChildHost")
            .field("config", &self.config)
            .field("processes", &self.known.len())
            .field("deaths", &self.deaths)
            .finish_non_exhaustive()
    }
}

/// The marks, mapped here and in a child.
struct MarksMap(&'static Marks);

impl MarksMap {
    /// Makes them; the descriptor is for the child.
    fn new() -> std::io::Result<(Self, OwnedFd)> {
        let len = size_of::<Marks>();
        // SAFETY: a fresh memory file of `len` bytes is mapped whole; its zeros are valid marks; the mapping lives until
        // `drop`. The descriptor is fresh and owned here.
        unsafe {
            let raw = libc::memfd_create(c"helios-marks".as_ptr(), libc::MFD_CLOEXEC);
            if raw < 0 {
                return Err(std::io::Error::last_os_error());
            }
            let file = OwnedFd::from_raw_fd(raw);
            if libc::ftruncate(raw, libc::off_t::try_from(len).expect("a few pages")) != 0 {
                return Err(std::io::Error::last_os_error());
            }
            let flags = libc::PROT_READ | libc::PROT_WRITE;
            let at = libc::mmap(std::ptr::null_mut(), len, flags, libc::MAP_SHARED, raw, 0);
            if at == libc::MAP_FAILED {
                return Err(std::io::Error::last_os_error());
            }
            Ok((Self(&*at.cast::<Marks>()), file))
        }
    }
}

impl Drop for MarksMap {
    fn drop(&mut self) {
        let at = std::ptr::from_ref(self.0).cast_mut().cast();
        // SAFETY: `new` mapped exactly this, and the reference goes with this value.
        unsafe { libc::munmap(at, size_of::<Marks>()) };
    }
}

impl Worker {
    /// A child that makes checkpoints.
    pub(super) fn start_maker() -> std::io::Result<Self> {
        let chaos = wire::Chaos {
            crash_call: false,
            die_at: 0,
        };
        // Whatever it repeats was found good before.
        Self::start(ThreadConfig::workers(1), Strictness::Following, chaos)
    }

    fn start(config: ThreadConfig, strictness: Strictness, chaos: wire::Chaos) -> std::io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        let (marks, file) = MarksMap::new()?;
        let stderr = if std::env::var_os("HELIOS_CHILD_STDERR").is_some() {
            Stdio::inherit()
        } else {
            Stdio::null()
        };
        let process = Command::new("/proc/self/exe")
            .arg(ROLE)
            .env_clear()
            .stdin(OwnedFd::from(theirs))
            .stdout(file)
            .stderr(stderr)
            .spawn()?;
        let link = File::from(OwnedFd::from(ours));
        let confinement = Confinement {
            landlock: String::new(),
            seccomp: false,
        };
        let mut worker = Self {
            process,
            link,
            marks,
            confinement,
            programs: BTreeSet::new(),
            buffer: Vec::new(),
        };
        let startup = std::borrow::Cow::Borrowed(crate::startup::get());
        let following = strictness == Strictness::Following;
        wire::send(
            &mut worker.link,
            &wire::Setup {
                startup,
                config,
                following,
                chaos,
            },
            &mut worker.buffer,
        )?;
        match worker.receive()? {
            Answer::Ready(confinement) => worker.confinement = confinement,
            _ => return Err(std::io::Error::other("a child answers something else")),
        }
        Ok(worker)
    }

    pub(super) fn send(&mut self, ask: &Ask) -> std::io::Result<()> {
        wire::send(&mut self.link, ask, &mut self.buffer)
    }

    pub(super) fn receive(&mut self) -> std::io::Result<Answer> {
        wire::receive(&mut self.link, &mut self.buffer)
    }

    fn ask(&mut self, ask: &Ask) -> std::io::Result<Answer> {
        self.send(ask)?;
        self.receive()
    }

    /// Sends the pieces of the births that come next.
    pub(super) fn send_pieces(&mut self, pieces: BTreeMap<Digest32, SharedBytes>) -> std::io::Result<()> {
        let mut pieces = pieces.into_iter().peekable();
        while pieces.peek().is_some() {
            let part = pieces.by_ref().take(PIECES_PER_FRAME).collect();
            if !matches!(self.ask(&Ask::Pieces(part))?, Answer::Done) {
                return Err(std::io::Error::other("a child answers something else"));
            }
        }
        Ok(())
    }

    /// Ends it, and says what slices were under way and with which status it went.
    fn bury(&mut self) -> (Vec<(ProcKey, u64)>, Option<i32>) {
        let _ = self.process.kill();
        let status = self.process.wait().ok().and_then(|status| status.code());
        (crate::marks::running(self.marks.0), status)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How a run of slices on one child went.
enum Batch {
    Ran(Vec<Ran>, Vec<ProcKey>),
    Died,
}

impl ChildHost {
    /// Starts the children.
    ///
    /// # Errors
    /// When a child does not start or cannot be confined.
    pub fn new(config: ChildConfig) -> std::io::Result<Self> {
        crate::initialize();
        let mut host = Self {
            config: ChildConfig {
                children: config.children.max(1),
                ..config
            },
            strictness: Strictness::Authoring,
            workers: Vec::new(),
            known: BTreeMap::new(),
            deaths: 0,
            dropped: Vec::new(),
            maker: None,
        };
        for _ in 0..host.config.children {
            host.workers.push(Worker::start(
                host.config.each,
                host.strictness,
                host.config.chaos.of(0),
            )?);
        }
        Ok(host)
    }

    /// How its children are confined.
    #[must_use]
    pub fn confinement(&self) -> &Confinement {
        &self.workers[0].confinement
    }

    /// Children that died so far.
    #[must_use]
    pub const fn deaths(&self) -> u64 {
        self.deaths
    }

    /// The children's process numbers, for tests that kill them.
    #[must_use]
    pub fn pids(&self) -> Vec<u32> {
        self.workers.iter().map(|worker| worker.process.id()).collect()
    }

    /// Has a child try to break out: `(what, errno)`, an errno of zero where it worked.
    ///
    /// # Errors
    /// When the child died of it.
    pub fn try_to_escape(&mut self) -> std::io::Result<Vec<(String, i32)>> {
        match self.workers[0].ask(&Ask::Escape)? {
            Answer::Escapes(escapes) => Ok(escapes),
            _ => Err(std::io::Error::other("a child answers something else")),
        }
    }

    /// What a live process holds. A side query: the journal never sees it.
    pub fn memory(&mut self, process: ProcKey) -> Option<MemoryUse> {
        let (worker, _) = *self.known.get(&process)?;
        match self.workers[worker].ask(&Ask::Memory(process)) {
            Ok(Answer::Memory(memory)) => memory,
            _ => {
                self.replace(worker);
                None
            }
        }
    }

    /// Drops a process's isolate: its next grant rebuilds it.
    pub fn evict(&mut self, process: ProcKey) {
        self.forget(process);
    }

    /// Puts a fresh child in a dead one's place; what the dead one had is rebuilt when it is granted a slice.
    fn replace(&mut self, index: usize) -> (Vec<(ProcKey, u64)>, Option<i32>) {
        self.deaths += 1;
        let buried = self.workers[index].bury();
        self.known.retain(|_, (worker, _)| *worker != index);
        let mut tries = 0;
        loop {
            let chaos = self.config.chaos.of(self.deaths.wrapping_mul(31) + index as u64);
            match Worker::start(self.config.each, self.strictness, chaos) {
                Ok(worker) => {
                    self.workers[index] = worker;
                    return buried;
                }
                Err(error) if tries >= 3 => panic!("no child process can be started: {error}"),
                Err(_) => tries += 1,
            }
        }
    }

    /// The child that has a process, or the one that has the fewest.
    fn place(&self, key: ProcKey, load: &[usize]) -> usize {
        match self.known.get(&key) {
            Some((worker, _)) => *worker,
            None => (0..load.len())
                .min_by_key(|worker| load[*worker])
                .expect("there is a child"),
        }
    }

    /// A slice as the child is told of it.
    fn job(
        &mut self,
        worker: usize,
        pending: &Pending,
        births: &dyn Births,
        programs: &mut Vec<(Digest32, helios_abi::program::Program)>,
        pieces: &mut BTreeMap<Digest32, SharedBytes>,
    ) -> Job {
        let (key, grant) = (pending.key, pending.grant.clone());
        let there = self.known.get(&key) == Some(&(worker, grant.slice));
        let birth = (!there).then(|| {
            let birth = births.birth(key, grant.slice);
            let program = birth.program.digest();
            if self.workers[worker].programs.insert(program) {
                programs.push((program, (*birth.program).clone()));
            }
            let mut journal = birth.journal;
            journal.tail.retain(|slice| slice.grant.slice < grant.slice);
            pieces.append(&mut journal.pieces);
            Birth {
                program,
                limits: birth.limits,
                journal,
            }
        });
        self.known.insert(key, (worker, grant.slice + 1));
        Job {
            key,
            grant,
            tries: pending.tries,
            birth,
        }
    }

    /// Sends a child its slices.
    fn send(&mut self, worker: usize, slices: &[Pending], births: &dyn Births) -> std::io::Result<()> {
        if self.workers[worker].programs.len() + slices.len() > PROGRAMS_MAX {
            // The child forgets them all when it runs out of room: count along by sending each again.
            self.workers[worker].programs.clear();
        }
        let (mut programs, mut pieces) = (Vec::new(), BTreeMap::new());
        let jobs = slices
            .iter()
            .map(|pending| self.job(worker, pending, births, &mut programs, &mut pieces))
            .collect();
        self.workers[worker].send_pieces(pieces)?;
        self.workers[worker].send(&Ask::Run { programs, jobs })
    }

    fn receive(&mut self, worker: usize) -> Batch {
        match self.workers[worker].receive() {
            Ok(Answer::Ran { results, dropped }) => Batch::Ran(results, dropped),
            _ => Batch::Died,
        }
    }

    /// Takes one result in: an outcome, or the slice again.
    fn settle(&mut self, mut pending: Pending, ran: Ran) -> Result<Outcome, Pending> {
        match ran {
            Ran::Batch(batch) => {
                if matches!(batch.status, helios_abi::grant::Status::Exited { .. }) {
                    self.known.remove(&pending.key);
                }
                Ok(Outcome::Ran(batch))
            }
            Ran::Verdict(reason, detail) => {
                self.known.remove(&pending.key);
                Ok(Outcome::Verdict { reason, detail })
            }
            Ran::Failure(text) => {
                self.known.remove(&pending.key);
                Ok(Outcome::Failure(text))
            }
            Ran::Again => {
                self.known.remove(&pending.key);
                pending.tries += 1;
                Err(pending)
            }
        }
    }

    /// Runs slices on their children, all at the same time. Those of a child that died come back: the suspects, which
    /// were under way, and the rest.
    fn run_batch(
        &mut self,
        slices: Vec<Pending>,
        births: &dyn Births,
        outcomes: &mut [Option<Outcome>],
        again: &mut Vec<Pending>,
        suspects: &mut VecDeque<Pending>,
    ) {
        let mut load = vec![0; self.workers.len()];
        for (worker, _) in self.known.values() {
            load[*worker] += 1;
        }
        let mut parts: Vec<Vec<Pending>> = self.workers.iter().map(|_| Vec::new()).collect();
        for pending in slices {
            let worker = self.place(pending.key, &load);
            load[worker] += 1;
            parts[worker].push(pending);
        }
        let mut sent = Vec::new();
        for (worker, part) in parts.iter().enumerate() {
            sent.push(part.is_empty() || self.send(worker, part, births).is_ok());
        }
        for (worker, part) in parts.into_iter().enumerate() {
            if part.is_empty() {
                continue;
            }
            let batch = if sent[worker] {
                self.receive(worker)
            } else {
                Batch::Died
            };
            match batch {
                Batch::Ran(results, dropped) => {
                    for (pending, ran) in part.into_iter().zip(results) {
                        let index = pending.index;
                        match self.settle(pending, ran) {
                            Ok(outcome) => outcomes[index] = Some(outcome),
                            Err(pending) => again.push(pending),
                        }
                    }
                    self.take_dropped(dropped);
                }
                Batch::Died => {
                    let (running, _) = self.replace(worker);
                    // A child that died before it began any slice is nobody's fault twice: then all are suspects.
                    let unclear = running.is_empty() && part.iter().any(|pending| pending.tries > 0);
                    for mut pending in part {
                        let under_way = running.iter().any(|(key, _)| *key == pending.key);
                        if under_way || unclear {
                            suspects.push_back(pending);
                        } else {
                            pending.tries += u32::from(running.is_empty());
                            again.push(pending);
                        }
                    }
                }
            }
        }
    }

    /// Runs a slice that was under way when its child died, alone in a fresh child. If that dies too, it was the slice.
    fn run_suspect(&mut self, pending: Pending, births: &dyn Births) -> Result<Outcome, Pending> {
        let worker = 0;
        // Whatever else lives in this child must not die with it: a fresh one has nothing.
        let _ = self.replace(worker);
        let alone = [pending];
        let sent = self.send(worker, &alone, births).is_ok();
        let batch = if sent { self.receive(worker) } else { Batch::Died };
        let [pending] = alone;
        match batch {
            Batch::Ran(mut results, dropped) => {
                self.take_dropped(dropped);
                match results.pop() {
                    Some(ran) => self.settle(pending, ran),
                    None => Ok(Outcome::Failure("a child answers with nothing".into())),
                }
            }
            Batch::Died => {
                let (_, status) = self.replace(worker);
                let reason = if status == Some(STUCK_STATUS) {
                    VerdictReason::Watchdog
                } else {
                    VerdictReason::Crash
                };
                let detail = format!(
                    "process {}, slice {}: {}",
                    pending.key,
                    pending.grant.slice,
                    reason.text()
                );
                Ok(match self.strictness {
                    Strictness::Authoring => Outcome::Verdict { reason, detail },
                    Strictness::Following => Outcome::Failure(detail),
                })
            }
        }
    }

    /// Notes what a child dropped to keep within its bounds.
    fn take_dropped(&mut self, dropped: Vec<ProcKey>) {
        for key in &dropped {
            self.known.remove(key);
        }
        self.dropped.extend(dropped);
    }

    /// Tells every child something that is answered with `Done`.
    fn tell(&mut self, ask: &Ask) {
        for worker in 0..self.workers.len() {
            if !matches!(self.workers[worker].ask(ask), Ok(Answer::Done)) {
                self.replace(worker);
            }
        }
    }
}

impl IsolateHost for ChildHost {
    fn run(&mut self, grants: Vec<(ProcKey, Grant)>, births: &dyn Births) -> Vec<Outcome> {
        let mut outcomes: Vec<Option<Outcome>> = grants.iter().map(|_| None).collect();
        let slices = grants.into_iter().enumerate();
        let mut slices: Vec<_> = slices
            .map(|(index, (key, grant))| Pending {
                index,
                key,
                grant,
                tries: 0,
            })
            .collect();
        let mut suspects = VecDeque::new();
        while !slices.is_empty() || !suspects.is_empty() {
            let mut again = Vec::new();
            self.run_batch(slices, births, &mut outcomes, &mut again, &mut suspects);
            while let Some(suspect) = suspects.pop_front() {
                let index = suspect.index;
                match self.run_suspect(suspect, births) {
                    Ok(outcome) => outcomes[index] = Some(outcome),
                    Err(pending) => again.push(pending),
                }
            }
            slices = again;
            slices.retain(|pending| {
                let spent = pending.tries >= TRIES;
                if spent {
                    let text = format!(
                        "process {}, slice {}: it did not come through in {TRIES} tries with limits {LOOSER} times looser",
                        pending.key, pending.grant.slice
                    );
                    outcomes[pending.index] = Some(Outcome::Failure(text));
                }
                !spent
            });
        }
        outcomes
            .into_iter()
            .map(|outcome| outcome.expect("every slice has its outcome"))
            .collect()
    }

    fn forget(&mut self, process: ProcKey) {
        if let Some((worker, _)) = self.known.remove(&process)
            && !matches!(self.workers[worker].ask(&Ask::Forget(vec![process])), Ok(Answer::Done))
        {
            self.replace(worker);
        }
    }

    fn forget_all(&mut self) {
        self.known.clear();
        self.tell(&Ask::ForgetAll);
    }

    fn sample_memory(&mut self) -> Vec<MemorySample> {
        let mut samples = Vec::new();
        for worker in 0..self.workers.len() {
            match self.workers[worker].ask(&Ask::Sample) {
                Ok(Answer::Samples(part)) => samples.extend(part),
                _ => drop(self.replace(worker)),
            }
        }
        samples.sort_unstable_by_key(|sample| sample.process);
        samples
    }

    fn set_strictness(&mut self, strictness: Strictness) {
        if self.strictness != strictness {
            self.strictness = strictness;
            self.known.clear();
        }
        self.tell(&Ask::Following(strictness == Strictness::Following));
    }

    fn take_hibernated(&mut self) -> Vec<ProcKey> {
        std::mem::take(&mut self.dropped)
    }

    fn begin_checkpoint(&mut self, process: ProcKey, birth: host::Birth, base: Option<SharedBytes>) {
        self.maker.get_or_insert_with(Maker::new).begin(process, birth, base);
    }

    fn take_checkpoints(&mut self, wait: bool) -> Vec<Checkpoint> {
        self.maker.as_mut().map_or_else(Vec::new, |maker| maker.take(wait))
    }

    fn checkpoint_base(&self) -> String {
        crate::startup::get().digest()
    }

    fn versions(&self) -> BTreeMap<String, String> {
        crate::versions()
    }
}
