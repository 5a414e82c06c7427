/**
 * `helios:fs`: files and directories. Everything answers a promise and throws a `SystemError` when it fails.
 */

import { call } from "helios:core";
import { isSystemError, SystemError } from "helios:errors";
import { Stream, toBytes, toText } from "helios:io";
import type { DirEntry, FsInfo, ModeBits, OpenFlagBits, PipeEnds, Stat } from "helios-abi";

export type { DirEntry, FsInfo, PipeEnds, Stat } from "helios-abi";

/** Bits of `open`'s flags, for the rare case in which no letter fits. */
export const O: { readonly [Name in keyof OpenFlagBits]: OpenFlagBits[Name] } = {
	READ: 1,
	WRITE: 2,
	CREATE: 4,
	EXCLUSIVE: 8,
	TRUNCATE: 16,
	APPEND: 32,
	DIRECTORY: 64,
	NOFOLLOW: 128,
	NONBLOCK: 256,
	CLOEXEC: 512,
};

/** Bits of the mode word. */
export const MODE: { readonly [Name in keyof ModeBits]: ModeBits[Name] } = {
	TYPE: 0o170000,
	FILE: 0o100000,
	DIR: 0o040000,
	SYMLINK: 0o120000,
	DEVICE: 0o020000,
	FIFO: 0o010000,
	SOCKET: 0o140000,
	SETUID: 0o4000,
	SETGID: 0o2000,
	STICKY: 0o1000,
	PERMS: 0o7777,
};

/** How to open a file, as C's `fopen` has it; `x` fails with EEXIST where the file is there. */
export type OpenMode = "r" | "r+" | "w" | "w+" | "wx" | "wx+" | "a" | "a+" | "ax" | "ax+";

const OPEN_MODES: Record<OpenMode, number> = {
	r: O.READ,
	"r+": O.READ | O.WRITE,
	w: O.WRITE | O.CREATE | O.TRUNCATE,
	"w+": O.READ | O.WRITE | O.CREATE | O.TRUNCATE,
	wx: O.WRITE | O.CREATE | O.EXCLUSIVE,
	"wx+": O.READ | O.WRITE | O.CREATE | O.EXCLUSIVE,
	a: O.WRITE | O.CREATE | O.APPEND,
	"a+": O.READ | O.WRITE | O.CREATE | O.APPEND,
	ax: O.WRITE | O.CREATE | O.APPEND | O.EXCLUSIVE,
	"ax+": O.READ | O.WRITE | O.CREATE | O.APPEND | O.EXCLUSIVE,
};

/** Where `seek` counts from. */
export type Whence = "start" | "current" | "end";

const WHENCE: Record<Whence, number> = { start: 0, current: 1, end: 2 };

/** An open file. */
export class File extends Stream implements AsyncDisposable {
	#closed = false;

	/** Moves the offset and answers it. ESPIPE on what has none. */
	seek(offset: number, whence: Whence = "start"): Promise<number> {
		return call("seek", { fd: this.fd, offset, whence: WHENCE[whence] });
	}

	/** Reads up to `count` bytes at `offset` and leaves the file's own offset alone. */
	readAt(offset: number, count: number): Promise<Uint8Array> {
		return call("read", { fd: this.fd, count, offset });
	}

	/** What the machine knows of the file. */
	stat(): Promise<Stat> {
		return call("fstat", { fd: this.fd });
	}

	/** Cuts or extends it. */
	async truncate(size = 0): Promise<void> {
		await call("truncate", { fd: this.fd, size });
	}

	/** Closes it. A second time does nothing. */
	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		await call("close", { fd: this.fd });
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}

/** Opens a file. `mode` is for a file that this creates, less the umask. */
export async function open(path: string, flags: OpenMode | number = "r", mode?: number): Promise<File> {
	const bits = typeof flags === "number" ? flags : Object.hasOwn(OPEN_MODES, flags) ? OPEN_MODES[flags] : undefined;
	if (bits === undefined) throw new SystemError("EINVAL", `there is no way of opening "${flags}"`, "open");
	return new File(await call("open", { path, flags: bits, ...(mode === undefined ? {} : { mode }) }));
}

/** The file of a descriptor that is already open. */
export function fromFd(fd: number): File {
	return new File(fd);
}

/** Runs `use` with an open file and closes it whatever happens. */
async function withFile<T>(path: string, flags: OpenMode, use: (file: File) => Promise<T>, mode?: number): Promise<T> {
	const file = await open(path, flags, mode);
	try {
		return await use(file);
	} finally {
		await file.close();
	}
}

/** Reads a whole file. */
export function readFile(path: string): Promise<Uint8Array> {
	return withFile(path, "r", (file) => file.readAll());
}

/** Reads a whole file as UTF-8. */
export async function readTextFile(path: string): Promise<string> {
	return toText(await readFile(path));
}

/** How to write a file. */
export interface WriteOptions {
	/** Add to its end instead of replacing it. */
	append?: boolean;
	/** Permissions where this creates it. */
	mode?: number;
}

/** Writes a whole file, and creates it where it is absent. */
export function writeFile(path: string, data: string | Uint8Array, options: WriteOptions = {}): Promise<void> {
	const flags = options.append === true ? "a" : "w";
	return withFile(path, flags, (file) => file.write(toBytes(data)), options.mode);
}

/** What the machine knows of a file; a symbolic link is followed. */
export function stat(path: string): Promise<Stat> {
	return call("stat", { path });
}

/** What the machine knows of a file, or of a symbolic link itself. */
export function lstat(path: string): Promise<Stat> {
	return call("stat", { path, nofollow: true });
}

/** The file system that a path is on: how large it is, and how full. */
export function statfs(path: string): Promise<FsInfo> {
	return call("statfs", { path });
}

/**
 * Mounts an image: a file that holds one, the medium in a drive (`/dev/usb0`), or the disk as it was synced last
 * (`/dev/disk`). `options` are those of `mount -o`. For root, with the capability `sys:mount`.
 */
export async function mount(source: string, path: string, options = ""): Promise<void> {
	await call("mount", { source, path, options });
}

/** Unmounts what is mounted on a directory, everything that was written to it synced. */
export async function unmount(path: string): Promise<void> {
	await call("unmount", { path });
}

/** Brings what was written to mounted images to where they came from, and makes the image of the disk. */
export async function sync(): Promise<void> {
	await call("sync", {});
}

/** Unmounts the medium in a drive and gives it out; with `load` takes back what was given out last. */
export async function eject(device: string, load = false): Promise<void> {
	await call("eject", { device, load });
}

/** How an image is made. */
export interface ImageOptions {
	/** A name for it, at most 32 bytes. */
	label?: string;
	/** An ISO 9660 disc, instead of Helios's own form. */
	iso?: boolean;
}

/** Makes an image of what is below a directory, and writes it to a file or to a drive. */
export async function makeImage(source: string, target: string, options: ImageOptions = {}): Promise<void> {
	await call("mkimage", { source, target, label: options.label ?? "", iso: options.iso ?? false });
}

/** Whether there is such a file. A path that may not be looked at throws. */
export async function exists(path: string): Promise<boolean> {
	try {
		await stat(path);
		return true;
	} catch (error) {
		if (isSystemError(error, "ENOENT", "ENOTDIR")) return false;
		throw error;
	}
}

/** Whether it is a regular file. */
export function isFile(stat: { mode: number }): boolean {
	return (stat.mode & MODE.TYPE) === MODE.FILE;
}

/** Whether it is a directory. */
export function isDirectory(stat: { mode: number }): boolean {
	return (stat.mode & MODE.TYPE) === MODE.DIR;
}

/** Whether it is a symbolic link. */
export function isSymlink(stat: { mode: number }): boolean {
	return (stat.mode & MODE.TYPE) === MODE.SYMLINK;
}

/** Whether it is a character device. */
export function isDevice(stat: { mode: number }): boolean {
	return (stat.mode & MODE.TYPE) === MODE.DEVICE;
}

/** Whether it is a pipe. */
export function isFifo(stat: { mode: number }): boolean {
	return (stat.mode & MODE.TYPE) === MODE.FIFO;
}

/** A directory's entries, sorted by name, without `.` and `..`. */
export function readdir(path: string): Promise<DirEntry[]> {
	return call("readdir", { path });
}

function join(directory: string, name: string): string {
	return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

/** The directory that holds `path`, or `undefined` where the path names none. */
function parentOf(path: string): string | undefined {
	const trimmed = path.replace(/\/+$/, "");
	const slash = trimmed.lastIndexOf("/");
	if (slash < 0) return undefined;
	return slash === 0 ? "/" : trimmed.slice(0, slash);
}

/** How to make a directory. */
export interface MkdirOptions {
	/** Make those above it too, and be content where it is there. */
	recursive?: boolean;
	/** Permissions, less the umask. */
	mode?: number;
}

/** Makes a directory. */
export async function mkdir(path: string, options: MkdirOptions = {}): Promise<void> {
	const request = options.mode === undefined ? { path } : { path, mode: options.mode };
	if (options.recursive !== true) return call("mkdir", request);
	try {
		await call("mkdir", request);
	} catch (error) {
		if (isSystemError(error, "EEXIST") && isDirectory(await stat(path))) return;
		const parent = parentOf(path);
		if (!isSystemError(error, "ENOENT") || parent === undefined || parent === "/") throw error;
		await mkdir(parent, { recursive: true });
		await mkdir(path, options);
	}
}

/** Removes a file's name. */
export async function unlink(path: string): Promise<void> {
	await call("unlink", { path });
}

/** Removes an empty directory. */
export async function rmdir(path: string): Promise<void> {
	await call("unlink", { path, directory: true });
}

/** Removes a file or an empty directory, or with `recursive` a directory and all in it. */
export async function remove(path: string, options: { recursive?: boolean } = {}): Promise<void> {
	if (!isDirectory(await lstat(path))) return unlink(path);
	if (options.recursive === true) {
		for (const entry of await readdir(path)) await remove(join(path, entry.name), options);
	}
	await rmdir(path);
}

/** Moves or renames, replacing what is there. EXDEV across file systems. */
export async function rename(from: string, to: string): Promise<void> {
	await call("rename", { old: from, new: to });
}

/** Makes a hard link. */
export async function link(existing: string, path: string): Promise<void> {
	await call("link", { old: existing, new: path });
}

/** Makes a symbolic link at `path` that says `target`. */
export async function symlink(target: string, path: string): Promise<void> {
	await call("symlink", { target, path });
}

/** What a symbolic link says. */
export function readlink(path: string): Promise<string> {
	return call("readlink", { path });
}

/** The absolute path without `.`, `..` and symbolic links. */
export function realpath(path: string): Promise<string> {
	return call("realpath", { path });
}

/** Sets the permission bits. */
export async function chmod(path: string, mode: number): Promise<void> {
	await call("chmod", { path, mode });
}

/** Sets owner and group; `undefined` leaves one as it is. */
export async function chown(
	path: string,
	uid: number | undefined,
	gid: number | undefined,
	options: { nofollow?: boolean } = {},
): Promise<void> {
	await call("chown", {
		path,
		...(uid === undefined ? {} : { uid }),
		...(gid === undefined ? {} : { gid }),
		nofollow: options.nofollow ?? false,
	});
}

/** Cuts or extends a file. */
export async function truncate(path: string, size = 0): Promise<void> {
	await call("truncate", { path, size });
}

/** Sets the time of the last change, by default to now. */
export async function utimes(path: string, mtimeMs?: number): Promise<void> {
	await call("utimes", mtimeMs === undefined ? { path } : { path, mtimeMs });
}

/** Copies a file's contents and its permissions. */
export async function copyFile(from: string, to: string): Promise<void> {
	const source = await open(from, "r");
	try {
		const { mode } = await source.stat();
		if (isDirectory({ mode })) throw new SystemError("EISDIR", `${from} is a directory`, "read");
		await withFile(
			to,
			"w",
			async (target) => {
				for await (const chunk of source.chunks()) await target.write(chunk);
			},
			mode & 0o777,
		);
	} finally {
		await source.close();
	}
}

/** Makes a pipe. */
export function pipe(): Promise<PipeEnds> {
	return call("pipe", {});
}

/** Duplicates a descriptor to the lowest free number, or to `to`. */
export function dup(fd: number, to?: number): Promise<number> {
	return call("dup", to === undefined ? { fd } : { fd, to });
}

/** Closes a descriptor. */
export async function close(fd: number): Promise<void> {
	await call("close", { fd });
}
