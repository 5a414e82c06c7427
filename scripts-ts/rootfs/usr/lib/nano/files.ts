/** Reading and writing what is edited: bytes that are no UTF-8 stay as they are, and so do DOS line ends. */

import { isDevice, isDirectory, isFifo, open, type Stat, stat, writeFile } from "helios:fs";
import { failedWith, reason } from "/usr/lib/sh/cli.ts";
import { decodeLossless, encodeLossless } from "/usr/lib/tui/lossless.ts";

/** Longest file that is opened. */
const MAX_BYTES = 128 * 1024 * 1024;

/** What is known of a file on disk. */
export interface OnDisk {
	mtimeMs: number;
	size: number;
	ino: number;
}

/** A file's text and how it was written. */
export interface Loaded {
	text: string;
	/** Lines end in CR LF. */
	dos: boolean;
	disk: OnDisk | undefined;
	/** It may be read but not written. */
	locked: boolean;
}

/** A file that cannot be edited; the message says why. */
export class FileProblem extends Error {}

function seen({ mtimeMs, size, ino }: Stat): OnDisk {
	return { mtimeMs, size, ino };
}

async function writable(path: string): Promise<boolean> {
	try {
		await (await open(path, "r+")).close();
		return true;
	} catch {
		return false;
	}
}

/** Turns bytes into lines joined by newlines. A newline at the end of the last line is left out. */
export function toText(bytes: Uint8Array): { text: string; dos: boolean } {
	let text = decodeLossless(bytes);
	const dos = text.includes("\r\n") && !/(^|[^\r])\n/.test(text);
	if (dos) text = text.replaceAll("\r\n", "\n");
	return { text, dos };
}

/** Reads a file; one that is not there is empty. */
export async function load(path: string): Promise<Loaded | undefined> {
	let about: Stat;
	try {
		about = await stat(path);
	} catch (error) {
		if (failedWith(error, "ENOENT")) return undefined;
		throw new FileProblem(`Error reading ${path}: ${reason(error)}`);
	}
	if (isDirectory(about)) throw new FileProblem(`"${path}" is a directory`);
	if (isDevice(about) || isFifo(about)) throw new FileProblem(`"${path}" is not a normal file`);
	if (about.size > MAX_BYTES) throw new FileProblem(`"${path}" is too large`);
	try {
		const file = await open(path);
		try {
			const { text, dos } = toText(await file.readAll());
			return { text, dos, disk: seen(about), locked: !(await writable(path)) };
		} finally {
			await file.close();
		}
	} catch (error) {
		throw new FileProblem(`Error reading ${path}: ${reason(error)}`);
	}
}

/** What is on disk now; `undefined` where there is no such file. */
export async function onDisk(path: string): Promise<OnDisk | undefined> {
	try {
		return seen(await stat(path));
	} catch {
		return undefined;
	}
}

/** Whether somebody else has written the file since. */
export function changed(known: OnDisk | undefined, now: OnDisk | undefined): boolean {
	if (known === undefined || now === undefined) return false;
	return known.mtimeMs !== now.mtimeMs || known.size !== now.size || known.ino !== now.ino;
}

/** Writes a text; answers what is then on disk. */
export async function save(path: string, text: string, dos: boolean, append = false): Promise<OnDisk | undefined> {
	try {
		await writeFile(path, encodeLossless(dos ? text.replaceAll("\n", "\r\n") : text), { append });
	} catch (error) {
		throw new FileProblem(`Error writing ${path}: ${reason(error)}`);
	}
	return onDisk(path);
}
