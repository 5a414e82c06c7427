//! Every syscall: name, request, reply, capability family and base cost. This is the only definition of them.
//!
//! A plugin attaches a handler to each (`helios_kernel`); TypeScript declarations are generated from [`SYSCALLS`].

use crate::Pid;
use crate::define::{FieldDef, StructDef, TsStruct, abi_struct};
use crate::value::{Bytes, FromValue, IntoValue, TsType, Value};

/// Which capability a call needs. The verb and the scope are checked by the handler on what the call resolves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Needs none: a process may always do this to itself.
    Own,
    /// Files: `fs:read`, `fs:write`, each with an optional path prefix.
    Fs,
    /// Other processes: `proc:spawn`, `proc:signal`, `proc:trace`.
    Proc,
    /// Mailboxes: `ipc:send`, `ipc:recv`.
    Ipc,
    /// The machine itself: `sys:hostname`, `sys:power`, …
    Sys,
    /// Sockets: `net:tcp`, `net:udp`, `net:raw`, …
    Net,
    /// Windows: `ui:draw`.
    Ui,
}

impl Family {
    /// The family's name in a manifest, or `None` for [`Family::Own`].
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Own => None,
            Self::Fs => Some("fs"),
            Self::Proc => Some("proc"),
            Self::Ipc => Some("ipc"),
            Self::Sys => Some("sys"),
            Self::Net => Some("net"),
            Self::Ui => Some("ui"),
        }
    }
}

/// A typed syscall.
pub trait Syscall: FromValue + Send + Sync + 'static {
    /// What it answers.
    type Reply: IntoValue + FromValue;
    /// Its definition.
    const DEF: &'static SyscallDef;
}

/// The definition of a syscall.
#[derive(Clone, Copy, Debug)]
pub struct SyscallDef {
    /// Its name, as programs call it.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// The capability it needs.
    pub family: Family,
    /// Gas for one call, before its bytes and entries ([`gas`](crate::gas)).
    pub base_gas: u64,
    /// The structure of its request.
    pub request: StructDef,
    /// The TypeScript type of its reply.
    pub reply_ts: fn() -> String,
}

macro_rules! syscalls {
    ($($(#[doc = $doc:literal])* $name:literal $type:ident [$family:ident, $gas:literal] { $($(#[doc = $fd:literal])* $field:ident $(as $ts:literal)?: $ft:ty,)* } -> $reply:ty;)*) => {
        $(
            abi_struct! { $(#[doc = $doc])* $type { $($(#[doc = $fd])* $field $(as $ts)?: $ft,)* } }
            impl Syscall for $type {
                type Reply = $reply;
                const DEF: &'static SyscallDef = &SyscallDef {
                    name: $name,
                    doc: concat!($($doc, "\n",)*),
                    family: Family::$family,
                    base_gas: $gas,
                    request: <$type as TsStruct>::DECLARATION,
                    reply_ts: <$reply as TsType>::ts,
                };
            }
        )*
        /// Every syscall, in the order in which this file defines them.
        pub const SYSCALLS: &[&SyscallDef] = &[$(<$type as Syscall>::DEF,)*];
    };
}

/// Bits of `open`'s flags.
pub mod open_flags {
    /// Open for reading.
    pub const READ: u32 = 1;
    /// Open for writing.
    pub const WRITE: u32 = 2;
    /// Create the file if it is absent.
    pub const CREATE: u32 = 4;
    /// With `CREATE`: fail with EEXIST if it is there.
    pub const EXCLUSIVE: u32 = 8;
    /// Cut the file to zero length.
    pub const TRUNCATE: u32 = 16;
    /// Every write goes to the end.
    pub const APPEND: u32 = 32;
    /// Fail with ENOTDIR unless it is a directory.
    pub const DIRECTORY: u32 = 64;
    /// Fail with ELOOP if the last component is a symbolic link.
    pub const NOFOLLOW: u32 = 128;
    /// Reads and writes that would wait fail with EAGAIN.
    pub const NONBLOCK: u32 = 256;
    /// The descriptor is not inherited by `spawn`.
    pub const CLOEXEC: u32 = 512;
    /// Every known bit.
    pub const ALL: u32 = 1023;
}

/// Bits of the 32-bit mode word: the traditional `st_mode`.
pub mod mode {
    /// Mask of the type bits.
    pub const TYPE: u32 = 0o170_000;
    /// Regular file.
    pub const FILE: u32 = 0o100_000;
    /// Directory.
    pub const DIR: u32 = 0o040_000;
    /// Symbolic link.
    pub const SYMLINK: u32 = 0o120_000;
    /// Character device.
    pub const DEVICE: u32 = 0o020_000;
    /// Pipe.
    pub const FIFO: u32 = 0o010_000;
    /// Socket.
    pub const SOCKET: u32 = 0o140_000;
    /// Set user id on execution.
    pub const SETUID: u32 = 0o4000;
    /// Set group id on execution.
    pub const SETGID: u32 = 0o2000;
    /// Only owners delete from this directory.
    pub const STICKY: u32 = 0o1000;
    /// The permission bits, with setuid, setgid and sticky.
    pub const PERMS: u32 = 0o7777;
}

abi_struct! {
    /// What `stat` tells of a file.
    Stat {
        /// Inode number.
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
    /// How a child ended.
    WaitStatus {
        /// The child.
        pid: Pid,
        /// Its exit status, if it exited.
        code: Option<i32>,
        /// The signal that ended it, if one did.
        signal: Option<i32>,
        /// Why, where there is more to say than the status.
        reason: Option<String>,
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
        /// CPU time so far, in microseconds.
        cpu_us as "cpuUs": u64,
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

syscalls! {
    /// Opens a file. `flags` are bits of `OpenFlags`; `mode` (default 0o666, less the umask) is for files it creates.
    /// ENOENT, EACCES, EISDIR, ENOTDIR, ELOOP, EEXIST, EMFILE, ENFILE, EROFS, ENOSPC, ENAMETOOLONG, EPERM.
    "open" Open [Fs, 60] {
        /// The path.
        path: String,
        /// Bits of `OpenFlags`.
        flags: u32,
        /// Permissions of a new file.
        mode: Option<u32>,
    } -> i32;

    /// Reads up to `count` bytes (at most 1 MiB) from `fd`; no bytes mean end of file. EBADF, EISDIR, EAGAIN, EINTR.
    "read" Read [Own, 30] {
        /// The descriptor.
        fd: i32,
        /// At most this many bytes.
        count: u32,
        /// Read here and leave the offset alone, as `pread` does.
        offset: Option<u64>,
    } -> Bytes;

    /// Writes `data` to `fd` and answers how many bytes went. EBADF, EPIPE (with SIGPIPE), ENOSPC, EFBIG, EAGAIN.
    "write" Write [Own, 30] {
        /// The descriptor.
        fd: i32,
        /// What to write.
        data: Bytes,
        /// Write here and leave the offset alone, as `pwrite` does.
        offset: Option<u64>,
    } -> u32;

    /// Releases a descriptor. EBADF.
    "close" Close [Own, 20] {
        /// The descriptor.
        fd: i32,
    } -> ();

    /// Moves a file's offset and answers the new one. `whence`: 0 start, 1 current, 2 end. ESPIPE on what has none.
    "seek" Seek [Own, 15] {
        /// The descriptor.
        fd: i32,
        /// Distance in bytes.
        offset: i64,
        /// From where.
        whence: u32,
    } -> u64;

    /// Duplicates a descriptor to the lowest free number, or to `to`, closing what was there. EBADF, EMFILE.
    "dup" Dup [Own, 20] {
        /// The descriptor.
        fd: i32,
        /// The wanted number.
        to: Option<i32>,
    } -> i32;

    /// Makes a pipe of 64 KiB. EMFILE, ENFILE.
    "pipe" Pipe [Own, 40] {} -> PipeEnds;

    /// Waits until one of `fds` is ready, or `timeoutMs` have passed; answers those that are. EINVAL above 256.
    "poll" Poll [Own, 30] {
        /// What to watch.
        fds: Vec<PollFd>,
        /// Milliseconds of virtual time; absent: for ever; 0: do not wait.
        timeout_ms as "timeoutMs": Option<u64>,
    } -> Vec<PollResult>;

    /// Tells of the file at `path`, or with `nofollow` of a symbolic link itself.
    "stat" StatPath [Fs, 40] {
        /// The path.
        path: String,
        /// Do not follow a symbolic link in the last place, as `lstat`.
        nofollow: Option<bool>,
    } -> Stat;

    /// Tells of an open file.
    "fstat" Fstat [Own, 20] {
        /// The descriptor.
        fd: i32,
    } -> Stat;

    /// Lists a directory, sorted by name, without `.` and `..`. ENOTDIR, EACCES.
    "readdir" Readdir [Fs, 60] {
        /// The path.
        path: String,
    } -> Vec<DirEntry>;

    /// Makes a directory (default 0o777, less the umask). EEXIST, ENOENT, EACCES, ENOSPC, EROFS.
    "mkdir" Mkdir [Fs, 80] {
        /// The path.
        path: String,
        /// Permissions.
        mode: Option<u32>,
    } -> ();

    /// Removes a name; with `directory` an empty directory. ENOENT, EISDIR, ENOTDIR, ENOTEMPTY, EACCES, EPERM, EBUSY.
    "unlink" Unlink [Fs, 60] {
        /// The path.
        path: String,
        /// Remove a directory instead of a file.
        directory: Option<bool>,
    } -> ();

    /// Moves or renames, replacing what is there. EXDEV across file systems, EINVAL into itself, ENOTEMPTY, EISDIR.
    "rename" Rename [Fs, 80] {
        /// What to move.
        old: String,
        /// Its new path.
        new: String,
    } -> ();

    /// Makes a hard link. EPERM on directories, EXDEV, EEXIST, EMLINK.
    "link" Link [Fs, 60] {
        /// The existing file.
        old: String,
        /// The new name.
        new: String,
    } -> ();

    /// Makes a symbolic link that says `target`. EEXIST, ENAMETOOLONG.
    "symlink" Symlink [Fs, 60] {
        /// What the link says.
        target: String,
        /// Where the link is.
        path: String,
    } -> ();

    /// Reads what a symbolic link says. EINVAL if it is none.
    "readlink" Readlink [Fs, 40] {
        /// The link.
        path: String,
    } -> String;

    /// Resolves a path to its canonical form: absolute, without `.`, `..` and symbolic links.
    "realpath" Realpath [Fs, 60] {
        /// The path.
        path: String,
    } -> String;

    /// Sets the permission bits. EPERM unless the owner or root.
    "chmod" Chmod [Fs, 40] {
        /// The path.
        path: String,
        /// Permission bits, with setuid, setgid and sticky.
        mode: u32,
    } -> ();

    /// Sets owner and group; absent: unchanged. Clears setuid and setgid. EPERM.
    "chown" Chown [Fs, 40] {
        /// The path.
        path: String,
        /// New owner.
        uid: Option<u32>,
        /// New group.
        gid: Option<u32>,
        /// Change a symbolic link itself.
        nofollow: Option<bool>,
    } -> ();

    /// Cuts or extends a file to `size` bytes, by path or by descriptor (exactly one). EISDIR, EINVAL, EFBIG.
    "truncate" Truncate [Fs, 40] {
        /// The path.
        path: Option<String>,
        /// The descriptor.
        fd: Option<i32>,
        /// New length.
        size: u64,
    } -> ();

    /// Sets the modification time; absent: now. EPERM, EACCES.
    "utimes" Utimes [Fs, 40] {
        /// The path.
        path: String,
        /// Milliseconds since the Unix epoch.
        mtime_ms as "mtimeMs": Option<u64>,
    } -> ();

    /// Changes the working directory. ENOENT, ENOTDIR, EACCES.
    "chdir" Chdir [Fs, 40] {
        /// The path.
        path: String,
    } -> ();

    /// Sets the file-creation mask and answers the old one.
    "umask" Umask [Own, 10] {
        /// The new mask; absent: unchanged.
        mask: Option<u32>,
    } -> u32;

    /// Starts a program: a file (`path`) or TypeScript source (`code`), exactly one. Answers the child's pid.
    /// `argv[0]` is the program's name. Descriptors are 0, 1, 2 of the parent unless `fds` says otherwise.
    /// ENOENT, EACCES, ENOEXEC (with the compiler's diagnostics), E2BIG, EAGAIN at the process limit, EPERM.
    "spawn" Spawn [Proc, 400] {
        /// The program's file.
        path: Option<String>,
        /// The program's source.
        code: Option<String>,
        /// Arguments, the program's name first.
        argv: Option<Vec<String>>,
        /// Environment; absent: the parent's.
        env: Option<std::collections::BTreeMap<String, String>>,
        /// Working directory; absent: the parent's.
        cwd: Option<String>,
        /// Descriptors; absent: 0, 1 and 2 as they are.
        fds: Option<Vec<FdMap>>,
        /// Terminal device name; absent: the parent's.
        tty: Option<String>,
    } -> Pid;

    /// Waits for a child to end: `pid`, or any. With `nohang` answers null if none has. ECHILD.
    "wait" Wait [Own, 30] {
        /// The child; absent: any.
        pid: Option<Pid>,
        /// Do not wait.
        nohang: Option<bool>,
    } -> Option<WaitStatus>;

    /// Sends a signal (0 only asks whether it could). ESRCH, EPERM, EINVAL.
    "kill" Kill [Own, 40] {
        /// The process.
        pid: Pid,
        /// The signal's number.
        signal: i32,
    } -> ();

    /// Says how this process takes a signal: `default`, `ignore` or `handle` (the library's `on`). EINVAL for SIGKILL.
    "sigaction" Sigaction [Own, 15] {
        /// The signal's number.
        signal: i32,
        /// `default`, `ignore` or `handle`.
        action: String,
    } -> ();

    /// Ends this process. Nothing follows it.
    "exit" Exit [Own, 10] {
        /// Status, 0 to 255.
        code: i32,
    } -> ();

    /// Answers after `ns` nanoseconds of virtual time.
    "sleep" Sleep [Own, 20] {
        /// How long.
        ns: u64,
    } -> ();

    /// Withdraws an outstanding call of this process, which then fails with ECANCELED. Answers whether it was there.
    "cancel" Cancel [Own, 10] {
        /// The number of the call.
        call: u64,
    } -> bool;

    /// Tells of this process.
    "process_info" GetProcessInfo [Own, 15] {} -> ProcessInfo;

    /// Tells of the machine.
    "system_info" GetSystemInfo [Own, 15] {} -> SystemInfo;

    /// Sends up to 64 KiB to a process's mailbox. EAGAIN when 64 messages wait there, EMSGSIZE, ESRCH, EPERM.
    "mailbox_send" MailboxSend [Ipc, 60] {
        /// The receiver.
        pid: Pid,
        /// The message.
        data: Bytes,
    } -> ();

    /// Takes the oldest message from this process's mailbox; waits for one unless `nohang`. EAGAIN with `nohang`.
    "mailbox_recv" MailboxRecv [Ipc, 40] {
        /// Do not wait.
        nohang: Option<bool>,
    } -> Message;

    /// Traces another process's calls from now on. ESRCH, EPERM, EBUSY if somebody traces it.
    "trace_attach" TraceAttach [Proc, 60] {
        /// The process.
        pid: Pid,
    } -> ();

    /// Takes lines of the trace of `pid`; waits for one.
    "trace_read" TraceRead [Proc, 40] {
        /// The traced process.
        pid: Pid,
        /// At most this many lines.
        max: u32,
    } -> TraceLines;
}

/// Every structure that a request or a reply mentions.
pub const STRUCTS: &[StructDef] = &[
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
    TraceLines::DECLARATION,
];

/// Finds a syscall by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static SyscallDef> {
    SYSCALLS.iter().copied().find(|def| def.name == name)
}

/// Decodes a call's arguments, or says which field is wrong.
///
/// # Errors
/// A sentence such as `open: flags: expected an integer, got a string`.
pub fn decode<S: Syscall>(args: Value) -> Result<S, String> {
    S::from_value(args).map_err(|error| format!("{}: {error}", S::DEF.name))
}

/// Whether a field may be left out, from its TypeScript type.
#[must_use]
pub fn is_optional(field: &FieldDef) -> bool {
    (field.ts)().ends_with("| null")
}
