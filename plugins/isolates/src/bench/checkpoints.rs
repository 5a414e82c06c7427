//! What checkpoints cost: their size, how long one takes to make, and how long a process takes to wake.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock; nothing of it reaches state"
)]

use std::time::Instant;

use helios_abi::host::IsolateHost as _;

use crate::testing::{Life, Machine, Setup, program};
use crate::{ThreadConfig, ThreadHost};

/// What one program's checkpoints came to.
#[derive(Clone, Copy, Debug)]
pub struct Checkpoints {
    /// Bytes of one, as it is kept.
    pub bytes: u64,
    /// Milliseconds to make one, with the repetition of its journal.
    pub make_ms: f64,
    /// Milliseconds from the grant to the end of a slice that does little, of a process that hibernated: median.
    pub wake_ms: f64,
    /// The same of one that was awake.
    pub awake_ms: f64,
}

/// Runs a program for `slices`, then measures.
///
/// # Panics
/// When it makes no checkpoint.
#[must_use]
pub fn measure(source: &str, slices: u64, rounds: usize) -> Checkpoints {
    let mut host = ThreadHost::new(ThreadConfig::workers(1));
    let mut machine = Machine::new([Life::new(1, program(source), Setup::default())]);
    for _ in 0..slices {
        machine.round(&mut host);
    }
    let key = *machine.lives.keys().next().expect("one process");
    let make = |machine: &Machine, host: &mut ThreadHost| {
        host.begin_checkpoint(key, machine.lives[&key].birth(), None);
        host.take_checkpoints(true).remove(0)
    };
    // The first starts the child that makes them.
    make(&machine, &mut host);
    let begun = Instant::now();
    let made = make(&machine, &mut host);
    let make_ms = begun.elapsed().as_secs_f64() * 1e3;
    let image = made.image.unwrap_or_else(|error| panic!("no checkpoint: {error}"));
    let bytes = image.len() as u64;
    machine
        .lives
        .get_mut(&key)
        .expect("it is there")
        .put_head(made.slices, made.digest, image);
    let mut times = |evict: bool, host: &mut ThreadHost| {
        let mut times: Vec<f64> = (0..rounds)
            .map(|_| {
                if evict {
                    host.evict(key);
                }
                let begun = Instant::now();
                machine.round(host);
                begun.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[rounds / 2]
    };
    let awake_ms = times(false, &mut host);
    let wake_ms = times(true, &mut host);
    Checkpoints {
        bytes,
        make_ms,
        wake_ms,
        awake_ms,
    }
}
