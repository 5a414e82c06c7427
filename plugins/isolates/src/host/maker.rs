//! Makes checkpoints: a child process of its own, so that the world goes on meanwhile, and so that what V8 cannot
//! serialise ends nobody else.

use crossbeam::channel::{Receiver, Sender, unbounded};
use helios_abi::ProcKey;
use helios_abi::grant::chain;
use helios_abi::host::{Birth, Checkpoint};
use helios_abi::value::SharedBytes;

use super::child::Worker;
use crate::carrier::{self, Command, Make, What};
use crate::watchdog::Watch;
use crate::wire::{self, Answer, Ask};

/// The parent's side. A thread talks to the child; it starts with the first checkpoint.
pub(crate) struct Maker {
    orders: Sender<Make>,
    made: Receiver<Checkpoint>,
    under_way: usize,
}

impl Maker {
    pub(crate) fn new() -> Self {
        let (orders, receiver) = unbounded();
        let (made_to, made) = unbounded();
        let work = move || serve(&receiver, &made_to);
        // Nobody waits for its end: one that is being made when the host goes away takes its time, and ends with its child.
        // Where there is no thread, there are no checkpoints.
        _ = std::thread::Builder::new().name("maker".into()).spawn(work);
        Self {
            orders,
            made,
            under_way: 0,
        }
    }

    /// Puts a checkpoint in its queue.
    pub(crate) fn begin(&mut self, key: ProcKey, birth: Birth, base: Option<SharedBytes>) {
        if self.orders.send(Make { key, birth, base }).is_ok() {
            self.under_way += 1;
        }
    }

    /// What is done; all of it, with `wait`.
    pub(crate) fn take(&mut self, wait: bool) -> Vec<Checkpoint> {
        let mut done = Vec::new();
        while self.under_way > 0 {
            let next = if wait {
                self.made.recv().ok()
            } else {
                self.made.try_recv().ok()
            };
            let Some(checkpoint) = next else { break };
            self.under_way -= 1;
            done.push(checkpoint);
        }
        done
    }
}

/// Passes orders on, one at a time. A child that dies is replaced for the next one.
fn serve(orders: &Receiver<Make>, made: &Sender<Checkpoint>) {
    let mut child: Option<Worker> = None;
    while let Ok(make) = orders.recv() {
        let (key, birth) = (make.key, &make.birth);
        let slices = birth.journal.head_len + birth.journal.tail.len() as u64;
        let digest = birth.journal.tail.iter().fold(birth.journal.head_digest, chain);
        let image = ask(&mut child, make);
        let checkpoint = Checkpoint {
            process: key,
            slices,
            digest,
            image,
        };
        if made.send(checkpoint).is_err() {
            break;
        }
    }
}

fn ask(child: &mut Option<Worker>, make: Make) -> Result<SharedBytes, String> {
    let worker = match child {
        Some(worker) => worker,
        None => {
            let worker = Worker::start_maker().map_err(|error| format!("no maker can be started: {error}"))?;
            child.insert(worker)
        }
    };
    let answer = send(worker, make).and_then(|()| worker.receive());
    match answer {
        Ok(Answer::Made(image)) => image,
        Ok(_) => Err("the maker answers something else".into()),
        Err(error) => {
            *child = None;
            Err(format!("the maker died of it: {error}"))
        }
    }
}

fn send(worker: &mut Worker, make: Make) -> std::io::Result<()> {
    let Make { key, birth, base } = make;
    let mut journal = birth.journal;
    worker.send_pieces(std::mem::take(&mut journal.pieces))?;
    worker.send(&Ask::Make {
        key,
        program: (*birth.program).clone(),
        birth: Box::new(wire::Birth {
            program: birth.program.digest(),
            limits: birth.limits,
            journal,
        }),
        base,
    })
}

/// The child's side: a carrier of its own.
pub(crate) struct Bench {
    commands: Sender<Command>,
    reports: Receiver<carrier::Report>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let (commands, receiver) = unbounded();
        let (report_to, reports) = unbounded();
        carrier::spawn(0, receiver, report_to, Watch::new()).expect("the system has a thread for a carrier");
        Self { commands, reports }
    }

    /// Makes one.
    pub(crate) fn make(&self, make: Make) -> Result<SharedBytes, String> {
        let make = Command::Make(Box::new(make));
        self.commands
            .send(make)
            .expect("the carrier lives as long as its channel");
        match self
            .reports
            .recv()
            .expect("the carrier lives as long as its channel")
            .what
        {
            What::Made(image) => image,
            _ => unreachable!("it is asked for nothing else"),
        }
    }
}
