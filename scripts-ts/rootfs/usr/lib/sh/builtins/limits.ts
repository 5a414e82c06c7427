/** `umask`, `ulimit` and `times`. */

import { info, type Limit, limit, type Resource, umask } from "helios:process";
import { complain, withOptions } from "/usr/lib/sh/builtins/arguments.ts";
import type { Builtin } from "/usr/lib/sh/builtins.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { wait } from "/usr/lib/sh/co.ts";

interface Kind {
	resource: Resource;
	text: string;
	unit: string;
	/** How many of the kernel's units one of ours is. */
	scale: number;
}

const KINDS: Record<string, Kind> = {
	f: { resource: "filesize", text: "file size", unit: "blocks", scale: 1024 },
	m: { resource: "memory", text: "max memory size", unit: "kbytes", scale: 1024 },
	n: { resource: "files", text: "open files", unit: "", scale: 1 },
	t: { resource: "cpu", text: "cpu time", unit: "seconds", scale: 1 },
	u: { resource: "processes", text: "max user processes", unit: "", scale: 1 },
	v: { resource: "memory", text: "virtual memory", unit: "kbytes", scale: 1024 },
};

function shown(value: number | null | undefined, { scale }: Kind): string {
	return value === null || value === undefined ? "unlimited" : String(Math.floor(value / scale));
}

const ulimit = withOptions(
	"[-SHa] [-fmntuv [limit]]",
	"show or set what the shell and its children may use",
	"SHafmntuv",
	function* (shell, { options, operands, has }) {
		const hard = has("H") && !has("S");
		const letters = has("a")
			? Object.keys(KINDS)
			: options.map(({ letter }) => letter).filter((letter) => letter in KINDS);
		if (letters.length === 0) letters.push("f");
		const [text] = operands;
		for (const letter of letters) {
			const kind = KINDS[letter] as Kind;
			try {
				const now = yield* wait(limit(kind.resource));
				if (text === undefined) {
					const value = shown(hard ? now.hard : now.soft, kind);
					const label = `${kind.text.padEnd(20)} (${kind.unit === "" ? "" : `${kind.unit}, `}-${letter}) `;
					yield* shell.print(`${letters.length > 1 ? label : ""}${value}\n`);
					continue;
				}
				let value: number | null | undefined;
				if (text === "hard") value = now.hard;
				else if (text === "soft") value = now.soft;
				else if (text === "unlimited") value = null;
				else if (/^\d+$/.test(text)) value = Number(text) * kind.scale;
				else return yield* complain(shell, `ulimit: ${text}: invalid number`);
				const both = has("H") === has("S");
				const set: Limit = {
					soft: both || has("S") ? (value ?? null) : (now.soft ?? null),
					hard: both || has("H") ? (value ?? null) : (now.hard ?? null),
				};
				yield* wait(limit(kind.resource, set));
			} catch (error) {
				const doing = text === undefined ? "cannot get limit" : "cannot modify limit";
				return yield* complain(shell, `ulimit: ${kind.text}: ${doing}: ${reason(error)}`);
			}
		}
		return 0;
	},
);

/** A mask as `u=rwx,g=rx,o=rx`: what it leaves. */
function symbolic(mask: number): string {
	const part = (shift: number): string => {
		const left = ~(mask >>> shift) & 7;
		return `${left & 4 ? "r" : ""}${left & 2 ? "w" : ""}${left & 1 ? "x" : ""}`;
	};
	return `u=${part(6)},g=${part(3)},o=${part(0)}`;
}

const BITS: Record<string, number> = { r: 4, w: 2, x: 1 };

/** The mask that a symbolic one makes of `mask`, or what is wrong with it. */
function parseSymbolic(text: string, mask: number): number | string {
	let allowed = ~mask & 0o777;
	for (const clause of text.split(",")) {
		const found = /^([ugoa]*)([-+=])([rwxugo]*)(.*)$/.exec(clause);
		if (found === null) return `\`${clause.replace(/^[ugoa]*/, "").charAt(0)}': invalid symbolic mode operator`;
		const [, who = "", operator = "", letters = "", rest = ""] = found;
		if (rest !== "") return `\`${rest.charAt(0)}': invalid symbolic mode character`;
		for (const [letter, shift] of [
			["u", 6],
			["g", 3],
			["o", 0],
		] as const) {
			if (who !== "" && !who.includes("a") && !who.includes(letter)) continue;
			let bits = 0;
			for (const each of letters) {
				const from = { u: 6, g: 3, o: 0 }[each as "u"];
				bits |= from === undefined ? (BITS[each] ?? 0) : (allowed >>> from) & 7;
			}
			const placed = bits << shift;
			if (operator === "+") allowed |= placed;
			else if (operator === "-") allowed &= ~placed;
			else allowed = (allowed & ~(7 << shift)) | placed;
		}
	}
	return ~allowed & 0o777;
}

const mask = withOptions(
	"[-p] [-S] [mode]",
	"show or set the mask of new files' permissions",
	"pS",
	function* (shell, { operands, has }) {
		const [text] = operands;
		const now = yield* wait(umask());
		if (text === undefined) {
			const value = has("S") ? symbolic(now) : now.toString(8).padStart(4, "0");
			yield* shell.print(`${has("p") ? `umask ${has("S") ? "-S " : ""}` : ""}${value}\n`);
			return 0;
		}
		let next: number;
		if (/^\d/.test(text)) {
			if (!/^[0-7]{1,4}$/.test(text)) return yield* complain(shell, `umask: ${text}: octal number out of range`);
			next = Number.parseInt(text, 8) & 0o777;
		} else {
			const made = parseSymbolic(text, now);
			if (typeof made === "string") return yield* complain(shell, `umask: ${made}`);
			next = made;
		}
		yield* wait(umask(next));
		if (!shell.root) shell.mask ??= now;
		if (has("S")) yield* shell.print(`${symbolic(next)}\n`);
		return 0;
	},
);

function minutes(us: number): string {
	const seconds = us / 1_000_000;
	return `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`;
}

/** Builtins about what the process may use, and has used. */
export const LIMITS: Record<string, Builtin> = {
	times: {
		usage: "",
		about: "print the CPU times of the shell and of its children",
		*run(shell) {
			const { cpuUs, childrenCpuUs } = yield* wait(info());
			yield* shell.print(`${minutes(cpuUs)} ${minutes(0)}\n${minutes(childrenCpuUs)} ${minutes(0)}\n`);
			return 0;
		},
	},
	ulimit,
	umask: mask,
};
