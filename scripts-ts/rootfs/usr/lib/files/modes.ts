/** The mode word: how `ls` and `stat` write it, and what the words that `chmod`, `mkdir` and `find` take make of it. */

import { MODE } from "helios:fs";

const LETTERS: Record<number, string> = {
	[MODE.DIR]: "d",
	[MODE.FILE]: "-",
	[MODE.SYMLINK]: "l",
	[MODE.DEVICE]: "c",
	[MODE.FIFO]: "p",
	[MODE.SOCKET]: "s",
};
const KINDS: Record<number, string> = {
	[MODE.DIR]: "directory",
	[MODE.FILE]: "regular file",
	[MODE.SYMLINK]: "symbolic link",
	[MODE.DEVICE]: "character special file",
	[MODE.FIFO]: "fifo",
	[MODE.SOCKET]: "socket",
};
const SPECIAL: readonly (readonly [bit: number, at: number, letter: string])[] = [
	[MODE.SETUID, 2, "s"],
	[MODE.SETGID, 5, "s"],
	[MODE.STICKY, 8, "t"],
];

/** The letter of a file's type, as `ls -l` has it. */
export function typeLetter(mode: number): string {
	return LETTERS[mode & MODE.TYPE] ?? "?";
}

/** A file's type in words. */
export function kindOf({ mode, size }: { mode: number; size?: number }): string {
	const kind = KINDS[mode & MODE.TYPE] ?? "weird file";
	return kind === "regular file" && size === 0 ? "regular empty file" : kind;
}

/** Permissions as `rwxr-xr-x`, with s, S, t and T. */
export function permissions(mode: number): string {
	const letters = Array.from("rwxrwxrwx", (letter, bit) => (mode & (0o400 >> bit) ? letter : "-"));
	for (const [bit, at, letter] of SPECIAL)
		if (mode & bit) letters[at] = letters[at] === "x" ? letter : letter.toUpperCase();
	return letters.join("");
}

/** Permission bits as four octal digits. */
export function octal(mode: number): string {
	return (mode & MODE.PERMS).toString(8).padStart(4, "0");
}

/** What a mode word changes: a file's bits become others. */
export type ModeChange = (mode: number, directory: boolean, umask: number) => number;

const WHO: Record<string, number> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };
const BITS: Record<string, number> = { r: 0o444, w: 0o222, x: 0o111, s: 0o6000, t: 0o1000 };
const SET_IDS = MODE.SETUID | MODE.SETGID;

interface Clause {
	affected: number;
	operator: string;
	value: number;
	/** `X`: x where somebody has x already, and on directories. */
	search: boolean;
	/** `u`, `g` or `o`: as that one has it. */
	like: string;
	/** Bits that are meant; directories keep setuid and setgid where these are not. */
	mentioned: number;
}

function applied(clause: Clause, mode: number, directory: boolean, umask: number): number {
	let value = clause.value;
	if (clause.search && (directory || (mode & 0o111) !== 0)) value |= 0o111;
	if (clause.like !== "") {
		const shift = { u: 6, g: 3, o: 0 }[clause.like] ?? 0;
		value = ((mode >> shift) & 7) * 0o111;
	}
	const kept = directory ? SET_IDS & ~clause.mentioned : 0;
	// Without a letter for whom, the mask is heeded.
	value &= (clause.affected === 0 ? ~umask : clause.affected) & ~kept;
	if (clause.operator === "+") return mode | value;
	if (clause.operator === "-") return mode & ~value;
	return (mode & ((clause.affected === 0 ? 0 : ~clause.affected) | kept)) | value;
}

function clausesOf(text: string): Clause[] | undefined {
	const clauses: Clause[] = [];
	for (const part of text.split(",")) {
		const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(part);
		if (match === null) return undefined;
		const [, who = "", actions = ""] = match;
		const affected = Array.from(who).reduce((bits, letter) => bits | (WHO[letter] ?? 0), 0);
		for (const [action] of actions.matchAll(/[-+=][^-+=]*/g)) {
			const letters = action.slice(1);
			const like = /^[ugo]$/.test(letters) ? letters : "";
			const value = Array.from(letters).reduce((bits, letter) => bits | (like === "" ? (BITS[letter] ?? 0) : 0), 0);
			const mentioned = affected === 0 ? value : affected & value;
			const operator = action.charAt(0);
			clauses.push({ affected, operator, value, search: letters.includes("X"), like, mentioned });
		}
	}
	return clauses;
}

/** What a mode word means, in octal or in letters (`u+rwx,go=`); `undefined` for what is none. */
export function parseMode(text: string): ModeChange | undefined {
	if (/^[0-7]+$/.test(text)) {
		const value = Number.parseInt(text, 8);
		if (value > MODE.PERMS) return undefined;
		// Five digits mean setuid and setgid of directories too.
		const mentioned = text.length < 5 ? value & MODE.PERMS : MODE.PERMS;
		const clause = { affected: MODE.PERMS, operator: "=", value, search: false, like: "", mentioned };
		return (mode, directory) => applied(clause, mode & MODE.PERMS, directory, 0);
	}
	const clauses = clausesOf(text);
	if (clauses === undefined) return undefined;
	return (mode, directory, umask) =>
		clauses.reduce((bits, clause) => applied(clause, bits, directory, umask), mode & MODE.PERMS);
}
