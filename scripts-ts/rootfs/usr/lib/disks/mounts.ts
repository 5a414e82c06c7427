/** What is mounted, and what is to be: `/proc/mounts`, `/etc/fstab` and `/proc/media`. */

import { isSystemError } from "helios:errors";
import { readTextFile } from "helios:fs";
import { reason } from "/usr/lib/sh/cli.ts";

/** A line of `/proc/mounts` or of `/etc/fstab`. */
export interface Mount {
	source: string;
	path: string;
	kind: string;
	options: string;
}

/** Blanks in fields stand there as octal escapes. */
function unescape(field: string): string {
	return field.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

function table(text: string): Mount[] {
	return text
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "" && !line.startsWith("#"))
		.map((line) => {
			const [source = "none", path = "/", kind = "auto", options = "defaults"] = line.split(/[ \t]+/).map(unescape);
			return { source, path, kind, options };
		});
}

/** What is mounted, oldest first. */
export async function mounts(): Promise<Mount[]> {
	return table(await readTextFile("/proc/mounts"));
}

/** What the machine's administrator wants to be mounted. A machine without the file wants nothing. */
export async function wanted(): Promise<Mount[]> {
	try {
		return table(await readTextFile("/etc/fstab"));
	} catch (error) {
		if (isSystemError(error, "ENOENT")) return [];
		throw error;
	}
}

/** A line of `/proc/media`. */
export interface Medium {
	/** The slot; in parentheses of a medium that lies beside it. */
	slot: string;
	/** Whether there is one. */
	present: boolean;
	readOnly: boolean;
	bytes: number;
	/** `blank`, `image` or `data`. */
	what: string;
	hash: string;
	label: string;
}

/** The slots of the machine, and the media that lie beside them. */
export async function media(): Promise<Medium[]> {
	const text = await readTextFile("/proc/media");
	return text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => {
			const [slot = "", access = "-", bytes = "-", what = "-", hash = "-", label = "-"] = line.split(" ");
			return {
				slot,
				present: access !== "-",
				readOnly: access === "ro",
				bytes: Number(bytes) || 0,
				what,
				hash,
				label: label === "-" ? "" : unescape(label),
			};
		});
}

/** Why a call on disks failed: what the machine says of it, without the names that whoever asks shows anyway. */
export function why(error: unknown, ...names: readonly string[]): string {
	if (!isSystemError(error, "EBUSY", "EINVAL", "EIO", "ENXIO", "EPERM", "ENOSPC", "EFBIG", "ELOOP"))
		return reason(error);
	const name = names.find((each) => error.message.startsWith(`${each}: `));
	return name === undefined ? error.message : error.message.slice(name.length + 2);
}
