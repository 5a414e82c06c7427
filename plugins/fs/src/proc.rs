//! `/proc` and `/dev/pts`: what the kernel shows of itself and its pseudo-terminals, mounted where the base image has the
//! directories. Nothing of it is state.

use bevy_ecs::prelude::*;
use helios_abi::calls::{DirEntry, Stat, mode};
use helios_abi::{Errno, NodeId, Pid, ProcKey, SysError};
use helios_kernel::files::{self, tty};
use helios_kernel::proc as kernel;

use crate::disk::{media, volume};
use crate::files::{KIND, PROC_KIND};
use crate::store::now_ms;
use crate::walk::{Actor, Found, fail};

/// What the kernel mounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mount {
    /// Processes.
    Proc,
    /// Pseudo-terminals.
    Pts,
}

impl Mount {
    pub(crate) const ALL: [Self; 2] = [Self::Proc, Self::Pts];

    /// Where it is mounted.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Proc => "/proc",
            Self::Pts => "/dev/pts",
        }
    }

    /// What is at the mount point.
    pub(crate) const fn root(self) -> ProcNode {
        match self {
            Self::Proc => ProcNode::Root,
            Self::Pts => ProcNode::Terminals,
        }
    }

    /// The mount that a canonical path is on, and the components below it.
    pub(crate) fn of(path: &str) -> Option<(Self, Vec<String>)> {
        Self::ALL.into_iter().find_map(|mount| {
            let rest = path.strip_prefix(mount.path())?;
            let below = rest.is_empty() || rest.starts_with('/');
            let names = rest.split('/').filter(|name| !name.is_empty()).map(str::to_owned);
            below.then(|| (mount, names.collect()))
        })
    }
}

/// Inode numbers of `/proc` are above all others: pid and place, for programs that compare them.
const FIRST_INO: u64 = 1 << 45;
/// Those of `/dev/pts` are above these.
const FIRST_PTS_INO: u64 = 1 << 51;

/// `/proc` as a device that files are on.
const PROC_DEVICE: u64 = 2;
/// `/dev/pts` likewise.
const PTS_DEVICE: u64 = 3;

/// One thing below `/proc`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProcNode {
    /// `/proc`.
    Root,
    /// `/proc/self`: says the caller's pid.
    Own(String),
    /// `/proc/NAME`.
    MachineFile(&'static str),
    /// `/proc/PID`.
    Process(Pid),
    /// `/proc/PID/NAME`.
    ProcessFile(Pid, &'static str),
    /// `/proc/PID/NAME` that says a path: the working directory, the program.
    ProcessLink(Pid, &'static str, String),
    /// `/dev/pts`.
    Terminals,
    /// `/dev/pts/N`: the terminal's number among the machine's objects.
    Terminal(u64),
    /// `/proc/PID/fd`.
    Descriptors(Pid),
    /// `/proc/PID/fd/N`: says what the descriptor is open on, and whether that is something in the tree.
    Descriptor(Pid, i32, String, bool),
}

impl ProcNode {
    pub(crate) const fn is_dir(&self) -> bool {
        matches!(
            self,
            Self::Root | Self::Process(_) | Self::Descriptors(_) | Self::Terminals
        )
    }

    /// What a symbolic link says.
    pub(crate) fn link(&self) -> Option<&str> {
        match self {
            Self::Own(target) | Self::Descriptor(_, _, target, _) | Self::ProcessLink(_, _, target) => Some(target),
            _ => None,
        }
    }

    /// What a link leads to in the tree. A descriptor on a pipe, a socket or a terminal leads nowhere but to itself: a
    /// terminal is its holder's whether or not the tree has a device by its name that the holder may open.
    pub(crate) fn link_path(&self) -> Option<&str> {
        match self {
            Self::Own(target) | Self::ProcessLink(_, _, target) => Some(target),
            Self::Descriptor(_, _, target, true) => Some(target),
            _ => None,
        }
    }

    const fn pid(&self) -> Option<Pid> {
        match self {
            Self::Root | Self::Own(_) | Self::MachineFile(_) | Self::Terminals | Self::Terminal(_) => None,
            Self::ProcessLink(pid, ..)
            | Self::Process(pid)
            | Self::ProcessFile(pid, _)
            | Self::Descriptors(pid)
            | Self::Descriptor(pid, ..) => Some(*pid),
        }
    }

    fn mode(&self) -> u32 {
        match self {
            Self::Descriptors(_) => mode::DIR | 0o500,
            Self::Root | Self::Process(_) => mode::DIR | 0o555,
            Self::Terminals => mode::DIR | 0o755,
            Self::Terminal(_) => mode::DEVICE | 0o620,
            Self::Own(_) | Self::Descriptor(..) | Self::ProcessLink(..) => mode::SYMLINK | 0o777,
            Self::ProcessFile(_, "environ") => mode::FILE | 0o400,
            Self::MachineFile(_) | Self::ProcessFile(..) => mode::FILE | 0o444,
        }
    }

    fn ino(&self) -> u64 {
        let at = |names: &[&str], name: &str| names.iter().position(|known| *known == name).unwrap_or(0) as u64;
        let place = match self {
            Self::Terminals => return FIRST_PTS_INO,
            Self::Terminal(id) => return FIRST_PTS_INO + 1 + id,
            Self::ProcessLink(_, name, _) => 128 + at(kernel::PROCESS_LINKS, name),
            Self::Root | Self::Process(_) => 0,
            Self::Own(_) | Self::Descriptors(_) => 1,
            Self::MachineFile(name) => 2 + at(kernel::MACHINE_FILES, name),
            Self::ProcessFile(_, name) => 2 + at(kernel::PROCESS_FILES, name),
            Self::Descriptor(_, fd, ..) => 256 + u64::from(fd.unsigned_abs()),
        };
        FIRST_INO + u64::from(self.pid().map_or(0, |pid| pid.0)) * 4096 + place
    }
}

/// Whether an entry is one of `/proc`'s own, which nobody makes or removes.
pub(crate) fn covers(_world: &World, found: &Found) -> bool {
    Mount::of(&found.path).is_some_and(|(_, inside)| !inside.is_empty())
}

/// Finds what the components below a mount point name.
pub(crate) fn find(world: &World, actor: &Actor, mount: Mount, inside: &[String]) -> Option<ProcNode> {
    match (mount, inside) {
        (Mount::Proc, inside) => find_in_proc(world, actor, inside),
        (Mount::Pts, []) => Some(ProcNode::Terminals),
        (Mount::Pts, [name]) => {
            tty::find(world, actor.node, &format!("{}{name}", tty::PTY_PREFIX)).map(ProcNode::Terminal)
        }
        (Mount::Pts, _) => None,
    }
}

fn find_in_proc(world: &World, actor: &Actor, inside: &[String]) -> Option<ProcNode> {
    let names: Vec<&str> = inside.iter().map(String::as_str).collect();
    let Some((first, rest)) = names.split_first() else {
        return Some(ProcNode::Root);
    };
    if let Some(name) = kernel::MACHINE_FILES.iter().find(|name| *name == first) {
        return rest.is_empty().then_some(ProcNode::MachineFile(name));
    }
    if *first == "self" {
        return rest
            .is_empty()
            .then(|| actor.pid.map(|pid| ProcNode::Own(pid.to_string())))
            .flatten();
    }
    let pid = Pid(first.parse().ok().filter(|pid: &u32| pid.to_string() == *first)?);
    kernel::owner(world, ProcKey { node: actor.node, pid })?;
    match rest {
        [] => Some(ProcNode::Process(pid)),
        ["fd"] => Some(ProcNode::Descriptors(pid)),
        ["fd", fd] => {
            let number: i32 = fd.parse().ok().filter(|number: &i32| number.to_string() == *fd)?;
            let file = files::lookup(world, ProcKey { node: actor.node, pid }, number)
                .ok()?
                .file;
            let in_tree = matches!(file.kind.as_str(), KIND | PROC_KIND);
            Some(ProcNode::Descriptor(pid, number, file.path, in_tree))
        }
        [name] if kernel::PROCESS_LINKS.contains(name) => {
            let key = ProcKey { node: actor.node, pid };
            let name = kernel::PROCESS_LINKS.iter().find(|known| *known == name)?;
            kernel::process_link(world, key, name).map(|target| ProcNode::ProcessLink(pid, name, target))
        }
        [name] => kernel::PROCESS_FILES
            .iter()
            .find(|known| *known == name)
            .map(|name| ProcNode::ProcessFile(pid, name)),
        _ => None,
    }
}

/// Says whether the actor may look at descriptors: a process's own user and root.
pub(crate) fn permit(world: &World, actor: &Actor, node: &ProcNode, path: &str) -> Result<(), SysError> {
    if let ProcNode::Descriptors(pid)
    | ProcNode::Descriptor(pid, ..)
    | ProcNode::ProcessLink(pid, ..)
    | ProcNode::ProcessFile(pid, "environ") = node
    {
        let owner = kernel::owner(
            world,
            ProcKey {
                node: actor.node,
                pid: *pid,
            },
        );
        if !actor.creds.is_root() && owner.is_none_or(|(uid, _)| uid != actor.creds.euid) {
            return Err(fail(Errno::EACCES, path));
        }
    }
    Ok(())
}

/// `stat`.
pub(crate) fn stat(world: &World, machine: NodeId, node: &ProcNode) -> Stat {
    if let ProcNode::Terminal(id) = node {
        let ino = node.ino();
        return Stat {
            dev: PTS_DEVICE,
            ino,
            ..tty::device_stat(tty::row(world, machine, *id), *id)
        };
    }
    let owner = node
        .pid()
        .and_then(|pid| kernel::owner(world, ProcKey { node: machine, pid }));
    let (uid, gid) = owner.unwrap_or((0, 0));
    let now = now_ms(world);
    let size = node.link().map_or(0, |target| target.len() as u64);
    let nlink = if node.is_dir() { 2 } else { 1 };
    Stat {
        dev: match node {
            ProcNode::Terminals | ProcNode::Terminal(_) => PTS_DEVICE,
            _ => PROC_DEVICE,
        },
        ino: node.ino(),
        mode: node.mode(),
        nlink,
        uid,
        gid,
        size,
        mtime_ms: now,
        ctime_ms: now,
        rdev: 0,
    }
}

/// `readdir`.
pub(crate) fn readdir(world: &World, actor: &Actor, node: &ProcNode, path: &str) -> Result<Vec<DirEntry>, SysError> {
    permit(world, actor, node, path)?;
    let names: Vec<String> = match node {
        ProcNode::Root => {
            let pids = kernel::pids(world, actor.node).into_iter().map(|pid| pid.to_string());
            let own = actor.pid.map(|_| "self".to_owned());
            pids.chain(kernel::MACHINE_FILES.iter().map(|name| (*name).to_owned()))
                .chain(own)
                .collect()
        }
        ProcNode::Process(_) => kernel::PROCESS_FILES
            .iter()
            .copied()
            .chain(kernel::PROCESS_LINKS.iter().copied())
            .chain(["fd"])
            .map(str::to_owned)
            .collect(),
        ProcNode::Terminals => {
            let all = tty::all(world, actor.node).into_iter();
            all.filter_map(|(_, name)| name.strip_prefix(tty::PTY_PREFIX).map(str::to_owned))
                .collect()
        }
        ProcNode::Descriptors(pid) => {
            let fds = kernel::process_fds(
                world,
                ProcKey {
                    node: actor.node,
                    pid: *pid,
                },
            );
            fds.into_iter().flatten().map(|(fd, _)| fd.to_string()).collect()
        }
        _ => return Err(fail(Errno::ENOTDIR, path)),
    };
    let mount = match node {
        ProcNode::Terminals => Mount::Pts,
        _ => Mount::Proc,
    };
    let prefix: Vec<String> = match node {
        ProcNode::Process(pid) => vec![pid.to_string()],
        ProcNode::Descriptors(pid) => vec![pid.to_string(), "fd".to_owned()],
        _ => Vec::new(),
    };
    let mut entries: Vec<DirEntry> = names
        .into_iter()
        .filter_map(|name| {
            let inside: Vec<String> = prefix.iter().cloned().chain([name.clone()]).collect();
            let found = find(world, actor, mount, &inside)?;
            Some(DirEntry {
                ino: found.ino(),
                kind: found.mode() & mode::TYPE,
                name,
            })
        })
        .collect();
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(entries)
}

/// The thing of that canonical path, which a description is open on; `None`: it is gone.
pub(crate) fn at_path(world: &World, machine: NodeId, path: &str) -> Option<ProcNode> {
    let (mount, inside) = Mount::of(path)?;
    find(world, &Actor::root(machine), mount, &inside)
}

/// The text of a file, as of now.
pub(crate) fn text(world: &World, machine: NodeId, node: &ProcNode) -> Result<String, SysError> {
    let text = match node {
        ProcNode::MachineFile("mounts") => Some(mounts(world, machine)),
        ProcNode::MachineFile("media") => Some(media_text(world, machine)),
        ProcNode::MachineFile(name) => kernel::machine_file(world, machine, name),
        ProcNode::ProcessFile(pid, name) => kernel::process_file(
            world,
            ProcKey {
                node: machine,
                pid: *pid,
            },
            name,
        ),
        _ => return Err(Errno::EISDIR.into()),
    };
    text.ok_or_else(|| SysError::new(Errno::ESRCH, "the process is gone"))
}

/// `/proc/mounts`: what, where, of which kind, how. Blanks in paths are octal escapes.
fn mounts(world: &World, machine: NodeId) -> String {
    let kernels = kernel::machine_file(world, machine, "mounts").unwrap_or_default();
    let volumes = volume::all(world, machine).into_iter();
    let lines = volumes.filter_map(|number| {
        let row = volume::row(world, machine, number)?;
        let options = row.options;
        let mut words = vec![if options.read_only { "ro" } else { "rw" }];
        let named = [
            (options.nosuid, "nosuid"),
            (options.nodev, "nodev"),
            (options.noexec, "noexec"),
            (row.gone, "gone"),
        ];
        words.extend(named.iter().filter(|(set, _)| *set).map(|(_, word)| *word));
        let path = volume::path_of(world, machine, row);
        Some(format!(
            "{} {} {} {} 0 0\n",
            escape(&row.name),
            escape(&path),
            row.kind,
            words.join(",")
        ))
    });
    kernels + &lines.collect::<String>()
}

/// `/proc/media`: a line for each slot: its name, `rw` or `ro`, bytes that the medium holds, what is on it, its hash, its
/// label; `-` for each of an empty slot. Then a line for each medium that lies beside, the name in parentheses.
fn media_text(world: &World, machine: NodeId) -> String {
    let line = |name: &str, medium: Option<&media::Medium>| match medium {
        None => format!("{name} - - - - -\n"),
        Some(medium) => {
            let access = if medium.read_only { "ro" } else { "rw" };
            let what = match medium.contents {
                media::Contents::Blank => "blank",
                media::Contents::Image(_) => "image",
                media::Contents::Raw(_) => "data",
            };
            let hash = medium.cargo().hash();
            let label = if medium.label.is_empty() {
                "-".to_owned()
            } else {
                escape(&medium.label)
            };
            format!("{name} {access} {} {what} {hash} {label}\n", medium.capacity_bytes)
        }
    };
    let slots = media::SLOTS
        .iter()
        .map(|(slot, _)| line(slot, media::in_slot(world, machine, slot)));
    let beside = media::all(world, machine).into_iter().filter(|medium| !medium.inserted);
    let beside = beside.map(|medium| line(&format!("({})", medium.slot), Some(medium)));
    slots.chain(beside).collect()
}

fn escape(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            ' ' | '\t' | '\n' | '\\' => format!("\\{:03o}", letter as u32),
            letter => letter.to_string(),
        })
        .collect()
}
