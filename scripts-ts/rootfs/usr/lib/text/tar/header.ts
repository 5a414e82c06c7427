/** Headers of tar archives: ustar (IEEE 1003.1, pax), with the long names and numbers of pax and of GNU read and written. */

import { concat } from "helios:io";
import { decode, encode } from "/usr/lib/text/bytes.ts";

/** Everything in an archive is padded to this. */
export const BLOCK = 512;
const MAX_OCTAL = 0o77_777_777_777;

/** What a member is. */
export type Kind = "file" | "link" | "symlink" | "character" | "block" | "directory" | "fifo";

const FLAGS: Record<string, Kind> = {
	"0": "file",
	"\0": "file",
	"7": "file",
	"1": "link",
	"2": "symlink",
	"3": "character",
	"4": "block",
	"5": "directory",
	"6": "fifo",
};

/** A member of an archive, without its contents. */
export interface Member {
	name: string;
	kind: Kind;
	mode: number;
	uid: number;
	gid: number;
	user: string;
	group: string;
	size: number;
	mtimeMs: number;
	/** Where a link leads. */
	target: string;
	rdev: number;
}

function put(header: Uint8Array, at: number, text: string, length: number): void {
	header.set(encode(text).subarray(0, length), at);
}

function octal(value: number, digits: number): string {
	return `${Math.floor(value).toString(8).padStart(digits, "0")}\0`;
}

function checksum(header: Uint8Array): number {
	let sum = 0;
	for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 32 : (header[at] as number);
	return sum;
}

/** Name and prefix of a name that fits into a header, or nothing. */
function divided(name: string): [name: string, prefix: string] | undefined {
	if (encode(name).length <= 100) return [name, ""];
	for (let slash = name.lastIndexOf("/", name.length - 2); slash > 0; slash = name.lastIndexOf("/", slash - 1)) {
		const [rest, prefix] = [name.slice(slash + 1), name.slice(0, slash)];
		if (encode(prefix).length <= 155 && encode(rest).length <= 100) return [rest, prefix];
	}
	return undefined;
}

function block(member: Member, flag: string, name: string, prefix: string): Uint8Array {
	const header = new Uint8Array(BLOCK);
	put(header, 0, name, 100);
	put(header, 100, octal(member.mode & 0o7777, 7), 8);
	put(header, 108, octal(member.uid, 7), 8);
	put(header, 116, octal(member.gid, 7), 8);
	put(header, 124, octal(member.size > MAX_OCTAL ? 0 : member.size, 11), 12);
	put(header, 136, octal(Math.max(0, member.mtimeMs / 1000), 11), 12);
	put(header, 156, flag, 1);
	put(header, 157, member.target, 100);
	put(header, 257, "ustar\x0000", 8);
	put(header, 265, member.user, 32);
	put(header, 297, member.group, 32);
	put(header, 329, octal(member.rdev >>> 8, 7), 8);
	put(header, 337, octal(member.rdev & 255, 7), 8);
	put(header, 345, prefix, 155);
	put(header, 148, `${octal(checksum(header), 6)} `, 8);
	return header;
}

/** Bytes that fill up the last block of so many. */
export function padding(size: number): Uint8Array {
	return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
}

/** A record of pax: its length counts itself. */
function record(key: string, value: string): Uint8Array {
	const body = encode(` ${key}=${value}\n`);
	let length = body.length + String(body.length).length;
	if (String(length).length > String(body.length).length) length = body.length + String(length).length;
	return concat([encode(String(length)), body]);
}

/** The blocks before a member's contents; what does not fit into a header comes in one of pax before it. */
export function headerOf(member: Member): Uint8Array {
	const flag = Object.entries(FLAGS).find(([, kind]) => kind === member.kind)?.[0] as string;
	const records: Uint8Array[] = [];
	let names = divided(member.name);
	if (names === undefined) {
		records.push(record("path", member.name));
		names = [member.name, ""];
	}
	if (encode(member.target).length > 100) records.push(record("linkpath", member.target));
	if (member.size > MAX_OCTAL) records.push(record("size", String(member.size)));
	const own = block(member, flag, names[0], names[1]);
	if (records.length === 0) return own;
	const body = concat(records);
	const about = { ...member, kind: "file" as const, size: body.length, mode: 0o644, target: "" };
	return concat([block(about, "x", `PaxHeaders/${member.name.slice(-60)}`, ""), body, padding(body.length), own]);
}

function text(header: Uint8Array, at: number, length: number): string {
	const field = header.subarray(at, at + length);
	const end = field.indexOf(0);
	return decode(end < 0 ? field : field.subarray(0, end));
}

/** A number: octal digits, or with the highest bit set, the bytes behind it (GNU). */
function number(header: Uint8Array, at: number, length: number): number {
	if (((header[at] as number) & 0x80) !== 0) {
		let value = (header[at] as number) & 0x3f;
		for (let index = at + 1; index < at + length; index++) value = value * 256 + (header[index] as number);
		return value;
	}
	return Number.parseInt(text(header, at, length).trim() || "0", 8) || 0;
}

/** Whether a block is a header: its checksum says so. Old programs added bytes with a sign. */
export function isHeader(header: Uint8Array): boolean {
	const written = number(header, 148, 8);
	if (written === checksum(header)) return true;
	let sum = 0;
	for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 32 : ((header[at] as number) << 24) >> 24;
	return written === sum;
}

/** What a header says, and its type flag: `x`, `g`, `L` and `K` speak of the member behind them. */
export function memberOf(header: Uint8Array): { member: Member; flag: string } {
	const flag = String.fromCharCode(header[156] as number);
	const ustar = text(header, 257, 5) === "ustar";
	// GNU keeps other things where ustar has the prefix.
	const prefix = ustar && header[262] === 0 ? text(header, 345, 155) : "";
	const name = prefix === "" ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`;
	const kind = FLAGS[flag] ?? "file";
	return {
		flag,
		member: {
			name,
			// Before ustar, a slash at the end was all that told of a directory.
			kind: kind === "file" && name.endsWith("/") ? "directory" : kind,
			mode: number(header, 100, 8) & 0o7777,
			uid: number(header, 108, 8),
			gid: number(header, 116, 8),
			user: ustar ? text(header, 265, 32) : "",
			group: ustar ? text(header, 297, 32) : "",
			size: number(header, 124, 12),
			mtimeMs: number(header, 136, 12) * 1000,
			target: text(header, 157, 100),
			rdev: (number(header, 329, 8) << 8) | number(header, 337, 8),
		},
	};
}

/** The records of a pax header. */
export function recordsOf(body: Uint8Array): Record<string, string> {
	const records: Record<string, string> = {};
	for (let at = 0; at < body.length; ) {
		const space = body.indexOf(32, at);
		if (space < 0) break;
		const length = Number.parseInt(decode(body.subarray(at, space)), 10);
		if (!Number.isInteger(length) || length <= space - at + 1) break;
		const line = decode(body.subarray(space + 1, at + length - 1));
		const equals = line.indexOf("=");
		if (equals > 0) records[line.slice(0, equals)] = line.slice(equals + 1);
		at += length;
	}
	return records;
}

/** Changes a member by the records before it. */
export function amend(member: Member, records: Record<string, string>): void {
	if (records.path !== undefined) member.name = records.path;
	if (records.linkpath !== undefined) member.target = records.linkpath;
	if (records.size !== undefined) member.size = Number(records.size) || 0;
	if (records.mtime !== undefined) member.mtimeMs = Math.floor((Number(records.mtime) || 0) * 1000);
	if (records.uid !== undefined) member.uid = Number(records.uid) || 0;
	if (records.gid !== undefined) member.gid = Number(records.gid) || 0;
	if (records.uname !== undefined) member.user = records.uname;
	if (records.gname !== undefined) member.group = records.gname;
}
