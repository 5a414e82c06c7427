//! Every syscall: name, request, reply, capability family and base cost. This is the only definition of them.
//!
//! A plugin attaches a handler to each (`helios_kernel`); TypeScript declarations are generated from [`SYSCALLS`].

mod bits;
mod net;
mod structs;

use crate::Pid;
use crate::define::{FieldDef, StructDef, TsStruct, abi_struct};
use crate::value::{Bytes, FromValue, IntoValue, TsType, Value};

pub use bits::{mode, open_flags, termios};
pub use net::*;
pub use structs::*;

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

    /// Tells of the file system that a path is on. ENOENT, EACCES.
    "statfs" Statfs [Fs, 40] {
        /// The path.
        path: String,
    } -> FsInfo;

    /// Mounts an image: a file that holds one (Helios's own, or ISO 9660), the medium in a drive (`/dev/usb0`, `/dev/cd0`), or
    /// the machine's disk as it was synced last (`/dev/disk`, read-only). For root. `options` are words with commas between:
    /// `ro`, `rw`, `suid`, `nosuid`, `dev`, `nodev`, `exec`, `noexec`; without them `nosuid,nodev`. EPERM, ENOENT, ENOTDIR,
    /// EBUSY (a directory that the kernel needs, or what is mounted already), EINVAL (no image, a damaged one), ENXIO (an
    /// empty drive), EROFS, EFBIG, ENOSPC, ELOOP (images in images in images).
    "mount" Mount [Sys, 400] {
        /// What: the path of a file or of a drive.
        source: String,
        /// Where: a directory.
        path: String,
        /// How.
        options: Option<String>,
    } -> ();

    /// Unmounts what is mounted on a directory, everything on it synced. For root. EPERM, ENOENT, EINVAL (nothing is mounted
    /// there), EBUSY (something of it is in use), ENOSPC (what was changed does not fit the file that it came from; it stays
    /// mounted).
    "unmount" Unmount [Sys, 400] {
        /// The directory.
        path: String,
    } -> ();

    /// Brings what was written to mounted images to the media and files that they came from, and makes the image of the
    /// machine's disk. ENOSPC, EIO.
    "sync" SyncDisks [Own, 400] {
    } -> ();

    /// Unmounts the medium in a drive, everything on it synced, and gives it out; or takes back what was given out last. For
    /// root. EPERM, ENOENT, EINVAL (not a drive), ENXIO (nothing there), EBUSY.
    "eject" Eject [Sys, 400] {
        /// The drive.
        device: String,
        /// Take back.
        load: Option<bool>,
    } -> ();

    /// Makes an image of what is below a directory, under the caller's permissions, and writes it to a file or to a drive.
    /// EACCES, ENOENT, ENOTDIR, EFBIG, ENOSPC, EROFS, EBUSY.
    "mkimage" MakeImage [Fs, 400] {
        /// The directory.
        source: String,
        /// The file, made where it is missing, or the drive.
        target: String,
        /// A name for the image, at most 32 bytes.
        label: Option<String>,
        /// An ISO 9660 disc with Rock Ridge, instead of Helios's own form.
        iso: Option<bool>,
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
        /// Process group to join; 0: a new one, which it leads; absent: the parent's.
        pgroup: Option<Pid>,
        /// Begins a session, with a group of its own and no terminal unless `ctty` names one.
        setsid: Option<bool>,
        /// With `setsid`: the child's descriptor whose terminal becomes the session's.
        ctty: Option<i32>,
        /// The child's group becomes the foreground of the caller's terminal before the child runs.
        foreground: Option<bool>,
        /// Signals that get their default action in the child.
        defaults: Option<Vec<i32>>,
        /// Signals that the child ignores, besides those that the parent does.
        ignores: Option<Vec<i32>>,
        /// User to run as, real and effective; root only.
        uid: Option<u32>,
        /// Group to run as, real and effective; root only.
        gid: Option<u32>,
        /// Supplementary groups; root only.
        groups: Option<Vec<u32>>,
        /// Capabilities that the child keeps at most, in the grammar of manifests.
        caps: Option<Vec<String>>,
    } -> Pid;

    /// Puts another program in this process's place: pid, descriptors (less those closed on exec), working directory,
    /// mask, group, session and limits stay; handlers, pending calls and timers do not. Answers only when it fails, as
    /// `spawn` does. Nothing of the old program runs after it.
    "exec" Exec [Proc, 400] {
        /// The program's file.
        path: Option<String>,
        /// The program's source.
        code: Option<String>,
        /// Arguments, the program's name first.
        argv: Option<Vec<String>>,
        /// Environment; absent: this process's.
        env: Option<std::collections::BTreeMap<String, String>>,
        /// Working directory; absent: this process's.
        cwd: Option<String>,
        /// Descriptors of the program; absent: as they are, less those closed on exec.
        fds: Option<Vec<FdMap>>,
    } -> ();

    /// Resolves TypeScript with what it imports, as `spawn` does for `code`, for this process to run in itself. The reply
    /// leaves out what the process has: its program's modules and those of earlier loads, which stay as they are whatever
    /// became of their files. Needs no capability beyond those that reading the imports does, for the code runs under the
    /// process's own. ENOENT, EACCES, EPERM, EEXIST, ENOEXEC (with the compiler's diagnostics), E2BIG above 16 MiB of
    /// source in the program's life.
    "load" Load [Own, 100] {
        /// The module's name, new to the process: 1 to 64 letters, digits, `:`, `.` and `-`. Not `helios:…`.
        name: String,
        /// TypeScript. Its relative imports start in the working directory.
        code: String,
    } -> LoadedModules;

    /// Waits for a child to end: `pid`, one of a group, or any. With `nohang` answers null if none has. ECHILD.
    "wait" Wait [Own, 30] {
        /// The child; absent: any.
        pid: Option<Pid>,
        /// Any child of this process group.
        pgid: Option<Pid>,
        /// Do not wait.
        nohang: Option<bool>,
        /// Also tell of a child that stopped (WUNTRACED).
        untraced: Option<bool>,
        /// Also tell of a child that went on after a stop (WCONTINUED).
        continued: Option<bool>,
    } -> Option<WaitStatus>;

    /// Sends a signal (0 only asks whether it could). ESRCH, EPERM, EINVAL.
    "kill" Kill [Own, 40] {
        /// The process; 0: this process's group; -1: all but `init` and the caller; less than -1: that group.
        pid: i64,
        /// The signal's number.
        signal: i32,
    } -> ();

    /// Blocks and unblocks signals; a blocked one waits. Answers what was blocked before. EINVAL.
    "sigmask" Sigmask [Own, 15] {
        /// Signals to block; SIGKILL and SIGSTOP are left out without a word.
        block: Option<Vec<i32>>,
        /// Signals to unblock.
        unblock: Option<Vec<i32>>,
    } -> Vec<i32>;

    /// Begins a session: this process leads it and a group of its own, without a terminal. EPERM if it leads a group.
    "setsid" Setsid [Own, 20] {} -> Pid;

    /// Moves a process (this one or a child) to a group of its session; a group of its own where `pgid` is absent or
    /// names it. ESRCH, EPERM.
    "setpgid" Setpgid [Own, 20] {
        /// The process; absent: this one.
        pid: Option<Pid>,
        /// The group; absent: one of its own.
        pgid: Option<Pid>,
    } -> ();

    /// Sets users and groups; absent: unchanged. Root may set all of them; others may set the effective ones to the real
    /// ones. EPERM.
    "setcreds" Setcreds [Own, 30] {
        /// Real user.
        uid: Option<u32>,
        /// Effective user.
        euid: Option<u32>,
        /// Real group.
        gid: Option<u32>,
        /// Effective group.
        egid: Option<u32>,
        /// Supplementary groups.
        groups: Option<Vec<u32>>,
    } -> ();

    /// Answers a process's niceness, and sets it where `nice` is given. Only root lowers it. ESRCH, EPERM, EACCES.
    "priority" Priority [Own, 20] {
        /// The process; absent: this one.
        pid: Option<Pid>,
        /// -20 (first) to 19 (last).
        nice: Option<i32>,
    } -> i32;

    /// Answers a limit, and sets it where `set` is given. Resources: `cpu` (seconds of one turn), `memory` (bytes),
    /// `files` (descriptors), `processes` (of the user), `filesize` (bytes). EINVAL, EPERM, ESRCH.
    "rlimit" Rlimit [Own, 20] {
        /// The process; absent: this one.
        pid: Option<Pid>,
        /// The resource's name.
        resource: String,
        /// New bounds.
        set: Option<Limit>,
    } -> Limit;

    /// Hashes a password (Argon2id, in the PHC string format). With `setting`, a hash, under its salt and costs: equal
    /// answers mean equal passwords. EINVAL for what is no hash.
    "password_hash" PasswordHash [Own, 200000] {
        /// The password.
        password: String,
        /// A hash to compare with; absent: a new salt from the machine's stream.
        setting: Option<String>,
    } -> String;

    /// Answers how a terminal treats input and output. ENOTTY.
    "tcgetattr" Tcgetattr [Own, 20] {
        /// A descriptor of the terminal.
        fd: i32,
    } -> Termios;

    /// Sets how a terminal treats input and output. ENOTTY, EINVAL; a background process gets SIGTTOU.
    "tcsetattr" Tcsetattr [Own, 25] {
        /// A descriptor of the terminal.
        fd: i32,
        /// The new treatment.
        termios: Termios,
        /// Drop input that nobody read (TCSAFLUSH).
        flush: Option<bool>,
    } -> ();

    /// Answers the size of a terminal's screen. ENOTTY.
    "tcgetwinsize" Tcgetwinsize [Own, 20] {
        /// A descriptor of the terminal.
        fd: i32,
    } -> WinSize;

    /// Sets the size of a terminal's screen; its foreground gets SIGWINCH where it differs. ENOTTY, EINVAL above 4096.
    "tcsetwinsize" Tcsetwinsize [Own, 25] {
        /// A descriptor of the terminal, of either side.
        fd: i32,
        /// Rows.
        rows: u32,
        /// Columns.
        columns: u32,
    } -> ();

    /// Answers the foreground process group of the caller's terminal, 0 if there is none. ENOTTY.
    "tcgetpgrp" Tcgetpgrp [Own, 20] {
        /// A descriptor of the terminal.
        fd: i32,
    } -> Pid;

    /// Makes a process group of the caller's session the foreground of its terminal. ENOTTY, EPERM; SIGTTOU as above.
    "tcsetpgrp" Tcsetpgrp [Own, 25] {
        /// A descriptor of the terminal.
        fd: i32,
        /// The group.
        pgid: Pid,
    } -> ();

    /// Makes a terminal the controlling terminal of the session that the caller leads. ENOTTY, EPERM.
    "set_ctty" SetCtty [Own, 25] {
        /// A descriptor of the terminal.
        fd: i32,
    } -> ();

    /// Makes a pseudo-terminal. EMFILE, ENFILE, EAGAIN at the machine's limit.
    "openpty" Openpty [Own, 80] {
        /// Rows; 24 if absent.
        rows: Option<u32>,
        /// Columns; 80 if absent.
        columns: Option<u32>,
    } -> PtyPair;

    /// Says how this process takes a signal: `default`, `ignore`, `handle` (the library's `on`) or `interrupt`: as
    /// `handle`, but in the middle of a computation an exception, "interrupted", is thrown where it goes on. EINVAL for
    /// SIGKILL.
    "sigaction" Sigaction [Own, 15] {
        /// The signal's number.
        signal: i32,
        /// `default`, `ignore`, `handle` or `interrupt`.
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

    /// Sets the machine's host name: 1 to 64 letters, digits, dots and hyphens. Needs `sys:hostname`. EINVAL, EPERM.
    "sethostname" Sethostname [Sys, 40] {
        /// The new name.
        name: String,
    } -> ();

    /// Switches the machine off at once; with `reboot` it boots at the next tick. Needs `sys:power`. EINVAL, EPERM.
    "power" SetPower [Sys, 100] {
        /// `off`, `halt` or `reboot`.
        action: String,
    } -> ();

    /// Takes an image of the machine as it is at the end of this tick, processes and files, and answers its handle, which
    /// is good until the next one. Needs `sys:snapshot`. EPERM also where the world is authoritative; EFBIG, ENOSPC.
    "snapshot" TakeSnapshot [Sys, 20_000] {} -> SnapshotInfo;

    /// As `save_snapshot_named` with the name `auto`.
    "save_snapshot" SaveSnapshot [Sys, 20_000] {
        /// The handle of an image; absent: one of the end of this tick.
        blob: Option<String>,
    } -> SnapshotInfo;

    /// Keeps an image of the machine in a slot, in place of one of that name. When the image is loaded the call is
    /// answered again, there, with `restored`. Needs `sys:snapshot`. EINVAL for a name (1 to 64 bytes, without `/` and
    /// control characters), ENOENT for a handle, EDQUOT beyond 16 slots, ENOSPC beyond 256 MiB, EFBIG, EPERM.
    "save_snapshot_named" SaveSnapshotNamed [Sys, 20_000] {
        /// The slot's name.
        name: String,
        /// The handle of an image; absent: one of the end of this tick.
        blob: Option<String>,
    } -> SnapshotInfo;

    /// Puts the image of a slot in the machine's place at the start of the next tick. Only a failure is answered. Needs
    /// `sys:snapshot`. ENOENT, EINVAL, EIO for an image that cannot go on, EPERM.
    "load_snapshot_named" LoadSnapshotNamed [Sys, 20_000] {
        /// The slot's name.
        name: String,
    } -> ();

    /// The machine's slots, by name. Needs `sys:snapshot`. EPERM.
    "list_snapshots" ListSnapshots [Sys, 40] {} -> Vec<SnapshotSlot>;

    /// Empties a slot. Needs `sys:snapshot`. ENOENT, EINVAL, EPERM.
    "remove_snapshot" RemoveSnapshot [Sys, 40] {
        /// The slot's name.
        name: String,
    } -> ();

    /// Writes a line to the kernel's log. Needs `sys:log`. EPERM.
    "klog" Klog [Sys, 40] {
        /// The line.
        text: String,
    } -> ();

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

    /// Opens a socket at a port of this machine: `tcp` listens for connections that `accept` takes, `udp` takes datagrams.
    /// Port 0 is one that is free, of 49152 to 65535. Needs `net:tcp` or `net:udp` on the port, and below 1024 `net:bind` too.
    /// EADDRINUSE, EADDRNOTAVAIL (no such address here), EPERM, ENOBUFS.
    "listen" Listen [Net, 200] {
        /// The port.
        port: u16,
        /// `tcp` or `udp`.
        proto: String,
        /// An address of this machine; absent: all.
        address: Option<String>,
        /// Connections that may wait to be accepted: 128 by default, 4096 at most.
        backlog: Option<u32>,
        /// Share the address with other sockets that do so, and take it while connections of an earlier one linger.
        reuse: Option<bool>,
    } -> i32;

    /// Opens a socket of another kind: `udp` without a port, `icmp` (echo requests and what answers them), `raw` (datagrams of
    /// one IP protocol, needs `net:raw`), `packet` (frames of an interface, or of all; needs `net:packet`). EPERM, EINVAL,
    /// ENODEV, ENOBUFS.
    "open_socket" OpenSocket [Net, 200] {
        /// `udp`, `icmp`, `raw` or `packet`.
        kind: String,
        /// The protocol's number, for `raw`.
        protocol: Option<u32>,
        /// The interface, for `packet`.
        interface: Option<String>,
    } -> i32;

    /// Connects to a port of a machine. `tcp` waits until the other end has answered; `udp` only remembers whom to talk to.
    /// Needs `net:tcp` or `net:udp` on the port. ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL (no port is
    /// free), EPERM, ENOBUFS.
    "connect" Connect [Net, 300] {
        /// The address, as `10.0.0.1`.
        address: String,
        /// The port.
        port: u16,
        /// `tcp` (the default) or `udp`.
        proto: Option<String>,
        /// The address to talk from; absent: that of the interface that leads there.
        local_address as "localAddress": Option<String>,
        /// The port to talk from; absent: one that is free.
        local_port as "localPort": Option<u16>,
        /// Give up after so many milliseconds: ETIMEDOUT.
        timeout_ms as "timeoutMs": Option<u64>,
    } -> SocketConnection;

    /// Takes the connection that has waited longest; waits for one. EBADF, ENOTSOCK, EINVAL (the socket does not listen),
    /// EAGAIN of a descriptor that does not wait, EMFILE, ENFILE.
    "accept" Accept [Net, 200] {
        /// The listening socket.
        fd: i32,
    } -> SocketConnection;

    /// Sends bytes on a connection: waits for room, and answers how many were taken, at least one. EPIPE, ECONNRESET, ETIMEDOUT,
    /// ENOTCONN, ENOTSOCK.
    "tcp_send" TcpSend [Net, 60] {
        /// The socket.
        fd: i32,
        /// What to send.
        data: Bytes,
    } -> u32;

    /// Sends a datagram: whole, or not at all. Without an address it goes where the socket is connected to. EDESTADDRREQ,
    /// EMSGSIZE, ENETUNREACH, ECONNREFUSED (what an earlier one met), EACCES (a broadcast that was not asked for), EAGAIN.
    "udp_send" UdpSend [Net, 80] {
        /// The socket.
        fd: i32,
        /// What to send.
        data: Bytes,
        /// The address.
        address: Option<String>,
        /// The port.
        port: Option<u16>,
    } -> u32;

    /// Sends from an `icmp`, `raw` or `packet` socket: an ICMP message (its identifier is the socket's), the payload of a
    /// datagram, a frame. EMSGSIZE, ENETUNREACH, EDESTADDRREQ, EINVAL, ENODEV.
    "raw_send" RawSend [Net, 80] {
        /// The socket.
        fd: i32,
        /// What to send.
        data: Bytes,
        /// The address; a frame has its own.
        address: Option<String>,
    } -> u32;

    /// Takes the oldest datagram, message or frame of a socket; waits for one. An error that ICMP reported of what was sent is
    /// answered first. EAGAIN of a descriptor that does not wait, ECONNREFUSED, EHOSTUNREACH, ENOTSOCK.
    "receive_from" ReceiveFrom [Net, 60] {
        /// The socket.
        fd: i32,
        /// At most this many bytes of it: 65,535 by default.
        max: Option<u32>,
        /// Wait at most so many milliseconds: EAGAIN.
        timeout_ms as "timeoutMs": Option<u64>,
    } -> SocketDatagram;

    /// Ends one or both directions of a connection: `write` lets the peer read an end, `read` drops what it still sends.
    /// ENOTCONN, ENOTSOCK, EINVAL.
    "shutdown_socket" ShutdownSocket [Net, 60] {
        /// The socket.
        fd: i32,
        /// `read`, `write` or `both`.
        how: String,
    } -> ();

    /// Sets an option of a socket: `nodelay`, `keepalive`, `keepidle`, `keepintvl`, `keepcnt` (seconds and a count), `congestion`
    /// (0: NewReno, 1: CUBIC), `sndbuf`, `rcvbuf`, `usertimeout` (milliseconds), `linger` (-1: off), `broadcast`, `ttl`, `reuse`,
    /// `errors` (let `receive_from` answer ICMP errors as datagrams). ENOPROTOOPT, EINVAL, ENOTSOCK.
    "set_socket_option" SetSocketOption [Net, 40] {
        /// The socket.
        fd: i32,
        /// The option.
        name: String,
        /// Its value.
        value: i64,
    } -> ();

    /// Joins or leaves a group of receivers (multicast). EINVAL, ENODEV, ENOBUFS, ENOTSOCK.
    "set_membership" SetMembership [Net, 60] {
        /// A UDP socket.
        fd: i32,
        /// The group.
        group: String,
        /// The interface; absent: the one that leads to the group.
        interface: Option<String>,
        /// Join, or leave.
        join: bool,
    } -> ();

    /// Tells of one socket. EBADF, ENOTSOCK.
    "socket_info" SocketInfoOf [Net, 40] {
        /// The socket.
        fd: i32,
    } -> SocketInfo;

    /// Tells of every socket of the machine.
    "sockets" Sockets [Net, 100] {} -> Vec<SocketInfo>;

    /// Tells of every interface of the machine.
    "interfaces" Interfaces [Net, 60] {} -> Vec<InterfaceInfo>;

    /// Changes an interface; needs `net:admin`. What is absent stays. ENODEV, EINVAL, EPERM.
    "set_interface" SetInterface [Net, 60] {
        /// Its name.
        name: String,
        /// Switch it on or off.
        up: Option<bool>,
        /// Take frames that are addressed to others.
        promiscuous: Option<bool>,
        /// The longest datagram that it sends, in bytes.
        mtu: Option<u32>,
    } -> ();

    /// Adds an address to an interface, or removes it; needs `net:admin`. ENODEV, EINVAL, EEXIST, EADDRNOTAVAIL, ENOSPC, EPERM.
    "set_address" SetAddress [Net, 60] {
        /// The interface's name.
        interface: String,
        /// The address with its prefix, as `10.0.0.1/24`.
        address: String,
        /// Add it, or remove it.
        add: bool,
    } -> ();

    /// Tells of every route of the machine, in the order in which they are looked through.
    "routes" Routes [Net, 60] {} -> Vec<RouteInfo>;

    /// Adds a route, or removes the first that fits; needs `net:admin`. EINVAL, EEXIST, ENETUNREACH, ESRCH, ENODEV, ENOSPC, EPERM.
    "set_route" SetRoute [Net, 60] {
        /// The network, as `10.0.0.0/24`; `0.0.0.0/0` is everything else.
        to: String,
        /// The router.
        via: Option<String>,
        /// The interface's name.
        interface: Option<String>,
        /// Of two routes to a network the one with the smaller metric is taken.
        metric: Option<u32>,
        /// Add it, or remove it.
        add: bool,
    } -> ();

    /// Tells of the neighbours of every interface: who has which hardware address.
    "neighbours" Neighbours [Net, 60] {} -> Vec<NeighbourInfo>;

    /// Writes a neighbour down for ever, or forgets one; needs `net:admin`. ENODEV, EINVAL, ENOENT, ENOSPC, EPERM.
    "set_neighbour" SetNeighbour [Net, 60] {
        /// The interface's name.
        interface: String,
        /// The neighbour's address.
        address: String,
        /// Its hardware address; absent: forget it.
        mac: Option<String>,
    } -> ();

    /// Tells what the machine's network has counted, and whether it passes datagrams on.
    "network_status" NetworkStatus [Net, 60] {} -> NetworkInfo;

    /// Lets the machine pass datagrams on, or sets the number of hops that its own may take; needs `net:admin`. EINVAL, EPERM.
    "set_network" SetNetwork [Net, 60] {
        /// Whether it is a router.
        forwarding: Option<bool>,
        /// The hops; above 255 datagrams carry them in an option.
        hops: Option<u32>,
    } -> ();
}

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
