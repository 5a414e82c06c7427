//! The child's side: one process that runs slices for its parent, with no file, no network and no other process.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::fd::FromRawFd as _;
use std::sync::Arc;

use helios_abi::ProcKey;
use helios_abi::host::{Birth, Births, IsolateHost as _, Strictness};
use helios_abi::program::{Digest32, Program};
use helios_abi::value::SharedBytes;

use crate::carrier::Make;
use crate::host::Bench;
use crate::host::{Pending, ThreadHost, Tried};
use crate::marks::Marks;
use crate::wire::{self, Answer, Ask, Ran};

/// The argument that makes a process a child. It is no part of the command line's grammar.
pub(crate) const ROLE: &str = "--helios-isolate-child";
/// The status of a child whose slice did not end though it was told to.
pub(crate) const STUCK_STATUS: i32 = 99;
/// Programs that a child keeps; the parent counts along.
pub(crate) const PROGRAMS_MAX: usize = 1024;

/// Runs as a host's child where this process was started as one, and does not return then. Call it first thing in
/// `main`, before any other thread exists.
pub fn maybe_run_child_role() {
    if std::env::args_os().nth(1).is_some_and(|argument| argument == ROLE) {
        let status = match serve() {
            Ok(()) => 0,
            Err(error) => {
                eprintln!("isolate child: {error}");
                1
            }
        };
        // SAFETY: nothing of this process outlives it that a destructor would have to see to.
        unsafe { libc::_exit(status) };
    }
}

/// Maps the marks, which the parent passed as standard output, and lets go of every other descriptor.
fn adopt_marks() -> Result<&'static Marks, String> {
    // SAFETY: descriptor 1 is the parent's memory file of the marks' size (it made it so); the mapping is never undone,
    // and marks are atomics, for which any bytes are valid.
    unsafe {
        let flags = libc::PROT_READ | libc::PROT_WRITE;
        let at = libc::mmap(std::ptr::null_mut(), size_of::<Marks>(), flags, libc::MAP_SHARED, 1, 0);
        if at == libc::MAP_FAILED {
            return Err(format!(
                "the marks cannot be mapped: {}",
                std::io::Error::last_os_error()
            ));
        }
        let null = libc::open(c"/dev/null".as_ptr(), libc::O_RDWR | libc::O_CLOEXEC);
        if null >= 0 {
            libc::dup2(null, 1);
        }
        libc::syscall(libc::SYS_close_range, 3, u32::MAX, 0);
        Ok(&*at.cast::<Marks>())
    }
}

fn serve() -> Result<(), String> {
    let marks = adopt_marks()?;
    // SAFETY: descriptor 0 is the parent's socket, and nothing else in this process reads standard input.
    let mut link = unsafe { File::from_raw_fd(0) };
    let mut buffer = Vec::new();
    let setup: wire::Setup<'_> = wire::receive(&mut link, &mut buffer).map_err(|error| error.to_string())?;
    crate::marks::install(marks, setup.chaos);
    let startup = setup.startup.into_owned();
    crate::initialize();
    crate::startup::install(startup);
    let confinement = crate::confine::confine()?;
    let mut server = Server {
        host: ThreadHost::new(setup.config),
        programs: BTreeMap::new(),
        pieces: BTreeMap::new(),
        bench: None,
    };
    server.host.exit_when_stuck();
    server.host.set_strictness(strictness(setup.following));
    let mut answer = Answer::Ready(confinement);
    loop {
        if wire::send(&mut link, &answer, &mut buffer).is_err() {
            return Ok(());
        }
        // The parent is gone: so is the reason to be here.
        let Ok(ask) = wire::receive::<Ask>(&mut link, &mut buffer) else {
            return Ok(());
        };
        answer = server.answer(ask);
    }
}

fn strictness(following: bool) -> Strictness {
    if following {
        Strictness::Following
    } else {
        Strictness::Authoring
    }
}

struct Server {
    host: ThreadHost,
    programs: BTreeMap<Digest32, Arc<Program>>,
    /// Pieces of long byte arrays, for the births of the next run.
    pieces: BTreeMap<Digest32, SharedBytes>,
    /// Where checkpoints are made, in a child that makes them.
    bench: Option<Bench>,
}

/// The births that came with a run.
struct Sent(BTreeMap<ProcKey, Birth>);

impl Births for Sent {
    fn birth(&self, process: ProcKey, _slice: u64) -> Birth {
        // The parent counts along which processes live here, so a birth is there whenever it is asked for.
        self.0
            .get(&process)
            .cloned()
            .unwrap_or_else(|| panic!("process {process} is not here and came without a birth"))
    }
}

impl Server {
    fn answer(&mut self, ask: Ask) -> Answer {
        match ask {
            Ask::Run { programs, jobs } => self.run(programs, jobs),
            Ask::Pieces(pieces) => {
                self.pieces.extend(pieces);
                Answer::Done
            }
            Ask::Make {
                key,
                program,
                birth,
                base,
            } => {
                let birth = whole(*birth, Arc::new(program), &std::mem::take(&mut self.pieces));
                Answer::Made(
                    self.bench
                        .get_or_insert_with(Bench::new)
                        .make(Make { key, birth, base }),
                )
            }
            Ask::Forget(keys) => {
                for key in keys {
                    self.host.forget(key);
                }
                Answer::Done
            }
            Ask::ForgetAll => {
                self.host.forget_all();
                Answer::Done
            }
            Ask::Following(following) => {
                self.host.set_strictness(strictness(following));
                Answer::Done
            }
            Ask::Sample => Answer::Samples(self.host.sample_memory()),
            Ask::Memory(key) => Answer::Memory(self.host.memory(key)),
            Ask::Escape => Answer::Escapes(crate::confine::try_to_escape()),
        }
    }

    fn run(&mut self, programs: Vec<(Digest32, Program)>, jobs: Vec<wire::Job>) -> Answer {
        if self.programs.len() + programs.len() > PROGRAMS_MAX {
            self.programs.clear();
        }
        self.programs.extend(
            programs
                .into_iter()
                .map(|(digest, program)| (digest, Arc::new(program))),
        );
        let pieces = std::mem::take(&mut self.pieces);
        let mut births = BTreeMap::new();
        let mut slices = Vec::new();
        for (index, job) in jobs.into_iter().enumerate() {
            if let Some(birth) = job.birth {
                self.host.forget(job.key);
                let program = self
                    .programs
                    .get(&birth.program)
                    .expect("programs are sent before they are named");
                births.insert(job.key, whole(birth, Arc::clone(program), &pieces));
            }
            slices.push(Pending {
                index,
                key: job.key,
                grant: job.grant,
                tries: job.tries,
            });
        }
        let tried = self.host.run_once(slices, &Sent(births));
        let results = tried.into_iter().map(|tried| match tried {
            Tried::Done(outcome) => Ran::from(outcome),
            Tried::Again(_) => Ran::Again,
        });
        let results = results.collect();
        Answer::Ran {
            results,
            dropped: self.host.take_hibernated(),
        }
    }
}

/// A birth with its pieces back in place.
fn whole(birth: wire::Birth, program: Arc<Program>, pieces: &BTreeMap<Digest32, SharedBytes>) -> Birth {
    let mut journal = birth.journal;
    let named = journal.tail.iter().flat_map(|slice| &slice.given);
    let named = named.flat_map(|held| &held.pieces);
    journal.pieces = named.filter_map(|id| Some((*id, pieces.get(id)?.clone()))).collect();
    Birth {
        program,
        limits: birth.limits,
        journal,
    }
}
