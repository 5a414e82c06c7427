//! Processes that outlive their journals: checkpoints take the place of what they lived through, and change nothing.

use helios::sim::{HostChoice, Sim};
use helios_abi::ProcKey;
use helios_engine::hash::{Hash, HashPolicy};
use helios_engine::ids::Tick;
use helios_kernel::checkpoints::{self, Checkpoints, SealError, SealKey};
use helios_kernel::journal::{JournalHead, JournalTail};
use helios_kernel::{Isolates, KernelIndex};
use helios_tests::{KINDS, host_name, sh, test_sim};
use libtest_mimic::Trial;

use crate::trial;

const KEY: SealKey = SealKey([7; 32]);

/// Answers each line with a count, a sum and a random number, and keeps a timer going.
const DAEMON: &str = "import { stdin } from 'helios:process';
    let lines = 0, sum = 0; const seen = new Map<string, number>();
    setInterval(() => { sum = (sum * 31 + lines + 1) % 1000003; }, 7);
    for await (const line of stdin.lines()) { lines++; seen.set(line, (seen.get(line) ?? 0) + 1);
        console.log(lines, sum, seen.get(line), seen.size, Math.random()); }";

/// A world with the daemon in it, its session and its process.
fn with_daemon(host: HostChoice) -> (Sim, u64, ProcKey) {
    let mut sim = test_sim(host);
    let node = sim.machine(None).expect("the world has a machine");
    while sim.tick().0 < 50 {
        sim.step().expect("a tick");
    }
    let modules = [("/host/daemon.ts".to_owned(), DAEMON.to_owned())];
    let session = sim
        .run(node, "player", &modules, &["daemon".to_owned()])
        .expect("it starts");
    for round in 0..40 {
        tell(&mut sim, session, round);
    }
    let pids = sim.world().resource::<KernelIndex>().processes_of(node);
    let pid = pids.map(|(pid, _)| pid).max().expect("it runs");
    (sim, session, ProcKey { node, pid })
}

/// Gives the daemon a line and time to answer.
fn tell(sim: &mut Sim, session: u64, round: u64) {
    let node = sim.machine(None).expect("the world has a machine");
    let line = format!("line {}\n", round % 7);
    sim.stdin(node, session, line.as_bytes()).expect("it listens");
    for _ in 0..10 {
        sim.step().expect("a tick");
    }
}

/// Slices in the tail of a process's journal, and in all of it.
fn journal(sim: &Sim, key: ProcKey) -> (usize, u64) {
    let entity = sim.world().resource::<KernelIndex>().process(key).expect("it runs");
    let tail = sim.world().get::<JournalTail>(entity).expect("it has a journal");
    let head = sim.world().get::<JournalHead>(entity).expect("it has a journal");
    (tail.slices.len(), head.len)
}

fn make_checkpoint(sim: &mut Sim, key: ProcKey) {
    // However short the journal is, it is not kept whole.
    sim.world_mut().resource_mut::<Checkpoints>().policy.tail_bytes = 0;
    checkpoints::request(sim.world_mut(), key);
    checkpoints::settle(sim.world_mut());
    assert_eq!(journal(sim, key).0, 0, "a checkpoint stands for all of it");
}

fn forget_isolates(sim: &mut Sim) {
    let mut isolates = sim.world_mut().resource_mut::<Isolates>();
    isolates.host_mut().expect("it has a host").forget_all();
}

fn hashes(sim: &mut Sim, session: u64, rounds: std::ops::Range<u64>) -> Vec<(Tick, Hash)> {
    rounds
        .flat_map(|round| {
            tell(sim, session, round);
            let tick = sim.tick();
            [(tick, sim.hash())]
        })
        .collect()
}

fn a_checkpoint_changes_nothing(host: HostChoice) {
    let (mut with, session, key) = with_daemon(host);
    let (mut without, _, same) = with_daemon(host);
    assert_eq!((key, with.hash()), (same, without.hash()));
    make_checkpoint(&mut with, key);
    assert_eq!(with.hash(), without.hash(), "making it changed nothing");
    // From here on the one is made anew from its checkpoint, the other lives on.
    forget_isolates(&mut with);
    let expected = hashes(&mut without, session, 40..60);
    assert_eq!(hashes(&mut with, session, 40..60), expected);
    // A checkpoint of a process that was made from one.
    make_checkpoint(&mut with, key);
    forget_isolates(&mut with);
    let expected = hashes(&mut without, session, 60..80);
    assert_eq!(hashes(&mut with, session, 60..80), expected);
    let (own, shared) = with.world().resource::<Checkpoints>().bytes();
    assert!(
        own > 0 && shared > 0,
        "the second is a difference from the first: {own} and {shared}"
    );
}

fn a_sealed_one_goes_on(host: HostChoice) {
    let (mut sim, session, key) = with_daemon(host);
    make_checkpoint(&mut sim, key);
    let (snapshot, sealed) = (sim.snapshot(), checkpoints::seal(sim.world_mut(), &KEY));
    let sealed = sealed.expect("there is one to seal");
    let open = || {
        let mut sim =
            Sim::restored(snapshot.clone(), None, host, HashPolicy::EveryTick).expect("the snapshot restores");
        sim.set_next_session(session + 1);
        sim
    };
    let mut again = open();
    assert_eq!(checkpoints::unseal(again.world_mut(), &sealed, &KEY), Ok(1));
    assert_eq!(checkpoints::submit_lost(again.world_mut()), Ok(Vec::new()));
    let expected = hashes(&mut sim, session, 40..60);
    assert_eq!(hashes(&mut again, session, 40..60), expected);

    let mut other = open();
    let refusals = [
        checkpoints::unseal(other.world_mut(), &sealed, &SealKey([8; 32])),
        checkpoints::unseal(other.world_mut(), b"", &KEY),
        checkpoints::unseal(other.world_mut(), &sealed[..sealed.len() - 1], &KEY),
    ];
    assert!(refusals.iter().all(|refusal| *refusal == Err(SealError::Seal)));
    for at in (0..sealed.len()).step_by(sealed.len() / 50 + 1) {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        let refusal = checkpoints::unseal(other.world_mut(), &changed, &KEY);
        assert_eq!(refusal, Err(SealError::Seal), "byte {at}");
    }
    // What cannot be rebuilt ends with a reason, and everything else goes on.
    assert_eq!(checkpoints::submit_lost(other.world_mut()), Ok(vec![key]));
    other.step().expect("the world goes on");
    let log = sh(&mut other, "dmesg | tail -n 3");
    let text = String::from_utf8_lossy(&log.stdout).into_owned();
    assert!(
        text.contains("its checkpoint is of another installation or build"),
        "{text}"
    );
}

/// Restores at irregular ticks while checkpoints are made as often as they can be.
fn a_long_life_with_restores(host: HostChoice) {
    let (mut plain, session, key) = with_daemon(host);
    let (mut tried, _, _) = with_daemon(host);
    let mut rounds = 40;
    for stretch in [3, 11, 5, 17, 2, 8] {
        let end = rounds + stretch;
        tried.world_mut().resource_mut::<Checkpoints>().policy.tail_bytes = 1_000;
        let expected = hashes(&mut plain, session, rounds..end);
        assert_eq!(hashes(&mut tried, session, rounds..end), expected);
        rounds = end;
        checkpoints::settle(tried.world_mut());
        let snapshot = tried.snapshot();
        let sealed = checkpoints::seal(tried.world_mut(), &KEY);
        tried = Sim::restored(snapshot, None, host, HashPolicy::EveryTick).expect("the snapshot restores");
        if let Some(sealed) = sealed {
            checkpoints::unseal(tried.world_mut(), &sealed, &KEY).expect("its own");
        }
        assert_eq!(checkpoints::submit_lost(tried.world_mut()), Ok(Vec::new()));
    }
    let (kept, whole) = journal(&tried, key);
    assert!((kept as u64) < whole / 2, "{kept} of {whole} slices are kept");
}

/// Makes calls without end, each answered, and now and then says how many.
const CALLER: &str = "import { stat } from 'helios:fs'; import { stdout } from 'helios:process';
    let made = 0, sum = 0; const sizes = new Map<string, number>();
    for (;;) { const { size } = await stat('/etc/passwd'); made++; sum = (sum * 31 + size + made) % 1000003;
        if (made % 1000 === 0) { sizes.set(`${made}`, sum); await stdout.write(`${made} ${sum} ${sizes.size}\\n`); } }";
/// Calls of the short form; `HELIOS_CALLS=10000000` asks for the long one.
const CALLS: u64 = 20_000;

fn caller(host: HostChoice) -> (Sim, u64) {
    let mut sim = test_sim(host);
    let node = sim.machine(None).expect("the world has a machine");
    let modules = [("/host/caller.ts".to_owned(), CALLER.to_owned())];
    let session = sim
        .run(node, "player", &modules, &["caller".to_owned()])
        .expect("it starts");
    (sim, session)
}

/// Calls that the caller has made, as it last said.
fn said(sim: &mut Sim, session: u64, before: u64) -> u64 {
    let output = sim.take_output(session);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = text.lines().last().and_then(|line| line.split(' ').next());
    last.and_then(|made| made.parse().ok()).unwrap_or(before)
}

/// A daemon that makes millions of calls, restored at irregular ticks, beside one that nothing happens to.
fn millions_of_calls(host: HostChoice) {
    let calls = std::env::var("HELIOS_CALLS")
        .ok()
        .and_then(|calls| calls.parse().ok())
        .unwrap_or(CALLS);
    let (mut plain, session) = caller(host);
    let (mut tried, _) = caller(host);
    let bound = if calls > CALLS { 8 << 20 } else { 200_000 };
    let (mut made, mut random, mut restores) = (0, 12_345_u64, 0);
    while made < calls {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let ticks = 20 + (random >> 40) % if calls > CALLS { 20_000 } else { 120 };
        tried.world_mut().resource_mut::<Checkpoints>().policy.tail_bytes = bound;
        for _ in 0..ticks {
            plain.step().expect("a tick");
            tried.step().expect("a tick");
        }
        assert_eq!(plain.hash(), tried.hash(), "after {made} calls and {restores} restores");
        made = said(&mut plain, session, made);
        checkpoints::settle(tried.world_mut());
        let (snapshot, sealed) = (tried.snapshot(), checkpoints::seal(tried.world_mut(), &KEY));
        tried = Sim::restored(snapshot, None, host, HashPolicy::Off).expect("the snapshot restores");
        if let Some(sealed) = sealed {
            checkpoints::unseal(tried.world_mut(), &sealed, &KEY).expect("its own");
        }
        assert_eq!(checkpoints::submit_lost(tried.world_mut()), Ok(Vec::new()));
        restores += 1;
    }
    assert!(restores > 3, "{restores} restores");
}

pub(crate) fn trials() -> Vec<Trial> {
    let cases: [(&str, fn(HostChoice)); 4] = [
        ("a_checkpoint_changes_nothing", a_checkpoint_changes_nothing),
        ("a_sealed_one_goes_on", a_sealed_one_goes_on),
        ("a_long_life_with_restores", a_long_life_with_restores),
        ("millions_of_calls", millions_of_calls),
    ];
    let each = cases.into_iter().flat_map(|(name, test)| {
        KINDS.map(|host| trial(format!("life::{name}::{}", host_name(host)), move || test(host)))
    });
    each.collect()
}
