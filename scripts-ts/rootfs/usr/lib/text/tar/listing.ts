/** Members as `tar -tv` lists them. */

import { showName } from "/usr/lib/files/names.ts";
import type { Kind, Member } from "/usr/lib/text/tar/header.ts";

const LETTERS: Record<Kind, string> = {
	file: "-",
	link: "h",
	symlink: "l",
	character: "c",
	block: "b",
	directory: "d",
	fifo: "p",
};
/** Columns of owner and size together, at least; they grow with what is listed. */
const LEAST_COLUMNS = 19;
let columns = LEAST_COLUMNS;

function permissions(mode: number): string {
	let out = "";
	for (const [shift, special, letter] of [
		[6, 0o4000, "s"],
		[3, 0o2000, "s"],
		[0, 0o1000, "t"],
	] as const) {
		const bits = (mode >> shift) & 7;
		const execute = (bits & 1) !== 0;
		out += (bits & 4 ? "r" : "-") + (bits & 2 ? "w" : "-");
		out += mode & special ? (execute ? letter : letter.toUpperCase()) : execute ? "x" : "-";
	}
	return out;
}

/** A name as lists show it: control characters and backslashes as escapes. */
export function shownName(name: string): string {
	return showName(name.replaceAll(" ", "\ue000"), "escape").replaceAll("\ue000", " ");
}

/** A line of `tar -tv`, without its newline. */
export function listing(member: Member, numeric: boolean): string {
	const user = numeric || member.user === "" ? String(member.uid) : member.user;
	const group = numeric || member.group === "" ? String(member.gid) : member.group;
	const size =
		member.kind === "character" || member.kind === "block"
			? `${member.rdev >>> 8},${member.rdev & 255}`
			: String(member.size);
	const owner = `${user}/${group}`;
	columns = Math.max(columns, owner.length + 1 + size.length);
	const time = new Date(member.mtimeMs).toISOString().slice(0, 16).replace("T", " ");
	const link =
		member.kind === "symlink"
			? ` -> ${shownName(member.target)}`
			: member.kind === "link"
				? ` link to ${shownName(member.target)}`
				: "";
	return `${LETTERS[member.kind]}${permissions(member.mode)} ${owner}${size.padStart(columns - owner.length)} ${time} ${shownName(member.name)}${link}`;
}
