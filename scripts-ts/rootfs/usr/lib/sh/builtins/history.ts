/** `history` and `fc`. */

import { open, readTextFile, unlink } from "helios:fs";
import { complain, type Parsed, withOptions } from "/usr/lib/sh/builtins/arguments.ts";
import type { Builtin } from "/usr/lib/sh/builtins.ts";
import { type Co, wait } from "/usr/lib/sh/co.ts";
import type { History } from "/usr/lib/sh/history.ts";
import { runText } from "/usr/lib/sh/script.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

const NUMBER_WIDTH = 5;

const history = withOptions(
	"[-c] [-d offset] [n] or history -anrw [filename] or history -s arg",
	"show the lines typed before",
	"cd:anrws",
	function* (shell, { operands, has, value }) {
		const { history: lines } = shell;
		if (lines === undefined) return 0;
		if (has("c")) lines.clear();
		const which = value("d");
		if (which !== undefined) {
			if (!/^-?\d+$/.test(which) || !lines.remove(Number(which)))
				return yield* complain(shell, `history: ${which}: history position out of range`);
			return 0;
		}
		if (has("s")) {
			lines.add(operands.join(" "));
			return 0;
		}
		if (has("a") || has("w")) return (yield* wait(lines.save(operands[0]))) ? 0 : 1;
		if (has("r") || has("n")) return (yield* wait(lines.load(operands[0]))) ? 0 : 1;
		if (has("c")) return 0;
		const [text] = operands;
		if (text !== undefined && !/^\d+$/.test(text))
			return yield* complain(shell, `history: ${text}: numeric argument required`);
		const all = lines.numbered();
		for (const [number, line] of text === undefined ? all : all.slice(Math.max(0, all.length - Number(text))))
			yield* shell.print(`${String(number).padStart(NUMBER_WIDTH)}  ${line}\n`);
		return 0;
	},
);

/** The number of the line that a word of `fc` means; `own` lines at the end are none of them. */
function locate(lines: History, word: string, own = 0): number | undefined {
	const all = lines.numbered();
	const last = (all.at(-1)?.[0] ?? 0) - own;
	if (/^-\d+$/.test(word)) return Math.max(all[0]?.[0] ?? 0, last + 1 + Number(word));
	if (/^\d+$/.test(word)) return Number(word);
	return all.findLast(([, line]) => line.startsWith(word))?.[0];
}

function* fc(shell: Shell, { operands, has, value }: Parsed): Co<number> {
	const { history: lines } = shell;
	if (lines === undefined) return 0;
	// The line that calls `fc` is none of those it means.
	if (!has("l")) lines.dropLast();
	if (has("s")) {
		const change = operands[0]?.includes("=") === true ? operands[0] : undefined;
		const word = operands[change === undefined ? 0 : 1] ?? "-1";
		const number = locate(lines, word);
		let text = lines.line(number ?? -1);
		if (text === undefined) return yield* complain(shell, "fc: no command found");
		if (change !== undefined) {
			const equals = change.indexOf("=");
			text = text.replaceAll(change.slice(0, equals), change.slice(equals + 1));
		}
		yield* shell.say(text);
		lines.add(text);
		return yield* runText(shell, text, { origin: "", contained: true });
	}
	const all = lines.numbered();
	const own = has("l") ? 1 : 0;
	const first = locate(lines, operands[0] ?? (has("l") ? "-16" : "-1"), own);
	const last = locate(lines, operands[1] ?? (has("l") ? "-1" : (operands[0] ?? "-1")), own);
	if (first === undefined || last === undefined) return yield* complain(shell, "fc: no command found");
	const chosen = all.filter(([number]) => number >= Math.min(first, last) && number <= Math.max(first, last));
	if (has("r") !== first > last) chosen.reverse();
	if (has("l")) {
		for (const [number, line] of chosen) yield* shell.print(`${has("n") ? "" : number}\t ${line}\n`);
		return 0;
	}
	return yield* edit(
		shell,
		lines,
		chosen.map(([, line]) => line),
		value("e") ?? shell.get("FCEDIT") ?? shell.get("EDITOR") ?? "nano",
	);
}

/** Has lines edited and runs what comes of it. */
function* edit(shell: Shell, lines: History, chosen: readonly string[], editor: string): Co<number> {
	const path = `/tmp/sh-fc-${shell.pid}`;
	const file = yield* wait(open(path, "w", 0o600));
	yield* wait(file.write(`${chosen.join("\n")}\n`));
	yield* wait(file.close());
	const status = yield* runText(shell, `${editor} ${path}`, { origin: "", contained: true });
	const text = yield* wait(readTextFile(path).catch(() => ""));
	yield* wait(unlink(path).catch(() => undefined));
	if (status !== 0 || text.trim() === "") return status;
	yield* shell.write(2, text);
	lines.add(text.replace(/\n$/, ""));
	return yield* runText(shell, text, { origin: "", contained: true });
}

const FC = withOptions(
	"[-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]",
	"list, edit and run lines typed before",
	"e:lnrs",
	fc,
);

/** Builtins about the lines typed before. */
export const HISTORY: Record<string, Builtin> = {
	fc: {
		...FC,
		run(shell, args, call) {
			// A number after a minus counts from the end, and is no option.
			const at = args.findIndex((word) => /^-\d+$/.test(word));
			return FC.run(shell, at < 0 ? args : [...args.slice(0, at), "--", ...args.slice(at)], call);
		},
	},
	history,
};
