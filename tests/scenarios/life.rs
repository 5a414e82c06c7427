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
        own > 0 && own < shared,
        "the second is a difference from the first: {own} of {shared}"
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

pub(crate) fn trials() -> Vec<Trial> {
    let cases: [(&str, fn(HostChoice)); 3] = [
        ("a_checkpoint_changes_nothing", a_checkpoint_changes_nothing),
        ("a_sealed_one_goes_on", a_sealed_one_goes_on),
        ("a_long_life_with_restores", a_long_life_with_restores),
    ];
    let each = cases.into_iter().flat_map(|(name, test)| {
        KINDS.map(|host| trial(format!("life::{name}::{}", host_name(host)), move || test(host)))
    });
    each.collect()
}
