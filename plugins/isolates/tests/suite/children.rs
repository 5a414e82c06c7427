//! What only child processes can do: be confined, and die.

use helios_abi::host::IsolateHost as _;
use helios_isolates::testing::{Life, Machine, Setup, program};
use helios_isolates::{Chaos, ChildConfig, ChildHost, ThreadConfig, ThreadHost};
use libtest_mimic::{Failed, Trial};

pub(crate) fn tests() -> Vec<Trial> {
    let cases: [(&str, fn()); 4] = [
        ("nothing_gets_out", nothing_gets_out),
        ("killed_children_change_nothing", killed_children_change_nothing),
        (
            "a_slice_that_kills_its_child_gets_the_verdict",
            a_killer_gets_the_verdict,
        ),
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
    ChildHost::new(ChildConfig {
        children,
        ..ChildConfig::default()
    })
    .expect("children start")
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
    let setup = Setup {
        gas: 1_500,
        ..Setup::default()
    };
    Machine::new((1..=6).map(|n| Life::new(n, program(BUSY), setup.clone())))
}

fn killed_children_change_nothing() {
    let undisturbed = lives().run(&mut ThreadHost::new(ThreadConfig::workers(2)));
    assert!(
        undisturbed.iter().all(|transcript| transcript.code == Some(0)),
        "{undisturbed:#?}"
    );
    for seed in 1..=3 {
        let chaos = Chaos {
            seed: Some(seed),
            ..Chaos::default()
        };
        let mut host = ChildHost::new(ChildConfig {
            chaos,
            ..ChildConfig::default()
        })
        .expect("children start");
        assert_eq!(lives().run(&mut host), undisturbed, "seed {seed}");
        assert!(host.deaths() > 5, "seed {seed}: only {} children died", host.deaths());
    }
}

/// A process that takes the one that runs it along.
const KILLER: &str = "import { stdout } from 'helios:process'; import { call } from 'helios:core';
    await stdout.write('before'); await (call as unknown as (name: string, args: object) => Promise<void>)('crash', {});";

fn a_killer_gets_the_verdict() {
    let chaos = Chaos {
        crash_call: true,
        ..Chaos::default()
    };
    let mut host = ChildHost::new(ChildConfig {
        chaos,
        ..ChildConfig::default()
    })
    .expect("children start");
    let killer = Life::new(1, program(KILLER), Setup::default());
    let others = (2..=5).map(|n| {
        Life::new(
            n,
            program(BUSY),
            Setup {
                gas: 1_500,
                ..Setup::default()
            },
        )
    });
    let transcripts = Machine::new(std::iter::once(killer).chain(others)).run(&mut host);
    let expected = "before--- verdict: the process repeatedly crashed the isolate that ran it\n";
    assert_eq!(transcripts[0].to_string(), expected);
    assert!(
        transcripts[1..].iter().all(|transcript| transcript.code == Some(0)),
        "{transcripts:#?}"
    );
    assert!(host.deaths() >= 2);
    let alone = Machine::new([Life::new(
        2,
        program(BUSY),
        Setup {
            gas: 1_500,
            ..Setup::default()
        },
    )])
    .run(&mut ThreadHost::new(ThreadConfig::workers(1)));
    assert_eq!(
        transcripts[1], alone[0],
        "the neighbours live as if nothing had happened"
    );
}

fn children_and_threads_agree() {
    let threads = lives().run(&mut ThreadHost::new(ThreadConfig::workers(4)));
    let mut host = host(3);
    assert_eq!(lives().run(&mut host), threads);
    assert_eq!(host.deaths(), 0);
    assert_eq!(host.versions(), ThreadHost::new(ThreadConfig::workers(1)).versions());
}
