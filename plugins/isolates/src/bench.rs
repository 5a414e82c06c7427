//! Measurements for `helios bench`: plain numbers, medians where there is a choice. Times are of this machine, and are
//! never part of a test.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock; nothing of it reaches state"
)]

pub mod checkpoints;

use std::sync::Arc;
use std::time::Instant;

use helios_abi::grant::{Batch, Delivery, Grant, Journal, Start};
use helios_abi::host::{Birth, Births, IsolateHost, Limits, Outcome};
use helios_abi::program::Program;
use helios_abi::value::{Bytes, Value};
use helios_abi::{NodeId, Pid, ProcKey, Tick};

use crate::{compile, modules, process, state};

const LIMITS: Limits = Limits {
    heap_bytes: 64 << 20,
    array_buffer_bytes: 32 << 20,
};
const GAS: u64 = 1 << 28;

/// Births of one program: the benchmarks never let a process be dropped.
struct Fresh(Arc<Program>);

impl Births for Fresh {
    fn birth(&self, _process: ProcKey, _slice: u64) -> Birth {
        Birth {
            program: Arc::clone(&self.0),
            limits: LIMITS,
            journal: Journal::default(),
        }
    }
}

fn key(pid: u32) -> ProcKey {
    ProcKey {
        node: NodeId(9),
        pid: Pid(pid),
    }
}

fn start(pid: u32) -> Vec<Delivery> {
    vec![Delivery::Start(Start {
        pid,
        argv: vec!["bench".into()],
        env: std::collections::BTreeMap::new(),
        cwd: "/".into(),
        epoch_ms: 0,
        random_key: Bytes(vec![1; 32]),
    })]
}

/// CPU time: on a busy machine it says more than the clock.
#[expect(clippy::cast_precision_loss, reason = "seconds are few")]
fn cpu_seconds(clock: libc::clockid_t) -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a local.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// CPU time of this process so far, in seconds, for rates that a busy machine does not blur.
#[must_use]
pub fn process_cpu_seconds() -> f64 {
    cpu_seconds(libc::CLOCK_PROCESS_CPUTIME_ID)
}

/// Runs one slice of one process.
fn slice(host: &mut dyn IsolateHost, births: &Fresh, pid: u32, grant: Grant) -> Batch {
    match host.run(vec![(key(pid), grant)], births).pop() {
        Some(Outcome::Ran(batch)) => batch,
        other => panic!("a benchmark's slice fails: {other:?}"),
    }
}

fn grant(slice: u64, gas: u64, deliveries: Vec<Delivery>) -> Grant {
    Grant {
        slice,
        tick: Tick(slice),
        gas,
        deliveries,
    }
}

fn fresh(source: &str) -> Fresh {
    Fresh(Arc::new(crate::testing::program(source)))
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// Milliseconds from the first grant of a process to its first call, its program being warm: median of `count`.
pub fn spawn_to_first_call(host: &mut dyn IsolateHost, count: u32) -> f64 {
    let births = fresh("import { stdout } from 'helios:process'; await stdout.write('hello\\n');");
    let mut samples = Vec::new();
    for pid in 1..=count + 3 {
        let begun = Instant::now();
        let batch = slice(host, &births, pid, grant(0, GAS, start(pid)));
        samples.push(begun.elapsed().as_secs_f64() * 1e3);
        assert_eq!(batch.calls.len(), 1);
        host.forget(key(pid));
    }
    median(samples.split_off(3))
}

/// Resident bytes of a live, idle process: what `count` of them add, divided. `pids` are the processes that the host
/// runs in: none for threads.
pub fn idle_rss(host: &mut dyn IsolateHost, count: u32, pids: &[u32]) -> f64 {
    let births = fresh(
        "import { stdin, stdout } from 'helios:process'; await stdout.write('ready\\n');
         for await (const line of stdin.lines()) await stdout.write(line);",
    );
    let spawn = |host: &mut dyn IsolateHost, pid: u32| {
        let batch = slice(host, &births, pid, grant(0, GAS, start(pid)));
        let reply = Delivery::Reply {
            call: batch.calls[0].id,
            result: Ok(Value::Int(6)),
        };
        slice(host, &births, pid, grant(1, GAS, vec![reply]));
    };
    // The first few warm caches that are not theirs.
    for pid in 1..=8 {
        spawn(host, pid);
    }
    let before = resident(pids);
    for pid in 9..9 + count {
        spawn(host, pid);
    }
    let after = resident(pids);
    for pid in 1..9 + count {
        host.forget(key(pid));
    }
    (after - before) / f64::from(count)
}

/// Resident bytes of this process, or of those.
fn resident(pids: &[u32]) -> f64 {
    let of = |path: String| {
        let statm = std::fs::read_to_string(path).unwrap_or_default();
        statm
            .split_whitespace()
            .nth(1)
            .and_then(|pages| pages.parse::<f64>().ok())
            .unwrap_or(0.0)
            * 4096.0
    };
    if pids.is_empty() {
        return of("/proc/self/statm".into());
    }
    pids.iter().map(|pid| of(format!("/proc/{pid}/statm"))).sum()
}

/// A process that always has `width` calls under way, each answered at once. Seconds for `count` grants.
fn serve(host: &mut dyn IsolateHost, width: usize, count: u64) -> f64 {
    let source = format!(
        "import {{ call }} from 'helios:core';
         const go = call as unknown as (name: string, args: object) => Promise<number>;
         async function one() {{ for (let n = 0;;) n = await go('read', {{ fd: 0, n }}); }}
         for (let i = 0; i < {width}; i++) void one();"
    );
    let births = fresh(&source);
    let mut batch = slice(host, &births, 1, grant(0, GAS, start(1)));
    let mut seconds = 0.0;
    let warm = count / 10;
    for number in 1..=count + warm {
        assert_eq!(batch.calls.len(), width);
        let replies = batch.calls.iter().map(|call| Delivery::Reply {
            call: call.id,
            result: Ok(Value::Int(7)),
        });
        let grant = grant(number, GAS, replies.collect());
        let begun = Instant::now();
        batch = slice(host, &births, 1, grant);
        if number > warm {
            seconds += begun.elapsed().as_secs_f64();
        }
    }
    host.forget(key(1));
    seconds
}

/// Microseconds of a grant to an idle process and its batch: one reply in, one call out.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub fn round_trip(host: &mut dyn IsolateHost, count: u64) -> f64 {
    serve(host, 1, count) * 1e6 / count as f64
}

/// System calls a second of one process that makes one after the other.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub fn sequential_calls(host: &mut dyn IsolateHost, count: u64) -> f64 {
    count as f64 / serve(host, 1, count)
}

/// System calls a second of one process with 64 under way.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub fn outstanding_calls(host: &mut dyn IsolateHost, count: u64) -> f64 {
    64.0 * count as f64 / serve(host, 64, count)
}

/// Microseconds to resume a parked process with 100 gas, until it parks again.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub fn park_resume(host: &mut dyn IsolateHost, count: u64) -> f64 {
    let births = fresh("for (;;) {}");
    slice(host, &births, 1, grant(0, 1000, start(1)));
    let begun = Instant::now();
    for number in 1..=count {
        slice(host, &births, 1, grant(number, 100, Vec::new()));
    }
    let seconds = begun.elapsed().as_secs_f64();
    host.forget(key(1));
    seconds * 1e6 / count as f64
}

/// Programs as people write them.
const ORDINARY: &[(&str, &str)] = &[
    ("words", "const words = 'the quick brown fox jumps over the lazy dog again and again'.split(' '); let n = 0;
        for (let i = 0; i < 4000; i++) { const counts = new Map<string, number>(); for (const w of words) counts.set(w, (counts.get(w) ?? 0) + 1);
        n += [...counts.entries()].filter(([, c]) => c > 1).length; } if (n < 0) throw n;"),
    ("objects", "class P { constructor(public x: number, public y: number) {} add(o: P) { return new P(this.x + o.x, this.y + o.y); } }
        let p = new P(0, 0); const d = new P(1, 2); for (let i = 0; i < 300000; i++) p = p.add(d); if (p.x < 0) throw p;"),
    ("sort", "const a: number[] = []; let s = 1; for (let i = 0; i < 3000; i++) { s = (s * 16807) % 2147483647; a.push(s); }
        for (let k = 0; k < 20; k++) [...a].sort((x, y) => x - y);"),
    ("strings", "let out = 0; for (let i = 0; i < 20000; i++) { const line = `${i}:${i * 2}:name${i % 7}`; const [a, b, c] = line.split(':');
        out += a.length + b.padStart(8).length + c.toUpperCase().length; } if (out < 0) throw out;"),
    ("fib", "const fib = (n: number): number => n < 2 ? n : fib(n - 1) + fib(n - 2); fib(24);"),
    ("parse", "const text = '{ \"a\": [1, 2, 3], \"b\": { \"c\": \"deep\" } }'; let at = 0;
        function value(): unknown { skip(); const c = text[at]; if (c === '{') { at++; const o: Record<string, unknown> = {}; skip();
        while (text[at] !== '}') { const k = str(); skip(); at++; o[k] = value(); skip(); if (text[at] === ',') { at++; skip(); } } at++; return o; }
        if (c === '[') { at++; const l: unknown[] = []; while (text[at] !== ']') { l.push(value()); skip(); if (text[at] === ',') at++; } at++; return l; }
        if (c === '\"') return str(); let n = 0; while (text[at] >= '0' && text[at] <= '9') n = n * 10 + text.charCodeAt(at++) - 48; return n; }
        function skip() { while (text[at] === ' ') at++; } function str() { let s = ''; at++; while (text[at] !== '\"') s += text[at++]; at++; return s; }
        for (let i = 0; i < 4000; i++) { at = 0; value(); }"),
    ("bytes", "const b = new Uint8Array(4096); let h = 0; for (let k = 0; k < 60; k++) for (let i = 0; i < b.length; i++) { b[i] = (b[i] + i * k) & 255; h = (h * 31 + b[i]) | 0; }"),
    ("closures", "const pipe = (...fs: ((n: number) => number)[]) => (n: number) => fs.reduce((v, f) => f(v), n);
        const f = pipe((n) => n + 1, (n) => n * 2, (n) => n % 1000); let v = 0; for (let i = 0; i < 40000; i++) v = f(v);"),
];

/// The tightest loop.
const TIGHT: &str = "let x = 0; for (let i = 0; i < 3_000_000; i++) x += i; if (x < 0) throw x;";

/// What metering costs: metered time over unmetered, as `(name, factor)` for each program, the last one the tightest
/// loop, at the same tier and in the same realm.
///
/// # Panics
/// When a program does not compile: they are constants.
#[must_use]
pub fn gas_overhead(repeats: u32) -> Vec<(&'static str, f64)> {
    let programs = ORDINARY.iter().copied().chain([("tight", TIGHT)]);
    let run = move |(name, source): (&'static str, &'static str)| {
        let source: Arc<str> = source.into();
        let metered = compile::Compiled::new("/bench.ts", &source, false, false).expect("a constant compiles");
        let metered = metered.whole().code.clone();
        let plain = helios_compiler::strip_only(&source).expect("a constant compiles");
        let mut with = Vec::new();
        let mut without = Vec::new();
        for _ in 0..repeats.max(1) {
            without.push(time_module(&plain));
            with.push(time_module(&metered));
        }
        (name, median(with) / median(without))
    };
    // A carrier's stack, without a carrier.
    let stack = crate::stack::JS_STACK_BYTES + crate::stack::EXTRA_STACK_BYTES;
    let thread = std::thread::Builder::new().stack_size(stack);
    let thread = thread
        .spawn(move || programs.map(run).collect())
        .expect("the system has a thread");
    thread.join().expect("the programs run")
}

/// Seconds that a module's JavaScript takes in a fresh isolate, with no end of gas.
fn time_module(code: &str) -> f64 {
    let program = Arc::new(Program { modules: Vec::new() });
    let mut process = process::Process::new(key(1), program, LIMITS, 1);
    process.with_scope(|scope| {
        state::with(|state| state.begin(&grant(0, 1 << 50, Vec::new())));
        let source = v8::String::new(scope, code).expect("a short text");
        let module = modules::compile(scope, "/bench.js", source).expect("it is well-formed");
        module
            .instantiate_module(scope, modules::resolve)
            .expect("it imports nothing");
        let begun = cpu_seconds(libc::CLOCK_THREAD_CPUTIME_ID);
        assert!(module.evaluate(scope).is_some());
        cpu_seconds(libc::CLOCK_THREAD_CPUTIME_ID) - begun
    })
}
