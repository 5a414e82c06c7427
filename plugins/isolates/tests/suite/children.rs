//! What only child processes can do: be confined, and die.

use helios_abi::host::IsolateHost as _;
use helios_isolates::testing::{Life, Machine, Setup, Transcript, program};
use helios_isolates::{ChildConfig, ChildHost, ThreadConfig, ThreadHost};
use libtest_mimic::{Failed, Trial};

pub fn tests() -> Vec<Trial> {
    let cases: [(&str, fn()); 4] = [
        ("nothing_gets_out", nothing_gets_out),
        ("killed_children_change_nothing", killed_children_change_nothing),
        ("a_slice_that_kills_its_child_gets_the_verdict", a_killer_gets_the_verdict),
        ("children_and_threads_agree", children_and_threads_agree),
    ];
    let trial = |(name, test): (&str, fn())| {
        Trial::test(format!("children::{name}"), move || {
            test();
            Ok::<(), Failed>(())
        })
    };
    cases.into_iter().map(trial).collect()
}

fn host(children: usize) -> ChildHost {
    ChildHost::new(ChildConfig { children, each: ThreadConfig::workers(1) }).expect("children start")
}

fn nothing_gets_out() {
    let mut host = host(1);
    let confinement = host.confinement().clone();
    eprintln!("landlock: {}", confinement.landlock);
    assert!(confinement.seccomp);
    let escapes = host.try_to_escape().expect("the child lives");
    assert!(escapes.len() >= 12);
    for (what, errno) in escapes {
        assert_eq!(errno, libc_eperm(), "{what} must be refused by the filter");
    }
    assert_eq!(host.deaths(), 0);
}

const fn libc_eperm() -> i32 {
    1
}

const BUSY: &str = "import { stdout } from 'helios:process'; import { sleep } from 'helios:time';
    let sum = 0; for (let i = 0; i < 40; i++) { for (let k = 0; k < 300; k++) sum += k ^ i; await sleep(i % 2); }
    await stdout.write(`${sum} ${Math.random()}\\n`);";

fn lives() -> Machine {
    let setup = Setup { gas: 1_500, ..Setup::default() };
    Machine::new((1..=6).map(|n| Life::new(n, program(BUSY), setup.clone())))
}

fn killed_children_change_nothing() {
    let undisturbed = lives().run(&mut ThreadHost::new(ThreadConfig::workers(2)));
    assert!(undisturbed.iter().all(|transcript| transcript.code == Some(0)), "{undisturbed:#?}");
    // Kills a child from another thread every few milliseconds, wherever it is.
    let mut host = host(2);
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let pids = std::sync::Arc::new(std::sync::Mutex::new(host.pids()));
    let killer = {
        let (stop, pids) = (std::sync::Arc::clone(&stop), std::sync::Arc::clone(&pids));
        std::thread::spawn(move || {
            let mut seed = 12_345_u64;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                std::thread::sleep(std::time::Duration::from_millis(20 + (seed >> 60)));
                let pids = pids.lock().expect("nobody panics with it");
                let victim = pids[usize::try_from(seed >> 40).unwrap_or(0) % pids.len()];
                let _ = std::process::Command::new("/bin/kill").args(["-9", &victim.to_string()]).status();
            }
        })
    };
    let mut machine = lives();
    while machine.round(&mut host) {
        *pids.lock().expect("nobody panics with it") = host.pids();
        // Slow the run down enough that kills fall into it; nothing waits for them.
        std::thread::yield_now();
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    killer.join().expect("the killer ends");
    let disturbed: Vec<Transcript> = machine.lives.values().map(Life::transcript).collect();
    eprintln!("children killed: {}", host.deaths());
    // A process whose slice was hit twice in a row is taken for a killer: no program can tell, and neither can the host.
    for (was, is) in undisturbed.iter().zip(&disturbed) {
        if is.verdict.is_none() {
            assert_eq!(was, is);
        }
    }
    assert!(disturbed.iter().filter(|transcript| transcript.verdict.is_some()).count() <= 1, "{disturbed:#?}");
}

/// V8 runs out of memory in one step that no margin covers: the process that runs it dies.
const KILLER: &str = "import { stdout } from 'helios:process'; await stdout.write('before');
    const names = ['crash']; (globalThis as unknown as Record<string, () => void>)['$crash']?.(); await stdout.write(names[0]);";

fn a_killer_gets_the_verdict() {
    let mut host = host(2);
    host.arm_crash(true);
    let killer = Life::new(1, program(KILLER), Setup { argv: vec!["crash".into()], ..Setup::default() });
    let others = (2..=5).map(|n| Life::new(n, program(BUSY), Setup { gas: 1_500, ..Setup::default() }));
    let transcripts = Machine::new(std::iter::once(killer).chain(others)).run(&mut host);
    let expected = "before--- verdict: the process repeatedly crashed the isolate that ran it\n";
    assert_eq!(transcripts[0].to_string(), expected);
    assert!(transcripts[1..].iter().all(|transcript| transcript.code == Some(0)), "{transcripts:#?}");
    assert!(host.deaths() >= 2);
    let alone = Machine::new([Life::new(2, program(BUSY), Setup { gas: 1_500, ..Setup::default() })])
        .run(&mut ThreadHost::new(ThreadConfig::workers(1)));
    assert_eq!(transcripts[1], alone[0], "the neighbours live as if nothing had happened");
}

fn children_and_threads_agree() {
    let threads = lives().run(&mut ThreadHost::new(ThreadConfig::workers(4)));
    let mut host = host(3);
    assert_eq!(lives().run(&mut host), threads);
    assert_eq!(host.deaths(), 0);
    assert_eq!(host.versions(), ThreadHost::new(ThreadConfig::workers(1)).versions());
}
