//! Power: how a machine comes up, and goes down and up again.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::calls::open_flags;
use helios_abi::{NodeId, Pid, SysError};

use crate::files::{self, OpenSpec, tty};
use crate::index::KernelIndex;
use crate::lifecycle::power_off;
use crate::loader::LoadSource;
use crate::machine::{Power, log_line, machine, with_machine};
use crate::process::{Creds, Env};
use crate::rows;
use crate::spawn::{Inherited, Place, SpawnSpec, spawn};

/// The first program of every machine.
pub const INIT: &str = "/sbin/init";
/// The console's device name.
pub const CONSOLE: &str = "tty0";
/// Where programs are looked for, unless the environment says otherwise.
pub const PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/// Boots the machines that are to start.
pub(crate) fn boot_starting(world: &mut World) {
    for node in std::mem::take(&mut world.resource_mut::<KernelIndex>().starting) {
        boot(world, node);
    }
}

/// Boots a machine: `init` starts, as pid 1 of a machine's first boot and as the next pid of a later one.
///
/// Nothing happens on a machine that runs. Where `init` cannot be loaded the machine halts and says so on its console.
pub fn boot(world: &mut World, node: NodeId) {
    world.resource_mut::<KernelIndex>().starting.remove(&node);
    if matches!(machine(world, node).power, Power::On { .. }) {
        return;
    }
    let since_tick = rows::now(world).0;
    with_machine(world, node, |machine| machine.power = Power::On { since_tick });
    let hostname = machine(world, node).hostname.clone();
    log_line(world, node, format!("{hostname}: power on"));
    if let Err(error) = start_init(world, node) {
        let reason = format!("{INIT}: {error}");
        log_line(world, node, format!("halted: {reason}"));
        let text = format!("kernel panic: {reason}\r\n");
        world
            .resource_mut::<files::host::HostOutputs>()
            .write_tty(node, CONSOLE, text.as_bytes());
        power_off(world, node, Power::Halted { reason });
    }
}

fn start_init(world: &mut World, node: NodeId) -> Result<(), SysError> {
    let console = match tty::find(world, node, CONSOLE) {
        Some(console) => console,
        None => tty::spawn(world, node, CONSOLE, tty::Master::Console, 24, 80),
    };
    let flags = open_flags::READ | open_flags::WRITE;
    let spec = OpenSpec {
        kind: tty::KIND,
        object: console,
        flags,
        path: format!("/dev/{CONSOLE}"),
    };
    tty::opened(world, node, console).expect("a console is never hung up");
    let file = files::create(world, node, spec);
    let vars = [
        ("PATH", PATH),
        ("HOME", "/root"),
        ("USER", "root"),
        ("SHELL", "/bin/sh"),
        ("TERM", "dumb"),
    ];
    let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let started = spawn(
        world,
        node,
        SpawnSpec {
            ppid: Pid(0),
            creds: Creds::root(),
            source: LoadSource::Path(INIT.to_owned()),
            argv: vec![INIT.to_owned()],
            env: Env {
                vars: BTreeMap::from(vars),
                cwd: "/".to_owned(),
                umask: 0o022,
            },
            fds: (0..3).map(|fd| (fd, file)).collect(),
            tty: None,
            session: None,
            leader: false,
            ignored: BTreeSet::new(),
            blocked: BTreeSet::new(),
            place: Place::NewSession,
            inherited: Inherited::default(),
            keep: None,
        },
    );
    // The process holds references of its own; without one, the description goes.
    files::release(world, node, file);
    let pid = started?;
    with_machine(world, node, |machine| machine.init = pid);
    Ok(())
}

/// Switches a machine off and lets it boot at its next `Run` phase: what an `upgrade` does to every machine.
pub fn power_cycle(world: &mut World, node: NodeId) {
    power_off(world, node, Power::Starting);
}

/// Power-cycles every machine that runs or is about to.
pub(crate) fn power_cycle_all(world: &mut World) {
    let nodes: Vec<NodeId> = world
        .resource::<KernelIndex>()
        .machines()
        .map(|(node, _)| node)
        .collect();
    for node in nodes {
        if !matches!(machine(world, node).power, Power::Off) {
            power_cycle(world, node);
        }
    }
}
