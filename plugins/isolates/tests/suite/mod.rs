//! The cases, each run with both hosts.

mod basics;
mod builtins;
mod checkpoint;
mod children;
mod files;
mod generated;
mod hostile;
mod interrupt;
mod journal;
mod load;
mod stack;

pub(crate) use builtins::run_bare_role;
use helios_abi::host::IsolateHost;
use helios_isolates::testing::{Life, Machine, Setup, Transcript, program};
use helios_isolates::{ChildConfig, ChildHost, ThreadConfig, ThreadHost};
use libtest_mimic::{Failed, Trial};

/// Makes a host with so many workers.
pub(crate) type MakeHost = fn(ThreadConfig) -> Box<dyn IsolateHost>;

/// Both hosts.
pub(crate) const HOSTS: [(&str, MakeHost); 2] = [("threads", threads), ("children", children)];

fn threads(config: ThreadConfig) -> Box<dyn IsolateHost> {
    Box::new(ThreadHost::new(config))
}

fn children(config: ThreadConfig) -> Box<dyn IsolateHost> {
    let children = ChildConfig {
        children: config.workers,
        each: ThreadConfig { workers: 1, ..config },
        ..ChildConfig::default()
    };
    Box::new(ChildHost::new(children).expect("children start"))
}

/// A test with each host.
pub(crate) fn both(name: &str, test: fn(MakeHost)) -> Vec<Trial> {
    let trial = |(host, make): (&str, MakeHost)| {
        Trial::test(format!("{host}::{name}"), move || {
            test(make);
            Ok::<(), Failed>(())
        })
    };
    HOSTS.into_iter().map(trial).collect()
}

/// Runs one program with the host.
pub(crate) fn run(make: MakeHost, source: &str) -> Transcript {
    run_with(make, source, Setup::default())
}

/// Runs one program with the host, set up so.
pub(crate) fn run_with(make: MakeHost, source: &str, setup: Setup) -> Transcript {
    let mut host = make(ThreadConfig::workers(1));
    Machine::new([Life::new(1, program(source), setup)])
        .run(&mut *host)
        .remove(0)
}

/// All tests.
pub(crate) fn all() -> Vec<Trial> {
    [
        basics::tests(),
        hostile::tests(),
        journal::tests(),
        checkpoint::tests(),
        load::tests(),
        interrupt::tests(),
        stack::tests(),
        children::tests(),
        generated::tests(),
        files::tests(),
        builtins::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
