// Generated from engine/abi by `cargo run -p helios_abi --example generate_dts`. Do not edit.

/** POSIX error names: the `code` of a failed call. */
export type Errno =
	| "EPERM"
	| "ENOENT"
	| "ESRCH"
	| "EINTR"
	| "EIO"
	| "ENXIO"
	| "E2BIG"
	| "ENOEXEC"
	| "EBADF"
	| "ECHILD"
	| "EAGAIN"
	| "ENOMEM"
	| "EACCES"
	| "EFAULT"
	| "EBUSY"
	| "EEXIST"
	| "EXDEV"
	| "ENODEV"
	| "ENOTDIR"
	| "EISDIR"
	| "EINVAL"
	| "ENFILE"
	| "EMFILE"
	| "ENOTTY"
	| "ETXTBSY"
	| "EFBIG"
	| "ENOSPC"
	| "ESPIPE"
	| "EROFS"
	| "EMLINK"
	| "EPIPE"
	| "ERANGE"
	| "ENAMETOOLONG"
	| "ENOSYS"
	| "ENOTEMPTY"
	| "ELOOP"
	| "EPROTO"
	| "EOVERFLOW"
	| "ENOTSOCK"
	| "EDESTADDRREQ"
	| "EMSGSIZE"
	| "ENOPROTOOPT"
	| "EPROTONOSUPPORT"
	| "EOPNOTSUPP"
	| "EAFNOSUPPORT"
	| "EADDRINUSE"
	| "EADDRNOTAVAIL"
	| "ENETDOWN"
	| "ENETUNREACH"
	| "ECONNABORTED"
	| "ECONNRESET"
	| "ENOBUFS"
	| "EISCONN"
	| "ENOTCONN"
	| "ETIMEDOUT"
	| "ECONNREFUSED"
	| "EHOSTUNREACH"
	| "EDQUOT"
	| "ECANCELED";

/** The number of each error. */
export interface ErrnoNumbers {
	EPERM: 1;
	ENOENT: 2;
	ESRCH: 3;
	EINTR: 4;
	EIO: 5;
	ENXIO: 6;
	E2BIG: 7;
	ENOEXEC: 8;
	EBADF: 9;
	ECHILD: 10;
	EAGAIN: 11;
	ENOMEM: 12;
	EACCES: 13;
	EFAULT: 14;
	EBUSY: 16;
	EEXIST: 17;
	EXDEV: 18;
	ENODEV: 19;
	ENOTDIR: 20;
	EISDIR: 21;
	EINVAL: 22;
	ENFILE: 23;
	EMFILE: 24;
	ENOTTY: 25;
	ETXTBSY: 26;
	EFBIG: 27;
	ENOSPC: 28;
	ESPIPE: 29;
	EROFS: 30;
	EMLINK: 31;
	EPIPE: 32;
	ERANGE: 34;
	ENAMETOOLONG: 36;
	ENOSYS: 38;
	ENOTEMPTY: 39;
	ELOOP: 40;
	EPROTO: 71;
	EOVERFLOW: 75;
	ENOTSOCK: 88;
	EDESTADDRREQ: 89;
	EMSGSIZE: 90;
	ENOPROTOOPT: 92;
	EPROTONOSUPPORT: 93;
	EOPNOTSUPP: 95;
	EAFNOSUPPORT: 97;
	EADDRINUSE: 98;
	EADDRNOTAVAIL: 99;
	ENETDOWN: 100;
	ENETUNREACH: 101;
	ECONNABORTED: 103;
	ECONNRESET: 104;
	ENOBUFS: 105;
	EISCONN: 106;
	ENOTCONN: 107;
	ETIMEDOUT: 110;
	ECONNREFUSED: 111;
	EHOSTUNREACH: 113;
	EDQUOT: 122;
	ECANCELED: 125;
}

/** The text of each error, as `strerror` gives it. */
export interface ErrnoTexts {
	EPERM: "Operation not permitted";
	ENOENT: "No such file or directory";
	ESRCH: "No such process";
	EINTR: "Interrupted system call";
	EIO: "Input/output error";
	ENXIO: "No such device or address";
	E2BIG: "Argument list too long";
	ENOEXEC: "Exec format error";
	EBADF: "Bad file descriptor";
	ECHILD: "No child processes";
	EAGAIN: "Resource temporarily unavailable";
	ENOMEM: "Cannot allocate memory";
	EACCES: "Permission denied";
	EFAULT: "Bad address";
	EBUSY: "Device or resource busy";
	EEXIST: "File exists";
	EXDEV: "Invalid cross-device link";
	ENODEV: "No such device";
	ENOTDIR: "Not a directory";
	EISDIR: "Is a directory";
	EINVAL: "Invalid argument";
	ENFILE: "Too many open files in system";
	EMFILE: "Too many open files";
	ENOTTY: "Inappropriate ioctl for device";
	ETXTBSY: "Text file busy";
	EFBIG: "File too large";
	ENOSPC: "No space left on device";
	ESPIPE: "Illegal seek";
	EROFS: "Read-only file system";
	EMLINK: "Too many links";
	EPIPE: "Broken pipe";
	ERANGE: "Numerical result out of range";
	ENAMETOOLONG: "File name too long";
	ENOSYS: "Function not implemented";
	ENOTEMPTY: "Directory not empty";
	ELOOP: "Too many levels of symbolic links";
	EPROTO: "Protocol error";
	EOVERFLOW: "Value too large for defined data type";
	ENOTSOCK: "Socket operation on non-socket";
	EDESTADDRREQ: "Destination address required";
	EMSGSIZE: "Message too long";
	ENOPROTOOPT: "Protocol not available";
	EPROTONOSUPPORT: "Protocol not supported";
	EOPNOTSUPP: "Operation not supported";
	EAFNOSUPPORT: "Address family not supported by protocol";
	EADDRINUSE: "Address already in use";
	EADDRNOTAVAIL: "Cannot assign requested address";
	ENETDOWN: "Network is down";
	ENETUNREACH: "Network is unreachable";
	ECONNABORTED: "Software caused connection abort";
	ECONNRESET: "Connection reset by peer";
	ENOBUFS: "No buffer space available";
	EISCONN: "Transport endpoint is already connected";
	ENOTCONN: "Transport endpoint is not connected";
	ETIMEDOUT: "Connection timed out";
	ECONNREFUSED: "Connection refused";
	EHOSTUNREACH: "No route to host";
	EDQUOT: "Disk quota exceeded";
	ECANCELED: "Operation canceled";
}

/** The number of each signal. */
export interface SignalNumbers {
	SIGHUP: 1;
	SIGINT: 2;
	SIGQUIT: 3;
	SIGILL: 4;
	SIGTRAP: 5;
	SIGABRT: 6;
	SIGBUS: 7;
	SIGFPE: 8;
	SIGKILL: 9;
	SIGUSR1: 10;
	SIGSEGV: 11;
	SIGUSR2: 12;
	SIGPIPE: 13;
	SIGALRM: 14;
	SIGTERM: 15;
	SIGCHLD: 17;
	SIGCONT: 18;
	SIGSTOP: 19;
	SIGTSTP: 20;
	SIGTTIN: 21;
	SIGTTOU: 22;
	SIGURG: 23;
	SIGXCPU: 24;
	SIGXFSZ: 25;
	SIGWINCH: 28;
	SIGIO: 29;
	SIGPWR: 30;
	SIGSYS: 31;
}

/** Bits of `open`'s flags. */
export interface OpenFlagBits {
	READ: 1;
	WRITE: 2;
	CREATE: 4;
	EXCLUSIVE: 8;
	TRUNCATE: 16;
	APPEND: 32;
	DIRECTORY: 64;
	NOFOLLOW: 128;
	NONBLOCK: 256;
	CLOEXEC: 512;
}

/** Bits of the mode word. */
export interface ModeBits {
	TYPE: 61440;
	FILE: 32768;
	DIR: 16384;
	SYMLINK: 40960;
	DEVICE: 8192;
	FIFO: 4096;
	SOCKET: 49152;
	SETUID: 2048;
	SETGID: 1024;
	STICKY: 512;
	PERMS: 4095;
}

/** Bits of a terminal's flag words, and places of its control characters. */
export interface TermiosBits {
	ICRNL: 256;
	INLCR: 64;
	IGNCR: 128;
	IXON: 1024;
	IUTF8: 16384;
	OPOST: 1;
	ONLCR: 4;
	ISIG: 1;
	ICANON: 2;
	ECHO: 8;
	ECHOE: 16;
	ECHOK: 32;
	ECHONL: 64;
	NOFLSH: 128;
	TOSTOP: 256;
	ECHOCTL: 512;
	ECHOKE: 2048;
	IEXTEN: 32768;
	VINTR: 0;
	VQUIT: 1;
	VERASE: 2;
	VKILL: 3;
	VEOF: 4;
	VTIME: 5;
	VMIN: 6;
	VSTART: 8;
	VSTOP: 9;
	VSUSP: 10;
	VEOL: 11;
	VREPRINT: 12;
	VWERASE: 14;
	VLNEXT: 15;
	NCCS: 17;
}

/** How a terminal treats what is typed and what is written (POSIX `struct termios`). */
export interface Termios {
	/** Input bits: `ICRNL`, `IXON`, … */
	iflag: number;
	/** Output bits: `OPOST`, `ONLCR`. */
	oflag: number;
	/** Local bits: `ICANON`, `ECHO`, `ISIG`, … */
	lflag: number;
	/** The control characters, `NCCS` bytes by their places; 0 switches one off. */
	cc: Uint8Array;
}

/** The size of a terminal's screen. */
export interface WinSize {
	/** Rows. */
	rows: number;
	/** Columns. */
	columns: number;
}

/** A new pseudo-terminal. */
export interface PtyPair {
	/** Descriptor of the side that a terminal emulator holds. */
	master: number;
	/** Descriptor of the side that programs hold. */
	slave: number;
	/** The terminal's device name, without `/dev/`: `pts/3`. */
	name: string;
}

/** A bound on what a process may use; absent: none. */
export interface Limit {
	/** What counts now. */
	soft?: number | null;
	/** The most that `soft` may be raised to by other than root. */
	hard?: number | null;
}

/** A file system, as `df` sees it. */
export interface FsInfo {
	/** Where it is mounted. */
	path: string;
	/** Its kind: `overlay`, `proc`, `devpts`, `helios`, `iso9660`. */
	kind: string;
	/** Bytes that it can hold. */
	totalBytes: number;
	/** Bytes in use. */
	usedBytes: number;
	/** Inodes that it can hold. */
	totalInodes: number;
	/** Inodes in use. */
	usedInodes: number;
}

/** What `stat` tells of a file. */
export interface Stat {
	/** The device that it is on: hard links and renames stay on one. */
	dev: number;
	/** Inode number, unlike every other of the machine's. */
	ino: number;
	/** Type and permissions, the traditional `st_mode`. */
	mode: number;
	/** Number of names. */
	nlink: number;
	/** Owner. */
	uid: number;
	/** Group. */
	gid: number;
	/** Length in bytes. */
	size: number;
	/** Last change of the contents, in milliseconds since the Unix epoch, virtual. */
	mtimeMs: number;
	/** Last change of the inode, likewise. */
	ctimeMs: number;
	/** Device number (major << 8 | minor) of a device, else 0. */
	rdev: number;
}

/** One entry of a directory. */
export interface DirEntry {
	/** Its name. */
	name: string;
	/** Its inode number. */
	ino: number;
	/** Type bits of its mode. */
	kind: number;
}

/** How a child ended, or that it stopped or went on. */
export interface WaitStatus {
	/** The child. */
	pid: number;
	/** Its exit status, if it exited. */
	code?: number | null;
	/** The signal that ended it, if one did. */
	signal?: number | null;
	/** Why, where there is more to say than the status. */
	reason?: string | null;
	/** The signal that stopped it, where it has not ended. */
	stopped?: number | null;
	/** It goes on after a stop, where it has not ended. */
	continued?: boolean | null;
	/** CPU time of it and of the children that it waited for, in microseconds. */
	cpuUs: number;
}

/** A pipe's two ends. */
export interface PipeEnds {
	/** Descriptor to read from. */
	read: number;
	/** Descriptor to write to. */
	write: number;
}

/** One descriptor for a child: the parent's `from` becomes the child's `to`. */
export interface FdMap {
	/** Descriptor in the child. */
	to: number;
	/** Descriptor in the parent. */
	from: number;
}

/** One descriptor that `poll` watches. */
export interface PollFd {
	/** The descriptor. */
	fd: number;
	/** Wanted events: 1 readable, 4 writable (POLLIN, POLLOUT). */
	events: number;
}

/** What `poll` saw: events as in `PollFd`, and 8 error, 16 hung up, 32 invalid. */
export interface PollResult {
	/** The descriptor. */
	fd: number;
	/** What happened. */
	revents: number;
}

/** A message from another process's `mailbox_send`. */
export interface Message {
	/** Who sent it. */
	from: number;
	/** The sender's user. */
	uid: number;
	/** Its contents. */
	data: Uint8Array;
}

/** What a process may know of itself without `/proc`. */
export interface ProcessInfo {
	/** Its pid. */
	pid: number;
	/** Its parent. */
	ppid: number;
	/** Real user. */
	uid: number;
	/** Real group. */
	gid: number;
	/** Effective user. */
	euid: number;
	/** Effective group. */
	egid: number;
	/** Supplementary groups. */
	groups: Array<number>;
	/** Working directory. */
	cwd: string;
	/** File-creation mask. */
	umask: number;
	/** Terminal device, if it has one. */
	tty?: string | null;
	/** Process group. */
	pgid: number;
	/** Session. */
	sid: number;
	/** Niceness, -20 to 19. */
	nice: number;
	/** CPU time so far, in microseconds. */
	cpuUs: number;
	/** CPU time of children that ended and were waited for, in microseconds. */
	childrenCpuUs: number;
	/** Capabilities held, in the grammar of manifests. */
	caps: Array<string>;
}

/** The machine, as `uname` and `uptime` see it. */
export interface SystemInfo {
	/** Host name. */
	hostname: string;
	/** Operating system. */
	sysname: string;
	/** Version of it. */
	release: string;
	/** Milliseconds of virtual time since boot. */
	uptimeMs: number;
	/** Memory, in bytes. */
	memoryBytes: number;
	/** Memory in use, in bytes, from the last samples. */
	memoryUsedBytes: number;
	/** Gas the CPU does in a millisecond. */
	gasPerTick: number;
}

/** An image of the machine. */
export interface SnapshotInfo {
	/** Its handle. */
	blob: string;
	/** Bytes that it takes beside the files' contents. */
	bytes: number;
	/** The tick at whose end it was taken. */
	tick: number;
	/** The slot that it is kept in, if any. */
	name?: string | null;
	/** The machine has just been put back to it. */
	restored: boolean;
}

/** A slot that keeps an image of the machine. */
export interface SnapshotSlot {
	/** Its name. */
	name: string;
	/** The image's handle. */
	blob: string;
	/** Bytes that it takes beside the files' contents. */
	bytes: number;
	/** The tick at whose end it was taken. */
	tick: number;
	/** The user who saved it. */
	uid: number;
}

/** Lines of a trace, oldest first. */
export interface TraceLines {
	/** One formatted call each. */
	lines: Array<string>;
	/** How many were dropped since the last read because the queue was full. */
	dropped: number;
	/** The traced process has ended and nothing more will come. */
	ended: boolean;
}

/** One import of a module. */
export interface ImportRef {
	/** The name as the module writes it. */
	written: string;
	/** The module that it means: an absolute path, or `helios:NAME`. */
	canonical: string;
}

/** A module that a process is given while it runs. */
export interface LoadedModule {
	/** Its name: an absolute path, or what `load` was told. */
	specifier: string;
	/** TypeScript. */
	source: string;
	/** What it imports. */
	imports: Array<ImportRef>;
}

/** The modules of a graph that the process did not have. */
export interface LoadedModules {
	/** The entry first. */
	modules: Array<LoadedModule>;
}

/** One end of what a socket talks over. */
export interface SocketAddress {
	/** The address, as `10.0.0.1`. */
	address: string;
	/** The port. */
	port: number;
}

/** A connection that was made. */
export interface SocketConnection {
	/** Its descriptor. */
	fd: number;
	/** This end. */
	local: SocketAddress;
	/** The other end. */
	remote: SocketAddress;
}

/** A datagram, ICMP message or frame that a socket received. */
export interface SocketDatagram {
	/** What it holds: a payload, a message with its header, or a frame. */
	data: Uint8Array;
	/** How long it was, if `data` is cut. */
	length: number;
	/** Who sent it; of a frame the hardware address. */
	address: string;
	/** From which port; 0 where there are none. */
	port: number;
	/** To which address it was sent. */
	to: string;
	/** The interface that it came in by, or left by. */
	interface: string;
	/** Hops that it had left. */
	hops: number;
	/** Whether it is a frame that this machine sent. */
	sent: boolean;
	/** When it came, in microseconds since the world began. */
	atUs: number;
}

/** What is known of a socket. */
export interface SocketInfo {
	/** `tcp`, `udp`, `icmp`, `raw` or `packet`. */
	kind: string;
	/** `LISTEN`, `ESTABLISHED` and the like of TCP, `UNCONN` or `ESTAB` of others. */
	state: string;
	/** This end; `0.0.0.0` where it is all addresses. */
	local: SocketAddress;
	/** The other end; absent where there is none. */
	remote?: SocketAddress | null;
	/** Bytes received and not read, or connections that wait to be accepted. */
	receiveQueue: number;
	/** Bytes sent and not acknowledged, or the most connections that may wait. */
	sendQueue: number;
	/** Who opened it. */
	uid: number;
	/** Its number on the machine, as in `socket:[12]`. */
	inode: number;
	/** More of a TCP connection, as `ss -i` shows it: names and numbers. */
	details: Array<SocketDetail>;
}

/** One number of a connection. */
export interface SocketDetail {
	/** Its name. */
	name: string;
	/** Its value. */
	value: number;
}

/** An interface. */
export interface InterfaceInfo {
	/** Its number: 0 is the loopback. */
	number: number;
	/** Its name. */
	name: string;
	/** Its hardware address. */
	mac: string;
	/** The longest datagram that it sends, in bytes. */
	mtu: number;
	/** Whether it is switched on. */
	up: boolean;
	/** Whether something is plugged in that is not cut. */
	carrier: boolean;
	/** Whether it takes frames that are addressed to others. */
	promiscuous: boolean;
	/** Its addresses, as `10.0.0.1/24`. */
	addresses: Array<string>;
	/** Frames received. */
	rxFrames: number;
	/** Their bytes. */
	rxBytes: number;
	/** Frames that arrived damaged. */
	rxErrors: number;
	/** Frames that arrived and were not taken. */
	rxDropped: number;
	/** Frames sent. */
	txFrames: number;
	/** Their bytes. */
	txBytes: number;
	/** Frames that were not sent. */
	txDropped: number;
}

/** A route. */
export interface RouteInfo {
	/** The network. */
	to: string;
	/** The router; absent where the network is on the link itself. */
	via?: string | null;
	/** The interface's name. */
	interface: string;
	/** Its metric. */
	metric: number;
	/** The address that is sent from, of a route that the interface's address made. */
	source?: string | null;
}

/** A neighbour. */
export interface NeighbourInfo {
	/** Its address. */
	address: string;
	/** The interface's name. */
	interface: string;
	/** Its hardware address, if known. */
	mac?: string | null;
	/** `REACHABLE`, `STALE`, `INCOMPLETE`, `PROBE` or `PERMANENT`. */
	state: string;
}

/** What a machine's network has counted. */
export interface NetworkInfo {
	/** Whether it passes datagrams on. */
	forwarding: boolean;
	/** Hops that its own datagrams may take. */
	hops: number;
	/** Counts by their names. */
	counters: Array<SocketDetail>;
}

/**
 * Opens a file. `flags` are bits of `OpenFlags`; `mode` (default 0o666, less the umask) is for files it creates.
 * ENOENT, EACCES, EISDIR, ENOTDIR, ELOOP, EEXIST, EMFILE, ENFILE, EROFS, ENOSPC, ENAMETOOLONG, EPERM.
 */
export interface OpenRequest {
	/** The path. */
	path: string;
	/** Bits of `OpenFlags`. */
	flags: number;
	/** Permissions of a new file. */
	mode?: number | null;
}

/** Reads up to `count` bytes (at most 1 MiB) from `fd`; no bytes mean end of file. EBADF, EISDIR, EAGAIN, EINTR. */
export interface ReadRequest {
	/** The descriptor. */
	fd: number;
	/** At most this many bytes. */
	count: number;
	/** Read here and leave the offset alone, as `pread` does. */
	offset?: number | null;
}

/** Writes `data` to `fd` and answers how many bytes went. EBADF, EPIPE (with SIGPIPE), ENOSPC, EFBIG, EAGAIN. */
export interface WriteRequest {
	/** The descriptor. */
	fd: number;
	/** What to write. */
	data: Uint8Array;
	/** Write here and leave the offset alone, as `pwrite` does. */
	offset?: number | null;
}

/** Releases a descriptor. EBADF. */
export interface CloseRequest {
	/** The descriptor. */
	fd: number;
}

/** Moves a file's offset and answers the new one. `whence`: 0 start, 1 current, 2 end. ESPIPE on what has none. */
export interface SeekRequest {
	/** The descriptor. */
	fd: number;
	/** Distance in bytes. */
	offset: number;
	/** From where. */
	whence: number;
}

/** Duplicates a descriptor to the lowest free number, or to `to`, closing what was there. EBADF, EMFILE. */
export interface DupRequest {
	/** The descriptor. */
	fd: number;
	/** The wanted number. */
	to?: number | null;
}

/** Makes a pipe of 64 KiB. EMFILE, ENFILE. */
export type PipeRequest = Record<string, never>;

/** Waits until one of `fds` is ready, or `timeoutMs` have passed; answers those that are. EINVAL above 256. */
export interface PollRequest {
	/** What to watch. */
	fds: Array<PollFd>;
	/** Milliseconds of virtual time; absent: for ever; 0: do not wait. */
	timeoutMs?: number | null;
}

/** Tells of the file at `path`, or with `nofollow` of a symbolic link itself. */
export interface StatPathRequest {
	/** The path. */
	path: string;
	/** Do not follow a symbolic link in the last place, as `lstat`. */
	nofollow?: boolean | null;
}

/** Tells of an open file. */
export interface FstatRequest {
	/** The descriptor. */
	fd: number;
}

/** Lists a directory, sorted by name, without `.` and `..`. ENOTDIR, EACCES. */
export interface ReaddirRequest {
	/** The path. */
	path: string;
}

/** Makes a directory (default 0o777, less the umask). EEXIST, ENOENT, EACCES, ENOSPC, EROFS. */
export interface MkdirRequest {
	/** The path. */
	path: string;
	/** Permissions. */
	mode?: number | null;
}

/** Removes a name; with `directory` an empty directory. ENOENT, EISDIR, ENOTDIR, ENOTEMPTY, EACCES, EPERM, EBUSY. */
export interface UnlinkRequest {
	/** The path. */
	path: string;
	/** Remove a directory instead of a file. */
	directory?: boolean | null;
}

/** Moves or renames, replacing what is there. EXDEV across file systems, EINVAL into itself, ENOTEMPTY, EISDIR. */
export interface RenameRequest {
	/** What to move. */
	old: string;
	/** Its new path. */
	new: string;
}

/** Makes a hard link. EPERM on directories, EXDEV, EEXIST, EMLINK. */
export interface LinkRequest {
	/** The existing file. */
	old: string;
	/** The new name. */
	new: string;
}

/** Makes a symbolic link that says `target`. EEXIST, ENAMETOOLONG. */
export interface SymlinkRequest {
	/** What the link says. */
	target: string;
	/** Where the link is. */
	path: string;
}

/** Reads what a symbolic link says. EINVAL if it is none. */
export interface ReadlinkRequest {
	/** The link. */
	path: string;
}

/** Resolves a path to its canonical form: absolute, without `.`, `..` and symbolic links. */
export interface RealpathRequest {
	/** The path. */
	path: string;
}

/** Sets the permission bits. EPERM unless the owner or root. */
export interface ChmodRequest {
	/** The path. */
	path: string;
	/** Permission bits, with setuid, setgid and sticky. */
	mode: number;
}

/** Sets owner and group; absent: unchanged. Clears setuid and setgid. EPERM. */
export interface ChownRequest {
	/** The path. */
	path: string;
	/** New owner. */
	uid?: number | null;
	/** New group. */
	gid?: number | null;
	/** Change a symbolic link itself. */
	nofollow?: boolean | null;
}

/** Cuts or extends a file to `size` bytes, by path or by descriptor (exactly one). EISDIR, EINVAL, EFBIG. */
export interface TruncateRequest {
	/** The path. */
	path?: string | null;
	/** The descriptor. */
	fd?: number | null;
	/** New length. */
	size: number;
}

/** Sets the modification time; absent: now. EPERM, EACCES. */
export interface UtimesRequest {
	/** The path. */
	path: string;
	/** Milliseconds since the Unix epoch. */
	mtimeMs?: number | null;
}

/** Tells of the file system that a path is on. ENOENT, EACCES. */
export interface StatfsRequest {
	/** The path. */
	path: string;
}

/**
 * Mounts an image: a file that holds one (Helios's own, or ISO 9660), the medium in a drive (`/dev/usb0`, `/dev/cd0`), or
 * the machine's disk as it was synced last (`/dev/disk`, read-only). For root. `options` are words with commas between:
 * `ro`, `rw`, `suid`, `nosuid`, `dev`, `nodev`, `exec`, `noexec`; without them `nosuid,nodev`. EPERM, ENOENT, ENOTDIR,
 * EBUSY (a directory that the kernel needs, or what is mounted already), EINVAL (no image, a damaged one), ENXIO (an
 * empty drive), EROFS, EFBIG, ENOSPC, ELOOP (images in images in images).
 */
export interface MountRequest {
	/** What: the path of a file or of a drive. */
	source: string;
	/** Where: a directory. */
	path: string;
	/** How. */
	options?: string | null;
}

/**
 * Unmounts what is mounted on a directory, everything on it synced. For root. EPERM, ENOENT, EINVAL (nothing is mounted
 * there), EBUSY (something of it is in use), ENOSPC (what was changed does not fit the file that it came from; it stays
 * mounted).
 */
export interface UnmountRequest {
	/** The directory. */
	path: string;
}

/**
 * Brings what was written to mounted images to the media and files that they came from, and makes the image of the
 * machine's disk. ENOSPC, EIO.
 */
export type SyncDisksRequest = Record<string, never>;

/**
 * Unmounts the medium in a drive, everything on it synced, and gives it out; or takes back what was given out last. For
 * root. EPERM, ENOENT, EINVAL (not a drive), ENXIO (nothing there), EBUSY.
 */
export interface EjectRequest {
	/** The drive. */
	device: string;
	/** Take back. */
	load?: boolean | null;
}

/**
 * Makes an image of what is below a directory, under the caller's permissions, and writes it to a file or to a drive.
 * EACCES, ENOENT, ENOTDIR, EFBIG, ENOSPC, EROFS, EBUSY.
 */
export interface MakeImageRequest {
	/** The directory. */
	source: string;
	/** The file, made where it is missing, or the drive. */
	target: string;
	/** A name for the image, at most 32 bytes. */
	label?: string | null;
	/** An ISO 9660 disc with Rock Ridge, instead of Helios's own form. */
	iso?: boolean | null;
}

/** Changes the working directory. ENOENT, ENOTDIR, EACCES. */
export interface ChdirRequest {
	/** The path. */
	path: string;
}

/** Sets the file-creation mask and answers the old one. */
export interface UmaskRequest {
	/** The new mask; absent: unchanged. */
	mask?: number | null;
}

/**
 * Starts a program: a file (`path`) or TypeScript source (`code`), exactly one. Answers the child's pid.
 * `argv[0]` is the program's name. Descriptors are 0, 1, 2 of the parent unless `fds` says otherwise.
 * ENOENT, EACCES, ENOEXEC (with the compiler's diagnostics), E2BIG, EAGAIN at the process limit, EPERM.
 */
export interface SpawnRequest {
	/** The program's file. */
	path?: string | null;
	/** The program's source. */
	code?: string | null;
	/** Arguments, the program's name first. */
	argv?: Array<string> | null;
	/** Environment; absent: the parent's. */
	env?: Record<string, string> | null;
	/** Working directory; absent: the parent's. */
	cwd?: string | null;
	/** Descriptors; absent: 0, 1 and 2 as they are. */
	fds?: Array<FdMap> | null;
	/** Terminal device name; absent: the parent's. */
	tty?: string | null;
	/** Process group to join; 0: a new one, which it leads; absent: the parent's. */
	pgroup?: number | null;
	/** Begins a session, with a group of its own and no terminal unless `ctty` names one. */
	setsid?: boolean | null;
	/** With `setsid`: the child's descriptor whose terminal becomes the session's. */
	ctty?: number | null;
	/** The child's group becomes the foreground of the caller's terminal before the child runs. */
	foreground?: boolean | null;
	/** Signals that get their default action in the child. */
	defaults?: Array<number> | null;
	/** Signals that the child ignores, besides those that the parent does. */
	ignores?: Array<number> | null;
	/** User to run as, real and effective; root only. */
	uid?: number | null;
	/** Group to run as, real and effective; root only. */
	gid?: number | null;
	/** Supplementary groups; root only. */
	groups?: Array<number> | null;
	/** Capabilities that the child keeps at most, in the grammar of manifests. */
	caps?: Array<string> | null;
}

/**
 * Puts another program in this process's place: pid, descriptors (less those closed on exec), working directory,
 * mask, group, session and limits stay; handlers, pending calls and timers do not. Answers only when it fails, as
 * `spawn` does. Nothing of the old program runs after it.
 */
export interface ExecRequest {
	/** The program's file. */
	path?: string | null;
	/** The program's source. */
	code?: string | null;
	/** Arguments, the program's name first. */
	argv?: Array<string> | null;
	/** Environment; absent: this process's. */
	env?: Record<string, string> | null;
	/** Working directory; absent: this process's. */
	cwd?: string | null;
	/** Descriptors of the program; absent: as they are, less those closed on exec. */
	fds?: Array<FdMap> | null;
}

/**
 * Resolves TypeScript with what it imports, as `spawn` does for `code`, for this process to run in itself. The reply
 * leaves out what the process has: its program's modules and those of earlier loads, which stay as they are whatever
 * became of their files. Needs no capability beyond those that reading the imports does, for the code runs under the
 * process's own. ENOENT, EACCES, EPERM, EEXIST, ENOEXEC (with the compiler's diagnostics), E2BIG above 16 MiB of
 * source in the program's life.
 */
export interface LoadRequest {
	/** The module's name, new to the process: 1 to 64 letters, digits, `:`, `.` and `-`. Not `helios:…`. */
	name: string;
	/** TypeScript. Its relative imports start in the working directory. */
	code: string;
}

/** Waits for a child to end: `pid`, one of a group, or any. With `nohang` answers null if none has. ECHILD. */
export interface WaitRequest {
	/** The child; absent: any. */
	pid?: number | null;
	/** Any child of this process group. */
	pgid?: number | null;
	/** Do not wait. */
	nohang?: boolean | null;
	/** Also tell of a child that stopped (WUNTRACED). */
	untraced?: boolean | null;
	/** Also tell of a child that went on after a stop (WCONTINUED). */
	continued?: boolean | null;
}

/** Sends a signal (0 only asks whether it could). ESRCH, EPERM, EINVAL. */
export interface KillRequest {
	/** The process; 0: this process's group; -1: all but `init` and the caller; less than -1: that group. */
	pid: number;
	/** The signal's number. */
	signal: number;
}

/** Blocks and unblocks signals; a blocked one waits. Answers what was blocked before. EINVAL. */
export interface SigmaskRequest {
	/** Signals to block; SIGKILL and SIGSTOP are left out without a word. */
	block?: Array<number> | null;
	/** Signals to unblock. */
	unblock?: Array<number> | null;
}

/** Begins a session: this process leads it and a group of its own, without a terminal. EPERM if it leads a group. */
export type SetsidRequest = Record<string, never>;

/**
 * Moves a process (this one or a child) to a group of its session; a group of its own where `pgid` is absent or
 * names it. ESRCH, EPERM.
 */
export interface SetpgidRequest {
	/** The process; absent: this one. */
	pid?: number | null;
	/** The group; absent: one of its own. */
	pgid?: number | null;
}

/**
 * Sets users and groups; absent: unchanged. Root may set all of them; others may set the effective ones to the real
 * ones. EPERM.
 */
export interface SetcredsRequest {
	/** Real user. */
	uid?: number | null;
	/** Effective user. */
	euid?: number | null;
	/** Real group. */
	gid?: number | null;
	/** Effective group. */
	egid?: number | null;
	/** Supplementary groups. */
	groups?: Array<number> | null;
}

/** Answers a process's niceness, and sets it where `nice` is given. Only root lowers it. ESRCH, EPERM, EACCES. */
export interface PriorityRequest {
	/** The process; absent: this one. */
	pid?: number | null;
	/** -20 (first) to 19 (last). */
	nice?: number | null;
}

/**
 * Answers a limit, and sets it where `set` is given. Resources: `cpu` (seconds of one turn), `memory` (bytes),
 * `files` (descriptors), `processes` (of the user), `filesize` (bytes). EINVAL, EPERM, ESRCH.
 */
export interface RlimitRequest {
	/** The process; absent: this one. */
	pid?: number | null;
	/** The resource's name. */
	resource: string;
	/** New bounds. */
	set?: Limit | null;
}

/**
 * Hashes a password (Argon2id, in the PHC string format). With `setting`, a hash, under its salt and costs: equal
 * answers mean equal passwords. EINVAL for what is no hash.
 */
export interface PasswordHashRequest {
	/** The password. */
	password: string;
	/** A hash to compare with; absent: a new salt from the machine's stream. */
	setting?: string | null;
}

/** Answers how a terminal treats input and output. ENOTTY. */
export interface TcgetattrRequest {
	/** A descriptor of the terminal. */
	fd: number;
}

/** Sets how a terminal treats input and output. ENOTTY, EINVAL; a background process gets SIGTTOU. */
export interface TcsetattrRequest {
	/** A descriptor of the terminal. */
	fd: number;
	/** The new treatment. */
	termios: Termios;
	/** Drop input that nobody read (TCSAFLUSH). */
	flush?: boolean | null;
}

/** Answers the size of a terminal's screen. ENOTTY. */
export interface TcgetwinsizeRequest {
	/** A descriptor of the terminal. */
	fd: number;
}

/** Sets the size of a terminal's screen; its foreground gets SIGWINCH where it differs. ENOTTY, EINVAL above 4096. */
export interface TcsetwinsizeRequest {
	/** A descriptor of the terminal, of either side. */
	fd: number;
	/** Rows. */
	rows: number;
	/** Columns. */
	columns: number;
}

/** Answers the foreground process group of the caller's terminal, 0 if there is none. ENOTTY. */
export interface TcgetpgrpRequest {
	/** A descriptor of the terminal. */
	fd: number;
}

/** Makes a process group of the caller's session the foreground of its terminal. ENOTTY, EPERM; SIGTTOU as above. */
export interface TcsetpgrpRequest {
	/** A descriptor of the terminal. */
	fd: number;
	/** The group. */
	pgid: number;
}

/** Makes a terminal the controlling terminal of the session that the caller leads. ENOTTY, EPERM. */
export interface SetCttyRequest {
	/** A descriptor of the terminal. */
	fd: number;
}

/** Makes a pseudo-terminal. EMFILE, ENFILE, EAGAIN at the machine's limit. */
export interface OpenptyRequest {
	/** Rows; 24 if absent. */
	rows?: number | null;
	/** Columns; 80 if absent. */
	columns?: number | null;
}

/**
 * Says how this process takes a signal: `default`, `ignore`, `handle` (the library's `on`) or `interrupt`: as
 * `handle`, but in the middle of a computation an exception, "interrupted", is thrown where it goes on. EINVAL for
 * SIGKILL.
 */
export interface SigactionRequest {
	/** The signal's number. */
	signal: number;
	/** `default`, `ignore`, `handle` or `interrupt`. */
	action: string;
}

/** Ends this process. Nothing follows it. */
export interface ExitRequest {
	/** Status, 0 to 255. */
	code: number;
}

/** Answers after `ns` nanoseconds of virtual time. */
export interface SleepRequest {
	/** How long. */
	ns: number;
}

/** Withdraws an outstanding call of this process, which then fails with ECANCELED. Answers whether it was there. */
export interface CancelRequest {
	/** The number of the call. */
	call: number;
}

/** Tells of this process. */
export type GetProcessInfoRequest = Record<string, never>;

/** Tells of the machine. */
export type GetSystemInfoRequest = Record<string, never>;

/** Sets the machine's host name: 1 to 64 letters, digits, dots and hyphens. Needs `sys:hostname`. EINVAL, EPERM. */
export interface SethostnameRequest {
	/** The new name. */
	name: string;
}

/** Switches the machine off at once; with `reboot` it boots at the next tick. Needs `sys:power`. EINVAL, EPERM. */
export interface SetPowerRequest {
	/** `off`, `halt` or `reboot`. */
	action: string;
}

/**
 * Takes an image of the machine as it is at the end of this tick, processes and files, and answers its handle, which
 * is good until the next one. Needs `sys:snapshot`. EPERM also where the world is authoritative; EFBIG, ENOSPC.
 */
export type TakeSnapshotRequest = Record<string, never>;

/** As `save_snapshot_named` with the name `auto`. */
export interface SaveSnapshotRequest {
	/** The handle of an image; absent: one of the end of this tick. */
	blob?: string | null;
}

/**
 * Keeps an image of the machine in a slot, in place of one of that name. When the image is loaded the call is
 * answered again, there, with `restored`. Needs `sys:snapshot`. EINVAL for a name (1 to 64 bytes, without `/` and
 * control characters), ENOENT for a handle, EDQUOT beyond 16 slots, ENOSPC beyond 256 MiB, EFBIG, EPERM.
 */
export interface SaveSnapshotNamedRequest {
	/** The slot's name. */
	name: string;
	/** The handle of an image; absent: one of the end of this tick. */
	blob?: string | null;
}

/**
 * Puts the image of a slot in the machine's place at the start of the next tick. Only a failure is answered. Needs
 * `sys:snapshot`. ENOENT, EINVAL, EIO for an image that cannot go on, EPERM.
 */
export interface LoadSnapshotNamedRequest {
	/** The slot's name. */
	name: string;
}

/** The machine's slots, by name. Needs `sys:snapshot`. EPERM. */
export type ListSnapshotsRequest = Record<string, never>;

/** Empties a slot. Needs `sys:snapshot`. ENOENT, EINVAL, EPERM. */
export interface RemoveSnapshotRequest {
	/** The slot's name. */
	name: string;
}

/** Writes a line to the kernel's log. Needs `sys:log`. EPERM. */
export interface KlogRequest {
	/** The line. */
	text: string;
}

/** Sends up to 64 KiB to a process's mailbox. EAGAIN when 64 messages wait there, EMSGSIZE, ESRCH, EPERM. */
export interface MailboxSendRequest {
	/** The receiver. */
	pid: number;
	/** The message. */
	data: Uint8Array;
}

/** Takes the oldest message from this process's mailbox; waits for one unless `nohang`. EAGAIN with `nohang`. */
export interface MailboxRecvRequest {
	/** Do not wait. */
	nohang?: boolean | null;
}

/** Traces another process's calls from now on. ESRCH, EPERM, EBUSY if somebody traces it. */
export interface TraceAttachRequest {
	/** The process. */
	pid: number;
}

/** Takes lines of the trace of `pid`; waits for one. */
export interface TraceReadRequest {
	/** The traced process. */
	pid: number;
	/** At most this many lines. */
	max: number;
}

/**
 * Opens a socket at a port of this machine: `tcp` listens for connections that `accept` takes, `udp` takes datagrams.
 * Port 0 is one that is free, of 49152 to 65535. Needs `net:tcp` or `net:udp` on the port, and below 1024 `net:bind` too.
 * EADDRINUSE, EADDRNOTAVAIL (no such address here), EPERM, ENOBUFS.
 */
export interface ListenRequest {
	/** The port. */
	port: number;
	/** `tcp` or `udp`. */
	proto: string;
	/** An address of this machine; absent: all. */
	address?: string | null;
	/** Connections that may wait to be accepted: 128 by default, 4096 at most. */
	backlog?: number | null;
	/** Share the address with other sockets that do so, and take it while connections of an earlier one linger. */
	reuse?: boolean | null;
}

/**
 * Opens a socket of another kind: `udp` without a port, `icmp` (echo requests and what answers them), `raw` (datagrams of
 * one IP protocol, needs `net:raw`), `packet` (frames of an interface, or of all; needs `net:packet`). EPERM, EINVAL,
 * ENODEV, ENOBUFS.
 */
export interface OpenSocketRequest {
	/** `udp`, `icmp`, `raw` or `packet`. */
	kind: string;
	/** The protocol's number, for `raw`. */
	protocol?: number | null;
	/** The interface, for `packet`. */
	interface?: string | null;
}

/**
 * Connects to a port of a machine. `tcp` waits until the other end has answered; `udp` only remembers whom to talk to.
 * Needs `net:tcp` or `net:udp` on the port. ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL (no port is
 * free), EPERM, ENOBUFS.
 */
export interface ConnectRequest {
	/** The address, as `10.0.0.1`. */
	address: string;
	/** The port. */
	port: number;
	/** `tcp` (the default) or `udp`. */
	proto?: string | null;
	/** The address to talk from; absent: that of the interface that leads there. */
	localAddress?: string | null;
	/** The port to talk from; absent: one that is free. */
	localPort?: number | null;
	/** Give up after so many milliseconds: ETIMEDOUT. */
	timeoutMs?: number | null;
}

/**
 * Takes the connection that has waited longest; waits for one. EBADF, ENOTSOCK, EINVAL (the socket does not listen),
 * EAGAIN of a descriptor that does not wait, EMFILE, ENFILE.
 */
export interface AcceptRequest {
	/** The listening socket. */
	fd: number;
}

/**
 * Sends bytes on a connection: waits for room, and answers how many were taken, at least one. EPIPE, ECONNRESET, ETIMEDOUT,
 * ENOTCONN, ENOTSOCK.
 */
export interface TcpSendRequest {
	/** The socket. */
	fd: number;
	/** What to send. */
	data: Uint8Array;
}

/**
 * Sends a datagram: whole, or not at all. Without an address it goes where the socket is connected to. EDESTADDRREQ,
 * EMSGSIZE, ENETUNREACH, ECONNREFUSED (what an earlier one met), EACCES (a broadcast that was not asked for), EAGAIN.
 */
export interface UdpSendRequest {
	/** The socket. */
	fd: number;
	/** What to send. */
	data: Uint8Array;
	/** The address. */
	address?: string | null;
	/** The port. */
	port?: number | null;
}

/**
 * Sends from an `icmp`, `raw` or `packet` socket: an ICMP message (its identifier is the socket's), the payload of a
 * datagram, a frame. EMSGSIZE, ENETUNREACH, EDESTADDRREQ, EINVAL, ENODEV.
 */
export interface RawSendRequest {
	/** The socket. */
	fd: number;
	/** What to send. */
	data: Uint8Array;
	/** The address; a frame has its own. */
	address?: string | null;
}

/**
 * Takes the oldest datagram, message or frame of a socket; waits for one. An error that ICMP reported of what was sent is
 * answered first. EAGAIN of a descriptor that does not wait, ECONNREFUSED, EHOSTUNREACH, ENOTSOCK.
 */
export interface ReceiveFromRequest {
	/** The socket. */
	fd: number;
	/** At most this many bytes of it: 65,535 by default. */
	max?: number | null;
	/** Wait at most so many milliseconds: EAGAIN. */
	timeoutMs?: number | null;
}

/**
 * Ends one or both directions of a connection: `write` lets the peer read an end, `read` drops what it still sends.
 * ENOTCONN, ENOTSOCK, EINVAL.
 */
export interface ShutdownSocketRequest {
	/** The socket. */
	fd: number;
	/** `read`, `write` or `both`. */
	how: string;
}

/**
 * Sets an option of a socket: `nodelay`, `keepalive`, `keepidle`, `keepintvl`, `keepcnt` (seconds and a count), `congestion`
 * (0: NewReno, 1: CUBIC), `sndbuf`, `rcvbuf`, `usertimeout` (milliseconds), `linger` (-1: off), `broadcast`, `ttl`, `reuse`,
 * `errors` (let `receive_from` answer ICMP errors as datagrams). ENOPROTOOPT, EINVAL, ENOTSOCK.
 */
export interface SetSocketOptionRequest {
	/** The socket. */
	fd: number;
	/** The option. */
	name: string;
	/** Its value. */
	value: number;
}

/** Joins or leaves a group of receivers (multicast). EINVAL, ENODEV, ENOBUFS, ENOTSOCK. */
export interface SetMembershipRequest {
	/** A UDP socket. */
	fd: number;
	/** The group. */
	group: string;
	/** The interface; absent: the one that leads to the group. */
	interface?: string | null;
	/** Join, or leave. */
	join: boolean;
}

/** Tells of one socket. EBADF, ENOTSOCK. */
export interface SocketInfoOfRequest {
	/** The socket. */
	fd: number;
}

/** Tells of every socket of the machine. */
export type SocketsRequest = Record<string, never>;

/** Tells of every interface of the machine. */
export type InterfacesRequest = Record<string, never>;

/** Changes an interface; needs `net:admin`. What is absent stays. ENODEV, EINVAL, EPERM. */
export interface SetInterfaceRequest {
	/** Its name. */
	name: string;
	/** Switch it on or off. */
	up?: boolean | null;
	/** Take frames that are addressed to others. */
	promiscuous?: boolean | null;
	/** The longest datagram that it sends, in bytes. */
	mtu?: number | null;
}

/** Adds an address to an interface, or removes it; needs `net:admin`. ENODEV, EINVAL, EEXIST, EADDRNOTAVAIL, ENOSPC, EPERM. */
export interface SetAddressRequest {
	/** The interface's name. */
	interface: string;
	/** The address with its prefix, as `10.0.0.1/24`. */
	address: string;
	/** Add it, or remove it. */
	add: boolean;
}

/** Tells of every route of the machine, in the order in which they are looked through. */
export type RoutesRequest = Record<string, never>;

/** Adds a route, or removes the first that fits; needs `net:admin`. EINVAL, EEXIST, ENETUNREACH, ESRCH, ENODEV, ENOSPC, EPERM. */
export interface SetRouteRequest {
	/** The network, as `10.0.0.0/24`; `0.0.0.0/0` is everything else. */
	to: string;
	/** The router. */
	via?: string | null;
	/** The interface's name. */
	interface?: string | null;
	/** Of two routes to a network the one with the smaller metric is taken. */
	metric?: number | null;
	/** Add it, or remove it. */
	add: boolean;
}

/** Tells of the neighbours of every interface: who has which hardware address. */
export type NeighboursRequest = Record<string, never>;

/** Writes a neighbour down for ever, or forgets one; needs `net:admin`. ENODEV, EINVAL, ENOENT, ENOSPC, EPERM. */
export interface SetNeighbourRequest {
	/** The interface's name. */
	interface: string;
	/** The neighbour's address. */
	address: string;
	/** Its hardware address; absent: forget it. */
	mac?: string | null;
}

/** Tells what the machine's network has counted, and whether it passes datagrams on. */
export type NetworkStatusRequest = Record<string, never>;

/** Lets the machine pass datagrams on, or sets the number of hops that its own may take; needs `net:admin`. EINVAL, EPERM. */
export interface SetNetworkRequest {
	/** Whether it is a router. */
	forwarding?: boolean | null;
	/** The hops; above 255 datagrams carry them in an option. */
	hops?: number | null;
}

/** Every syscall: what it takes and what it answers. */
export interface Syscalls {
	/**
	 * Opens a file. `flags` are bits of `OpenFlags`; `mode` (default 0o666, less the umask) is for files it creates.
	 * ENOENT, EACCES, EISDIR, ENOTDIR, ELOOP, EEXIST, EMFILE, ENFILE, EROFS, ENOSPC, ENAMETOOLONG, EPERM.
	 */
	open(request: OpenRequest): number;
	/** Reads up to `count` bytes (at most 1 MiB) from `fd`; no bytes mean end of file. EBADF, EISDIR, EAGAIN, EINTR. */
	read(request: ReadRequest): Uint8Array;
	/** Writes `data` to `fd` and answers how many bytes went. EBADF, EPIPE (with SIGPIPE), ENOSPC, EFBIG, EAGAIN. */
	write(request: WriteRequest): number;
	/** Releases a descriptor. EBADF. */
	close(request: CloseRequest): void;
	/** Moves a file's offset and answers the new one. `whence`: 0 start, 1 current, 2 end. ESPIPE on what has none. */
	seek(request: SeekRequest): number;
	/** Duplicates a descriptor to the lowest free number, or to `to`, closing what was there. EBADF, EMFILE. */
	dup(request: DupRequest): number;
	/** Makes a pipe of 64 KiB. EMFILE, ENFILE. */
	pipe(request: PipeRequest): PipeEnds;
	/** Waits until one of `fds` is ready, or `timeoutMs` have passed; answers those that are. EINVAL above 256. */
	poll(request: PollRequest): Array<PollResult>;
	/** Tells of the file at `path`, or with `nofollow` of a symbolic link itself. */
	stat(request: StatPathRequest): Stat;
	/** Tells of an open file. */
	fstat(request: FstatRequest): Stat;
	/** Lists a directory, sorted by name, without `.` and `..`. ENOTDIR, EACCES. */
	readdir(request: ReaddirRequest): Array<DirEntry>;
	/** Makes a directory (default 0o777, less the umask). EEXIST, ENOENT, EACCES, ENOSPC, EROFS. */
	mkdir(request: MkdirRequest): void;
	/** Removes a name; with `directory` an empty directory. ENOENT, EISDIR, ENOTDIR, ENOTEMPTY, EACCES, EPERM, EBUSY. */
	unlink(request: UnlinkRequest): void;
	/** Moves or renames, replacing what is there. EXDEV across file systems, EINVAL into itself, ENOTEMPTY, EISDIR. */
	rename(request: RenameRequest): void;
	/** Makes a hard link. EPERM on directories, EXDEV, EEXIST, EMLINK. */
	link(request: LinkRequest): void;
	/** Makes a symbolic link that says `target`. EEXIST, ENAMETOOLONG. */
	symlink(request: SymlinkRequest): void;
	/** Reads what a symbolic link says. EINVAL if it is none. */
	readlink(request: ReadlinkRequest): string;
	/** Resolves a path to its canonical form: absolute, without `.`, `..` and symbolic links. */
	realpath(request: RealpathRequest): string;
	/** Sets the permission bits. EPERM unless the owner or root. */
	chmod(request: ChmodRequest): void;
	/** Sets owner and group; absent: unchanged. Clears setuid and setgid. EPERM. */
	chown(request: ChownRequest): void;
	/** Cuts or extends a file to `size` bytes, by path or by descriptor (exactly one). EISDIR, EINVAL, EFBIG. */
	truncate(request: TruncateRequest): void;
	/** Sets the modification time; absent: now. EPERM, EACCES. */
	utimes(request: UtimesRequest): void;
	/** Tells of the file system that a path is on. ENOENT, EACCES. */
	statfs(request: StatfsRequest): FsInfo;
	/**
	 * Mounts an image: a file that holds one (Helios's own, or ISO 9660), the medium in a drive (`/dev/usb0`, `/dev/cd0`), or
	 * the machine's disk as it was synced last (`/dev/disk`, read-only). For root. `options` are words with commas between:
	 * `ro`, `rw`, `suid`, `nosuid`, `dev`, `nodev`, `exec`, `noexec`; without them `nosuid,nodev`. EPERM, ENOENT, ENOTDIR,
	 * EBUSY (a directory that the kernel needs, or what is mounted already), EINVAL (no image, a damaged one), ENXIO (an
	 * empty drive), EROFS, EFBIG, ENOSPC, ELOOP (images in images in images).
	 */
	mount(request: MountRequest): void;
	/**
	 * Unmounts what is mounted on a directory, everything on it synced. For root. EPERM, ENOENT, EINVAL (nothing is mounted
	 * there), EBUSY (something of it is in use), ENOSPC (what was changed does not fit the file that it came from; it stays
	 * mounted).
	 */
	unmount(request: UnmountRequest): void;
	/**
	 * Brings what was written to mounted images to the media and files that they came from, and makes the image of the
	 * machine's disk. ENOSPC, EIO.
	 */
	sync(request: SyncDisksRequest): void;
	/**
	 * Unmounts the medium in a drive, everything on it synced, and gives it out; or takes back what was given out last. For
	 * root. EPERM, ENOENT, EINVAL (not a drive), ENXIO (nothing there), EBUSY.
	 */
	eject(request: EjectRequest): void;
	/**
	 * Makes an image of what is below a directory, under the caller's permissions, and writes it to a file or to a drive.
	 * EACCES, ENOENT, ENOTDIR, EFBIG, ENOSPC, EROFS, EBUSY.
	 */
	mkimage(request: MakeImageRequest): void;
	/** Changes the working directory. ENOENT, ENOTDIR, EACCES. */
	chdir(request: ChdirRequest): void;
	/** Sets the file-creation mask and answers the old one. */
	umask(request: UmaskRequest): number;
	/**
	 * Starts a program: a file (`path`) or TypeScript source (`code`), exactly one. Answers the child's pid.
	 * `argv[0]` is the program's name. Descriptors are 0, 1, 2 of the parent unless `fds` says otherwise.
	 * ENOENT, EACCES, ENOEXEC (with the compiler's diagnostics), E2BIG, EAGAIN at the process limit, EPERM.
	 */
	spawn(request: SpawnRequest): number;
	/**
	 * Puts another program in this process's place: pid, descriptors (less those closed on exec), working directory,
	 * mask, group, session and limits stay; handlers, pending calls and timers do not. Answers only when it fails, as
	 * `spawn` does. Nothing of the old program runs after it.
	 */
	exec(request: ExecRequest): void;
	/**
	 * Resolves TypeScript with what it imports, as `spawn` does for `code`, for this process to run in itself. The reply
	 * leaves out what the process has: its program's modules and those of earlier loads, which stay as they are whatever
	 * became of their files. Needs no capability beyond those that reading the imports does, for the code runs under the
	 * process's own. ENOENT, EACCES, EPERM, EEXIST, ENOEXEC (with the compiler's diagnostics), E2BIG above 16 MiB of
	 * source in the program's life.
	 */
	load(request: LoadRequest): LoadedModules;
	/** Waits for a child to end: `pid`, one of a group, or any. With `nohang` answers null if none has. ECHILD. */
	wait(request: WaitRequest): WaitStatus | null;
	/** Sends a signal (0 only asks whether it could). ESRCH, EPERM, EINVAL. */
	kill(request: KillRequest): void;
	/** Blocks and unblocks signals; a blocked one waits. Answers what was blocked before. EINVAL. */
	sigmask(request: SigmaskRequest): Array<number>;
	/** Begins a session: this process leads it and a group of its own, without a terminal. EPERM if it leads a group. */
	setsid(request: SetsidRequest): number;
	/**
	 * Moves a process (this one or a child) to a group of its session; a group of its own where `pgid` is absent or
	 * names it. ESRCH, EPERM.
	 */
	setpgid(request: SetpgidRequest): void;
	/**
	 * Sets users and groups; absent: unchanged. Root may set all of them; others may set the effective ones to the real
	 * ones. EPERM.
	 */
	setcreds(request: SetcredsRequest): void;
	/** Answers a process's niceness, and sets it where `nice` is given. Only root lowers it. ESRCH, EPERM, EACCES. */
	priority(request: PriorityRequest): number;
	/**
	 * Answers a limit, and sets it where `set` is given. Resources: `cpu` (seconds of one turn), `memory` (bytes),
	 * `files` (descriptors), `processes` (of the user), `filesize` (bytes). EINVAL, EPERM, ESRCH.
	 */
	rlimit(request: RlimitRequest): Limit;
	/**
	 * Hashes a password (Argon2id, in the PHC string format). With `setting`, a hash, under its salt and costs: equal
	 * answers mean equal passwords. EINVAL for what is no hash.
	 */
	password_hash(request: PasswordHashRequest): string;
	/** Answers how a terminal treats input and output. ENOTTY. */
	tcgetattr(request: TcgetattrRequest): Termios;
	/** Sets how a terminal treats input and output. ENOTTY, EINVAL; a background process gets SIGTTOU. */
	tcsetattr(request: TcsetattrRequest): void;
	/** Answers the size of a terminal's screen. ENOTTY. */
	tcgetwinsize(request: TcgetwinsizeRequest): WinSize;
	/** Sets the size of a terminal's screen; its foreground gets SIGWINCH where it differs. ENOTTY, EINVAL above 4096. */
	tcsetwinsize(request: TcsetwinsizeRequest): void;
	/** Answers the foreground process group of the caller's terminal, 0 if there is none. ENOTTY. */
	tcgetpgrp(request: TcgetpgrpRequest): number;
	/** Makes a process group of the caller's session the foreground of its terminal. ENOTTY, EPERM; SIGTTOU as above. */
	tcsetpgrp(request: TcsetpgrpRequest): void;
	/** Makes a terminal the controlling terminal of the session that the caller leads. ENOTTY, EPERM. */
	set_ctty(request: SetCttyRequest): void;
	/** Makes a pseudo-terminal. EMFILE, ENFILE, EAGAIN at the machine's limit. */
	openpty(request: OpenptyRequest): PtyPair;
	/**
	 * Says how this process takes a signal: `default`, `ignore`, `handle` (the library's `on`) or `interrupt`: as
	 * `handle`, but in the middle of a computation an exception, "interrupted", is thrown where it goes on. EINVAL for
	 * SIGKILL.
	 */
	sigaction(request: SigactionRequest): void;
	/** Ends this process. Nothing follows it. */
	exit(request: ExitRequest): void;
	/** Answers after `ns` nanoseconds of virtual time. */
	sleep(request: SleepRequest): void;
	/** Withdraws an outstanding call of this process, which then fails with ECANCELED. Answers whether it was there. */
	cancel(request: CancelRequest): boolean;
	/** Tells of this process. */
	process_info(request: GetProcessInfoRequest): ProcessInfo;
	/** Tells of the machine. */
	system_info(request: GetSystemInfoRequest): SystemInfo;
	/** Sets the machine's host name: 1 to 64 letters, digits, dots and hyphens. Needs `sys:hostname`. EINVAL, EPERM. */
	sethostname(request: SethostnameRequest): void;
	/** Switches the machine off at once; with `reboot` it boots at the next tick. Needs `sys:power`. EINVAL, EPERM. */
	power(request: SetPowerRequest): void;
	/**
	 * Takes an image of the machine as it is at the end of this tick, processes and files, and answers its handle, which
	 * is good until the next one. Needs `sys:snapshot`. EPERM also where the world is authoritative; EFBIG, ENOSPC.
	 */
	snapshot(request: TakeSnapshotRequest): SnapshotInfo;
	/** As `save_snapshot_named` with the name `auto`. */
	save_snapshot(request: SaveSnapshotRequest): SnapshotInfo;
	/**
	 * Keeps an image of the machine in a slot, in place of one of that name. When the image is loaded the call is
	 * answered again, there, with `restored`. Needs `sys:snapshot`. EINVAL for a name (1 to 64 bytes, without `/` and
	 * control characters), ENOENT for a handle, EDQUOT beyond 16 slots, ENOSPC beyond 256 MiB, EFBIG, EPERM.
	 */
	save_snapshot_named(request: SaveSnapshotNamedRequest): SnapshotInfo;
	/**
	 * Puts the image of a slot in the machine's place at the start of the next tick. Only a failure is answered. Needs
	 * `sys:snapshot`. ENOENT, EINVAL, EIO for an image that cannot go on, EPERM.
	 */
	load_snapshot_named(request: LoadSnapshotNamedRequest): void;
	/** The machine's slots, by name. Needs `sys:snapshot`. EPERM. */
	list_snapshots(request: ListSnapshotsRequest): Array<SnapshotSlot>;
	/** Empties a slot. Needs `sys:snapshot`. ENOENT, EINVAL, EPERM. */
	remove_snapshot(request: RemoveSnapshotRequest): void;
	/** Writes a line to the kernel's log. Needs `sys:log`. EPERM. */
	klog(request: KlogRequest): void;
	/** Sends up to 64 KiB to a process's mailbox. EAGAIN when 64 messages wait there, EMSGSIZE, ESRCH, EPERM. */
	mailbox_send(request: MailboxSendRequest): void;
	/** Takes the oldest message from this process's mailbox; waits for one unless `nohang`. EAGAIN with `nohang`. */
	mailbox_recv(request: MailboxRecvRequest): Message;
	/** Traces another process's calls from now on. ESRCH, EPERM, EBUSY if somebody traces it. */
	trace_attach(request: TraceAttachRequest): void;
	/** Takes lines of the trace of `pid`; waits for one. */
	trace_read(request: TraceReadRequest): TraceLines;
	/**
	 * Opens a socket at a port of this machine: `tcp` listens for connections that `accept` takes, `udp` takes datagrams.
	 * Port 0 is one that is free, of 49152 to 65535. Needs `net:tcp` or `net:udp` on the port, and below 1024 `net:bind` too.
	 * EADDRINUSE, EADDRNOTAVAIL (no such address here), EPERM, ENOBUFS.
	 */
	listen(request: ListenRequest): number;
	/**
	 * Opens a socket of another kind: `udp` without a port, `icmp` (echo requests and what answers them), `raw` (datagrams of
	 * one IP protocol, needs `net:raw`), `packet` (frames of an interface, or of all; needs `net:packet`). EPERM, EINVAL,
	 * ENODEV, ENOBUFS.
	 */
	open_socket(request: OpenSocketRequest): number;
	/**
	 * Connects to a port of a machine. `tcp` waits until the other end has answered; `udp` only remembers whom to talk to.
	 * Needs `net:tcp` or `net:udp` on the port. ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL (no port is
	 * free), EPERM, ENOBUFS.
	 */
	connect(request: ConnectRequest): SocketConnection;
	/**
	 * Takes the connection that has waited longest; waits for one. EBADF, ENOTSOCK, EINVAL (the socket does not listen),
	 * EAGAIN of a descriptor that does not wait, EMFILE, ENFILE.
	 */
	accept(request: AcceptRequest): SocketConnection;
	/**
	 * Sends bytes on a connection: waits for room, and answers how many were taken, at least one. EPIPE, ECONNRESET, ETIMEDOUT,
	 * ENOTCONN, ENOTSOCK.
	 */
	tcp_send(request: TcpSendRequest): number;
	/**
	 * Sends a datagram: whole, or not at all. Without an address it goes where the socket is connected to. EDESTADDRREQ,
	 * EMSGSIZE, ENETUNREACH, ECONNREFUSED (what an earlier one met), EACCES (a broadcast that was not asked for), EAGAIN.
	 */
	udp_send(request: UdpSendRequest): number;
	/**
	 * Sends from an `icmp`, `raw` or `packet` socket: an ICMP message (its identifier is the socket's), the payload of a
	 * datagram, a frame. EMSGSIZE, ENETUNREACH, EDESTADDRREQ, EINVAL, ENODEV.
	 */
	raw_send(request: RawSendRequest): number;
	/**
	 * Takes the oldest datagram, message or frame of a socket; waits for one. An error that ICMP reported of what was sent is
	 * answered first. EAGAIN of a descriptor that does not wait, ECONNREFUSED, EHOSTUNREACH, ENOTSOCK.
	 */
	receive_from(request: ReceiveFromRequest): SocketDatagram;
	/**
	 * Ends one or both directions of a connection: `write` lets the peer read an end, `read` drops what it still sends.
	 * ENOTCONN, ENOTSOCK, EINVAL.
	 */
	shutdown_socket(request: ShutdownSocketRequest): void;
	/**
	 * Sets an option of a socket: `nodelay`, `keepalive`, `keepidle`, `keepintvl`, `keepcnt` (seconds and a count), `congestion`
	 * (0: NewReno, 1: CUBIC), `sndbuf`, `rcvbuf`, `usertimeout` (milliseconds), `linger` (-1: off), `broadcast`, `ttl`, `reuse`,
	 * `errors` (let `receive_from` answer ICMP errors as datagrams). ENOPROTOOPT, EINVAL, ENOTSOCK.
	 */
	set_socket_option(request: SetSocketOptionRequest): void;
	/** Joins or leaves a group of receivers (multicast). EINVAL, ENODEV, ENOBUFS, ENOTSOCK. */
	set_membership(request: SetMembershipRequest): void;
	/** Tells of one socket. EBADF, ENOTSOCK. */
	socket_info(request: SocketInfoOfRequest): SocketInfo;
	/** Tells of every socket of the machine. */
	sockets(request: SocketsRequest): Array<SocketInfo>;
	/** Tells of every interface of the machine. */
	interfaces(request: InterfacesRequest): Array<InterfaceInfo>;
	/** Changes an interface; needs `net:admin`. What is absent stays. ENODEV, EINVAL, EPERM. */
	set_interface(request: SetInterfaceRequest): void;
	/** Adds an address to an interface, or removes it; needs `net:admin`. ENODEV, EINVAL, EEXIST, EADDRNOTAVAIL, ENOSPC, EPERM. */
	set_address(request: SetAddressRequest): void;
	/** Tells of every route of the machine, in the order in which they are looked through. */
	routes(request: RoutesRequest): Array<RouteInfo>;
	/** Adds a route, or removes the first that fits; needs `net:admin`. EINVAL, EEXIST, ENETUNREACH, ESRCH, ENODEV, ENOSPC, EPERM. */
	set_route(request: SetRouteRequest): void;
	/** Tells of the neighbours of every interface: who has which hardware address. */
	neighbours(request: NeighboursRequest): Array<NeighbourInfo>;
	/** Writes a neighbour down for ever, or forgets one; needs `net:admin`. ENODEV, EINVAL, ENOENT, ENOSPC, EPERM. */
	set_neighbour(request: SetNeighbourRequest): void;
	/** Tells what the machine's network has counted, and whether it passes datagrams on. */
	network_status(request: NetworkStatusRequest): NetworkInfo;
	/** Lets the machine pass datagrams on, or sets the number of hops that its own may take; needs `net:admin`. EINVAL, EPERM. */
	set_network(request: SetNetworkRequest): void;
}
