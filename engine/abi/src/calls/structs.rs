//! The structures that requests and replies mention.

use super::net::{
    InterfaceInfo, NeighbourInfo, NetworkInfo, RouteInfo, SocketAddress, SocketConnection, SocketDatagram,
    SocketDetail, SocketInfo,
};
use crate::Pid;
use crate::define::{StructDef, TsStruct, abi_struct};
use crate::value::Bytes;

abi_struct! {
    /// How a terminal treats what is typed and what is written (POSIX `struct termios`).
    Termios {
        /// Input bits: `ICRNL`, `IXON`, …
        iflag: u32,
        /// Output bits: `OPOST`, `ONLCR`.
        oflag: u32,
        /// Local bits: `ICANON`, `ECHO`, `ISIG`, …
        lflag: u32,
        /// The control characters, `NCCS` bytes by their places; 0 switches one off.
        cc: Bytes,
    }
}

abi_struct! {
    /// The size of a terminal's screen.
    WinSize {
        /// Rows.
        rows: u32,
        /// Columns.
        columns: u32,
    }
}

abi_struct! {
    /// A new pseudo-terminal.
    PtyPair {
        /// Descriptor of the side that a terminal emulator holds.
        master: i32,
        /// Descriptor of the side that programs hold.
        slave: i32,
        /// The terminal's device name, without `/dev/`: `pts/3`.
        name: String,
    }
}

abi_struct! {
    /// A bound on what a process may use; absent: none.
    Limit {
        /// What counts now.
        soft: Option<u64>,
        /// The most that `soft` may be raised to by other than root.
        hard: Option<u64>,
    }
}

abi_struct! {
    /// A file system, as `df` sees it.
    FsInfo {
        /// Where it is mounted.
        path: String,
        /// Its kind: `overlay`, `proc`, `devpts`, `helios`, `iso9660`.
        kind: String,
        /// Bytes that it can hold.
        total_bytes as "totalBytes": u64,
        /// Bytes in use.
        used_bytes as "usedBytes": u64,
        /// Inodes that it can hold.
        total_inodes as "totalInodes": u64,
        /// Inodes in use.
        used_inodes as "usedInodes": u64,
    }
}

abi_struct! {
    /// What `stat` tells of a file.
    Stat {
        /// The device that it is on: hard links and renames stay on one.
        dev: u64,
        /// Inode number, unlike every other of the machine's.
        ino: u64,
        /// Type and permissions, the traditional `st_mode`.
        mode: u32,
        /// Number of names.
        nlink: u32,
        /// Owner.
        uid: u32,
        /// Group.
        gid: u32,
        /// Length in bytes.
        size: u64,
        /// Last change of the contents, in milliseconds since the Unix epoch, virtual.
        mtime_ms as "mtimeMs": u64,
        /// Last change of the inode, likewise.
        ctime_ms as "ctimeMs": u64,
        /// Device number (major << 8 | minor) of a device, else 0.
        rdev: u32,
    }
}

abi_struct! {
    /// One entry of a directory.
    DirEntry {
        /// Its name.
        name: String,
        /// Its inode number.
        ino: u64,
        /// Type bits of its mode.
        kind: u32,
    }
}

abi_struct! {
    /// How a child ended, or that it stopped or went on.
    WaitStatus {
        /// The child.
        pid: Pid,
        /// Its exit status, if it exited.
        code: Option<i32>,
        /// The signal that ended it, if one did.
        signal: Option<i32>,
        /// Why, where there is more to say than the status.
        reason: Option<String>,
        /// The signal that stopped it, where it has not ended.
        stopped: Option<i32>,
        /// It goes on after a stop, where it has not ended.
        continued: Option<bool>,
        /// CPU time of it and of the children that it waited for, in microseconds.
        cpu_us as "cpuUs": u64,
    }
}

abi_struct! {
    /// A pipe's two ends.
    PipeEnds {
        /// Descriptor to read from.
        read: i32,
        /// Descriptor to write to.
        write: i32,
    }
}

abi_struct! {
    /// One descriptor for a child: the parent's `from` becomes the child's `to`.
    FdMap {
        /// Descriptor in the child.
        to: i32,
        /// Descriptor in the parent.
        from: i32,
    }
}

abi_struct! {
    /// One descriptor that `poll` watches.
    PollFd {
        /// The descriptor.
        fd: i32,
        /// Wanted events: 1 readable, 4 writable (POLLIN, POLLOUT).
        events: u32,
    }
}

abi_struct! {
    /// What `poll` saw: events as in `PollFd`, and 8 error, 16 hung up, 32 invalid.
    PollResult {
        /// The descriptor.
        fd: i32,
        /// What happened.
        revents: u32,
    }
}

abi_struct! {
    /// A message from another process's `mailbox_send`.
    Message {
        /// Who sent it.
        from: Pid,
        /// The sender's user.
        uid: u32,
        /// Its contents.
        data: Bytes,
    }
}

abi_struct! {
    /// What a process may know of itself without `/proc`.
    ProcessInfo {
        /// Its pid.
        pid: Pid,
        /// Its parent.
        ppid: Pid,
        /// Real user.
        uid: u32,
        /// Real group.
        gid: u32,
        /// Effective user.
        euid: u32,
        /// Effective group.
        egid: u32,
        /// Supplementary groups.
        groups: Vec<u32>,
        /// Working directory.
        cwd: String,
        /// File-creation mask.
        umask: u32,
        /// Terminal device, if it has one.
        tty: Option<String>,
        /// Process group.
        pgid: Pid,
        /// Session.
        sid: Pid,
        /// Niceness, -20 to 19.
        nice: i32,
        /// CPU time so far, in microseconds.
        cpu_us as "cpuUs": u64,
        /// CPU time of children that ended and were waited for, in microseconds.
        children_cpu_us as "childrenCpuUs": u64,
        /// Capabilities held, in the grammar of manifests.
        caps: Vec<String>,
    }
}

abi_struct! {
    /// The machine, as `uname` and `uptime` see it.
    SystemInfo {
        /// Host name.
        hostname: String,
        /// Operating system.
        sysname: String,
        /// Version of it.
        release: String,
        /// Milliseconds of virtual time since boot.
        uptime_ms as "uptimeMs": u64,
        /// Memory, in bytes.
        memory_bytes as "memoryBytes": u64,
        /// Memory in use, in bytes, from the last samples.
        memory_used_bytes as "memoryUsedBytes": u64,
        /// Gas the CPU does in a millisecond.
        gas_per_tick as "gasPerTick": u64,
    }
}

abi_struct! {
    /// Lines of a trace, oldest first.
    TraceLines {
        /// One formatted call each.
        lines: Vec<String>,
        /// How many were dropped since the last read because the queue was full.
        dropped: u64,
        /// The traced process has ended and nothing more will come.
        ended: bool,
    }
}

abi_struct! {
    /// One import of a module.
    ImportRef {
        /// The name as the module writes it.
        written: String,
        /// The module that it means: an absolute path, or `helios:NAME`.
        canonical: String,
    }
}

abi_struct! {
    /// A module that a process is given while it runs.
    LoadedModule {
        /// Its name: an absolute path, or what `load` was told.
        specifier: String,
        /// TypeScript.
        source: String,
        /// What it imports.
        imports: Vec<ImportRef>,
    }
}

abi_struct! {
    /// The modules of a graph that the process did not have.
    LoadedModules {
        /// The entry first.
        modules: Vec<LoadedModule>,
    }
}

abi_struct! {
    /// An image of the machine.
    SnapshotInfo {
        /// Its handle.
        blob: String,
        /// Bytes that it takes beside the files' contents.
        bytes: u64,
        /// The tick at whose end it was taken.
        tick: u64,
        /// The slot that it is kept in, if any.
        name: Option<String>,
        /// The machine has just been put back to it.
        restored: bool,
    }
}

abi_struct! {
    /// A slot that keeps an image of the machine.
    SnapshotSlot {
        /// Its name.
        name: String,
        /// The image's handle.
        blob: String,
        /// Bytes that it takes beside the files' contents.
        bytes: u64,
        /// The tick at whose end it was taken.
        tick: u64,
        /// The user who saved it.
        uid: u32,
    }
}

/// Every structure that a request or a reply mentions.
pub const STRUCTS: &[StructDef] = &[
    Termios::DECLARATION,
    WinSize::DECLARATION,
    PtyPair::DECLARATION,
    Limit::DECLARATION,
    FsInfo::DECLARATION,
    Stat::DECLARATION,
    DirEntry::DECLARATION,
    WaitStatus::DECLARATION,
    PipeEnds::DECLARATION,
    FdMap::DECLARATION,
    PollFd::DECLARATION,
    PollResult::DECLARATION,
    Message::DECLARATION,
    ProcessInfo::DECLARATION,
    SystemInfo::DECLARATION,
    SnapshotInfo::DECLARATION,
    SnapshotSlot::DECLARATION,
    TraceLines::DECLARATION,
    ImportRef::DECLARATION,
    LoadedModule::DECLARATION,
    LoadedModules::DECLARATION,
    SocketAddress::DECLARATION,
    SocketConnection::DECLARATION,
    SocketDatagram::DECLARATION,
    SocketInfo::DECLARATION,
    SocketDetail::DECLARATION,
    InterfaceInfo::DECLARATION,
    RouteInfo::DECLARATION,
    NeighbourInfo::DECLARATION,
    NetworkInfo::DECLARATION,
];
