//! An hour of a world: its log, its export, and how fast it is opened and gone back in.

use helios_engine::hash::HashPolicy;
use helios_engine::ids::{NodeId, Tick};
use helios_engine::replay::write_recording;
use helios_engine::snapshot::{write_frame, write_frame_file};
use helios_engine::timeline::{Timeline, TimelineConfig};

use super::default_world;
use crate::bench::{Bound, Figure, figure, milliseconds, sample};
use crate::bench::{CHILDREN, THREADS};
use crate::sim::Sim;

/// What players type, a line each time.
const LINES: [&str; 8] = [
    "ls -l /etc",
    "cat /etc/passwd | wc -l",
    "echo \"note $RANDOM\" >> notes.txt",
    "ps",
    "for i in 1 2 3; do echo $i; done",
    "mkdir -p work/a && touch work/a/b",
    "grep -c note notes.txt",
    "date",
];

const MINUTE_TICKS: u64 = 60_000;
const MB: f64 = 1e6;

/// Somebody at a terminal who types a key every so often, and rests between lines.
struct Typist {
    session: u64,
    tty: Option<String>,
    line: usize,
    key: usize,
    next: Tick,
    rest_ticks: u64,
}

impl Typist {
    fn sit_down(sim: &mut Sim, node: NodeId, index: usize, rest_ticks: u64) -> Self {
        let argv = ["/bin/login", "-f", "player"].map(str::to_owned);
        Self {
            session: sim.terminal(node, &argv, 24, 80).expect("the command is logged"),
            tty: None,
            line: index,
            key: 0,
            next: Tick(sim.tick().0 + 1_000 + index as u64 * 700),
            rest_ticks,
        }
    }

    fn act(&mut self, sim: &mut Sim, node: NodeId) {
        if sim.tick() < self.next {
            return;
        }
        if self.tty.is_none() {
            self.tty = sim.session_tty(self.session);
        }
        let Some(tty) = self.tty.clone() else { return };
        // What is shown is looked at, as a client does.
        sim.take_tty(node, &tty);
        let keys = LINES[self.line % LINES.len()].as_bytes();
        let key = keys.get(self.key).copied().unwrap_or(b'\r');
        sim.type_keys(node, &tty, &[key]).expect("the command is logged");
        let rest = if key == b'\r' { self.rest_ticks } else { 110 };
        (self.line, self.key) = if key == b'\r' {
            (self.line + 1, 0)
        } else {
            (self.line, self.key + 1)
        };
        self.next = Tick(sim.tick().0 + rest);
    }
}

/// Plays the default world with so many players, who rest so long between lines.
fn play(sim: &mut Sim, players: usize, rest_ticks: u64, ticks: u64) {
    let node = sim.machine(None).expect("there is one");
    sim.sample_memory();
    let until = Tick(sim.tick().0 + ticks);
    let mut typists: Vec<Typist> = (0..players)
        .map(|index| Typist::sit_down(sim, node, index, rest_ticks))
        .collect();
    while sim.tick() < until {
        let next = typists.iter().map(|typist| typist.next).min().unwrap_or(until);
        let stop = next.max(sim.tick().next()).min(until);
        while sim.tick() < stop {
            sim.skip(stop).expect("the world runs");
        }
        typists.iter_mut().for_each(|typist| typist.act(sim, node));
    }
}

pub(super) fn hours(samples: u16) -> Vec<Figure> {
    // Ten minutes of eight players who hardly rest, six times.
    let mut busy = default_world(HashPolicy::EveryEpoch, THREADS);
    busy.record();
    play(&mut busy, 8, 3_000, 10 * MINUTE_TICKS);
    let recording = busy.take_recording().expect("a recording was started");
    let whole = write_recording(&recording).expect("it is within its bounds").len() as f64;
    let mut start = recording.clone();
    start.log.records.clear();
    let alone = write_recording(&start).expect("it is within its bounds").len() as f64;
    let records = recording.log.records.len() as f64;
    drop(busy);

    // An hour of one player.
    let mut sim = default_world(HashPolicy::Off, THREADS);
    play(&mut sim, 1, 5_000, 60 * MINUTE_TICKS);
    let export =
        |sim: &mut Sim| write_frame(&sim.frame().expect("rows are sound"), None).expect("it is within its bounds");
    let exported = export(&mut sim).len() as f64;
    vec![
        figure(
            "records of an hour of a busy world",
            "",
            Bound::Free,
            vec![records * 6.0],
        ),
        figure(
            "log of an hour of a busy world",
            "MB",
            Bound::AtMost(5.0),
            vec![(whole - alone) * 6.0 / MB],
        ),
        figure(
            "export after an hour of play",
            "MB",
            Bound::AtMost(10.0),
            vec![exported / MB],
        ),
        first_prompt(samples),
        scrubbing(samples),
    ]
}

/// From a file to a prompt that takes keys.
fn first_prompt(samples: u16) -> Figure {
    let mut sim = default_world(HashPolicy::Off, THREADS);
    play(&mut sim, 1, 2_000, MINUTE_TICKS);
    let path = std::env::temp_dir().join(format!("helios-bench-{}.helios", std::process::id()));
    write_frame_file(&path, &sim.frame().expect("rows are sound"), None).expect("the save is written");
    drop(sim);
    let figure = sample(
        "restoring the default world to the first prompt",
        "ms",
        Bound::AtMost(500.0),
        samples,
        || {
            milliseconds(|| {
                let mut sim =
                    Sim::open(&path.to_string_lossy(), CHILDREN, HashPolicy::Off, false).expect("the save opens");
                let node = sim.machine(None).expect("there is one");
                let argv = ["/bin/login", "-f", "player"].map(str::to_owned);
                let session = sim.terminal(node, &argv, 24, 80).expect("the command is logged");
                // The line editor moves the cursor between the prompt's parts: what counts is what the screen shows.
                let (mut screen, limit) = (vt100::Parser::new(24, 80, 0), Tick(sim.tick().0 + 10_000));
                while !screen.screen().contents().trim_end().ends_with('$') {
                    sim.step().expect("the world runs");
                    assert!(sim.tick() < limit, "a prompt comes");
                    if let Some(tty) = sim.session_tty(session) {
                        screen.process(&sim.take_tty(node, &tty));
                    }
                }
            })
        },
    );
    _ = std::fs::remove_file(&path);
    figure
}

/// Jumps in the past minute of a world that somebody plays.
fn scrubbing(samples: u16) -> Figure {
    let mut sim = default_world(HashPolicy::Off, THREADS);
    let mut timeline = Timeline::start(sim.world_mut(), TimelineConfig::default()).expect("rows are sound");
    let node = sim.machine(None).expect("there is one");
    let mut typist = Typist::sit_down(&mut sim, node, 0, 2_000);
    while sim.tick().0 < MINUTE_TICKS {
        let stop = typist.next.max(sim.tick().next()).min(Tick(MINUTE_TICKS));
        sim.skip(stop).expect("the world runs");
        typist.act(&mut sim, node);
        timeline.advance(sim.world_mut()).expect("rows are sound");
    }
    let mut jump = 0_u64;
    sample(
        "going to some tick of the last minute",
        "ms",
        Bound::Free,
        samples.max(9),
        || {
            jump += 1;
            let to = Tick(jump * 7_919 % MINUTE_TICKS);
            milliseconds(|| _ = timeline.seek(sim.world_mut(), to).expect("the tick is in the past"))
        },
    )
}
