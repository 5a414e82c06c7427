//! What `/proc` shows of machines and processes. The fs plugin mounts it; nothing here knows paths' inodes.
//!
//! Formats follow Linux where that costs nothing, so that people and tools recognise them.
//!
//! `/proc/PID/stat` is one line, fields separated by blanks, the command in parentheses:
//! `pid (command) state ppid uid cpu_permille mem_permille tty start_ms cpu_ms mem_bytes threads pgid sid
//! nice`. `state` is `R` running
//! or ready, `S` waiting, `T` stopped, `Z` zombie; `cpu_permille` is the last virtual second's, in tenths of a per cent
//! (1000 is the whole CPU); `mem_permille` is of the machine's memory; `tty` is a device name or `?`; `start_ms` is
//! since boot. The command is the last field's text up to the last `)` of the line, as in Linux.

use std::fmt::Write as _;

use bevy_ecs::prelude::*;
use helios_abi::{NodeId, Pid, ProcKey};

use crate::files::{Fds, MAX_FDS, describe};
use crate::index::KernelIndex;
use crate::machine::{KernelLog, Power, machine};
use crate::process::{Accounting, Creds, Env, Family, Inbox, Life, Run, SignalTable};
use crate::{memory, rows, sched};

/// Files of one process's directory, sorted, beside the directory `fd`.
pub const PROCESS_FILES: &[&str] = &["cmdline", "comm", "environ", "limits", "stat", "status"];
/// Symbolic links of one process's directory, sorted.
pub const PROCESS_LINKS: &[&str] = &["cwd", "exe"];
/// Files of `/proc` itself, sorted.
pub const MACHINE_FILES: &[&str] = &[
    "cpuinfo", "kmsg", "loadavg", "media", "meminfo", "mounts", "uptime", "version",
];

/// Pids of a machine, in order, zombies included.
#[must_use]
pub fn pids(world: &World, node: NodeId) -> Vec<Pid> {
    world
        .resource::<KernelIndex>()
        .processes_of(node)
        .map(|(pid, _)| pid)
        .collect()
}

/// User and group of a process's directory; `None`: there is no such process.
#[must_use]
pub fn owner(world: &World, key: ProcKey) -> Option<(u32, u32)> {
    let entity = world.resource::<KernelIndex>().process(key)?;
    world.get::<Creds>(entity).map(|creds| (creds.euid, creds.egid))
}

/// The text of a file of a process's directory; `None`: no such process or file.
#[must_use]
pub fn process_file(world: &World, key: ProcKey, name: &str) -> Option<String> {
    let view = View::of(world, key)?;
    match name {
        "cmdline" => Some(view.family.argv.iter().flat_map(|arg| [arg.as_str(), "\0"]).collect()),
        "comm" => Some(format!("{}\n", view.command())),
        "environ" => {
            let env = world.get::<Env>(view.entity);
            let vars = env.iter().flat_map(|env| &env.vars);
            Some(vars.map(|(name, value)| format!("{name}={value}\0")).collect())
        }
        "limits" => Some(view.limits(world)),
        "stat" => Some(view.stat(world)),
        "status" => Some(view.status(world)),
        _ => None,
    }
}

/// What a link of a process's directory says; `None`: no such process or link, or it has ended.
#[must_use]
pub fn process_link(world: &World, key: ProcKey, name: &str) -> Option<String> {
    let view = View::of(world, key)?;
    match name {
        "cwd" => world.get::<Env>(view.entity).map(|env| env.cwd.clone()),
        "exe" => Some(view.family.path.clone()),
        _ => None,
    }
}

/// Descriptors of a process with what they point to, for `/proc/PID/fd`.
#[must_use]
pub fn process_fds(world: &World, key: ProcKey) -> Option<Vec<(i32, String)>> {
    let entity = world.resource::<KernelIndex>().process(key)?;
    let table = world
        .get::<Fds>(entity)
        .map(|fds| fds.table.as_slice())
        .unwrap_or_default();
    Some(
        table
            .iter()
            .map(|entry| (entry.fd, describe(world, key.node, entry.file).file.path))
            .collect(),
    )
}

/// The text of a file of `/proc` itself; `None`: no such file.
#[must_use]
pub fn machine_file(world: &World, node: NodeId, name: &str) -> Option<String> {
    match name {
        "cpuinfo" => {
            let speed = machine(world, node).gas_per_tick;
            Some(format!(
                "processor: 0\nmodel name: Helios TypeScript CPU\ngas per ms: {speed}\n"
            ))
        }
        "mounts" => Some("base / overlay rw 0 0\nproc /proc proc rw 0 0\ndevpts /dev/pts devpts rw 0 0\n".to_owned()),
        "kmsg" => Some(kmsg(world, node)),
        "loadavg" => Some(loadavg(world, node)),
        "meminfo" => Some(meminfo(world, node)),
        "uptime" => Some(uptime(world, node)),
        "version" => Some(format!("Helios version {} (TypeScript)\n", env!("CARGO_PKG_VERSION"))),
        _ => None,
    }
}

fn uptime_ms(world: &World, node: NodeId) -> u64 {
    let Power::On { since_tick } = machine(world, node).power else {
        return 0;
    };
    rows::now(world).0.saturating_sub(since_tick)
}

fn kmsg(world: &World, node: NodeId) -> String {
    let entity = world.resource::<KernelIndex>().machine(node);
    let log = entity.and_then(|entity| world.get::<KernelLog>(entity));
    let mut text = String::new();
    for (tick, line) in log.iter().flat_map(|log| &log.lines) {
        _ = writeln!(text, "[{:5}.{:03}] {line}", tick / 1000, tick % 1000);
    }
    text
}

/// Ready processes now, in place of the three averages; ready and all; the last pid.
fn loadavg(world: &World, node: NodeId) -> String {
    let (ready, all) = (sched::ready_pids(world, node).len(), pids(world, node));
    let last = all.last().map_or(0, |pid| pid.0);
    format!("{ready}.00 {ready}.00 {ready}.00 {ready}/{} {last}\n", all.len())
}

fn meminfo(world: &World, node: NodeId) -> String {
    let total = machine(world, node).memory_bytes;
    let free = total.saturating_sub(memory::used(world, node));
    format!("MemTotal: {:>12} kB\nMemFree:  {:>12} kB\n", total / 1024, free / 1024)
}

fn uptime(world: &World, node: NodeId) -> String {
    let ms = uptime_ms(world, node);
    format!("{}.{:02}\n", ms / 1000, ms % 1000 / 10)
}

/// One process's rows.
struct View<'w> {
    key: ProcKey,
    entity: Entity,
    family: &'w Family,
    creds: &'w Creds,
    run: &'w Run,
    accounting: &'w Accounting,
}

impl<'w> View<'w> {
    fn of(world: &'w World, key: ProcKey) -> Option<Self> {
        let entity = world.resource::<KernelIndex>().process(key)?;
        let (family, creds) = (world.get(entity)?, world.get(entity)?);
        Some(Self {
            key,
            entity,
            family,
            creds,
            run: world.get(entity)?,
            accounting: world.get(entity)?,
        })
    }

    fn command(&self) -> &str {
        let name = self.family.argv.first().unwrap_or(&self.family.path);
        name.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(name)
    }

    fn state(&self, world: &World) -> char {
        let ready = || {
            world
                .get::<Inbox>(self.entity)
                .is_some_and(|inbox| !inbox.deliveries.is_empty())
        };
        match self.run.life {
            Life::Zombie(_) => 'Z',
            Life::Alive if self.run.stopped => 'T',
            // Whoever reads this file is in the middle of a slice: it runs.
            Life::Alive if self.run.parked || ready() || world.resource::<KernelIndex>().queued.contains(&self.key) => {
                'R'
            }
            Life::Alive => 'S',
        }
    }

    fn stat(&self, world: &World) -> String {
        let row = machine(world, self.key.node);
        let tick = rows::now(world).0;
        let boot = if let Power::On { since_tick } = row.power {
            since_tick
        } else {
            0
        };
        let memory = u128::from(self.accounting.mem_bytes) * 1000 / u128::from(row.memory_bytes.max(1));
        format!(
            "{} ({}) {} {} {} {} {memory} {} {} {} {} 1 {} {} {}\n",
            self.family.pid,
            self.family.argv.join(" ").replace('\n', " "),
            self.state(world),
            self.family.ppid,
            self.creds.euid,
            self.accounting.cpu_permille(tick, row.gas_per_tick),
            self.family.tty.as_deref().unwrap_or("?"),
            self.family.start_tick.saturating_sub(boot),
            self.accounting.cpu_ms(row.gas_per_tick),
            self.accounting.mem_bytes,
            self.family.pgid,
            self.family.sid,
            self.accounting.nice,
        )
    }

    fn status(&self, world: &World) -> String {
        let creds = self.creds;
        let groups: Vec<String> = creds.groups.iter().map(u32::to_string).collect();
        let mut text = format!("Name:\t{}\nState:\t{}\n", self.command(), self.state(world));
        _ = write!(text, "Pid:\t{}\nPPid:\t{}\n", self.family.pid, self.family.ppid);
        _ = write!(text, "Pgid:\t{}\nSid:\t{}\n", self.family.pgid, self.family.sid);
        _ = writeln!(text, "Nice:\t{}", self.accounting.nice);
        _ = write!(
            text,
            "Uid:\t{}\t{}\nGid:\t{}\t{}\n",
            creds.uid, creds.euid, creds.gid, creds.egid
        );
        _ = write!(
            text,
            "Groups:\t{}\nCaps:\t{}\n",
            groups.join(" "),
            creds.caps.to_texts().join(" ")
        );
        _ = writeln!(text, "VmRSS:\t{} kB", self.accounting.mem_bytes / 1024);
        if let Some(signals) = world.get::<SignalTable>(self.entity) {
            _ = write!(
                text,
                "SigBlk:\t{}\nSigPnd:\t{}\nSigIgn:\t{}\nSigCgt:\t{}\n",
                numbers(&signals.blocked),
                numbers(&signals.pending),
                numbers(&signals.ignored),
                numbers(&signals.handled)
            );
        }
        if let Life::Zombie(status) = &self.run.life {
            _ = writeln!(text, "Reason:\t{}", status.reason.as_deref().unwrap_or("-"));
        }
        text
    }

    fn limits(&self, world: &World) -> String {
        let row = machine(world, self.key.node);
        let limits = [
            ("Max cpu time of one turn", self.accounting.quota_ms, "ms"),
            ("Max memory", self.accounting.quota_mem, "bytes"),
            (
                "Max open files",
                self.accounting.bounds.files.unwrap_or(u64::MAX).min(MAX_FDS as u64),
                "files",
            ),
            (
                "Max processes of the user",
                self.accounting
                    .bounds
                    .processes
                    .unwrap_or(u64::MAX)
                    .min(row.max_user_processes.into()),
                "processes",
            ),
            ("Max processes", u64::from(row.max_processes), "processes"),
        ];
        let mut text = format!("{:<26}{:>14} {}\n", "Limit", "Value", "Units");
        for (name, value, unit) in limits {
            _ = writeln!(text, "{name:<26}{value:>14} {unit}");
        }
        text
    }
}

fn numbers(signals: &std::collections::BTreeSet<i32>) -> String {
    let numbers: Vec<String> = signals.iter().map(i32::to_string).collect();
    numbers.join(" ")
}
