/** Builtins that read input. */

import { isatty, raw, echo as setEcho } from "helios:tty";
import { complain, type Parsed, withOptions } from "/usr/lib/sh/builtins/arguments.ts";
import type { Builtin } from "/usr/lib/sh/builtins.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { type Co, run, wait } from "/usr/lib/sh/co.ts";
import type { Descriptor } from "/usr/lib/sh/descriptors.ts";
import { Interrupted } from "/usr/lib/sh/errors.ts";
import { attendSignals } from "/usr/lib/sh/exec.ts";
import { LineInput } from "/usr/lib/sh/input.ts";
import { singleQuoted } from "/usr/lib/sh/quote.ts";
import { runText } from "/usr/lib/sh/script.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { splitReference } from "/usr/lib/sh/variables.ts";

const STATUS_TIMEOUT = 142;
/** Lines between two calls of what `mapfile -C` names. */
const DEFAULT_QUANTUM = 5000;
const BLANKS = " \t\n";

/** What was read, characters that a backslash quotes marked. */
interface Line {
	text: string;
	/** Which UTF-16 units were quoted; absent: none. */
	quoted?: ReadonlySet<number>;
	ended: boolean;
	timedOut?: boolean;
}

/** Takes backslashes away and remembers what they quoted. */
function unquote(text: string): { text: string; quoted: Set<number> } {
	let out = "";
	const quoted = new Set<number>();
	for (let at = 0; at < text.length; at++) {
		if (text.charAt(at) === "\\" && at + 1 < text.length) {
			at++;
			quoted.add(out.length);
		}
		out += text.charAt(at);
	}
	return { text: out, quoted };
}

function* readLine(input: LineInput, parsed: Parsed): Co<Line> {
	const isRaw = parsed.has("r");
	const count = parsed.value("N") ?? parsed.value("n");
	const given = parsed.value("d");
	const delimiter = given === undefined ? "\n" : given === "" ? "\0" : given.charAt(0);
	if (count !== undefined) {
		const { text, ended } = yield* wait(input.characters(Number(count), parsed.has("N") ? undefined : delimiter));
		return isRaw ? { text, ended } : { ...unquote(text), ended };
	}
	let line = "";
	for (;;) {
		const next = input.document === undefined ? yield* wait(input.next(delimiter)) : input.document.take(delimiter);
		const ended = next?.endsWith(delimiter) !== true;
		line += ended ? (next ?? "") : (next as string).slice(0, -1);
		// A backslash before the newline joins the next line.
		const joined = !isRaw && !ended && delimiter === "\n" && /(^|[^\\])(\\\\)*\\$/.test(line);
		if (joined) {
			line = line.slice(0, -1);
			continue;
		}
		line = line.replaceAll("\0", "");
		return isRaw || !line.includes("\\") ? { text: line, ended } : { ...unquote(line), ended };
	}
}

/** Splits a line into `count` fields, the last of which takes the rest; all of them without a count. */
export function splitLine(
	{ text, quoted }: Pick<Line, "text" | "quoted">,
	separators: string,
	count?: number,
): string[] {
	const isSeparator = (at: number): boolean => quoted?.has(at) !== true && separators.includes(text.charAt(at));
	const isBlank = (at: number): boolean => isSeparator(at) && BLANKS.includes(text.charAt(at));
	const fields: string[] = [];
	let at = 0;
	let end = text.length;
	while (at < end && isBlank(at)) at++;
	while (end > at && isBlank(end - 1)) end--;
	while (at < end) {
		if (count !== undefined && fields.length === count - 1) {
			fields.push(lastField(text.slice(at, end), (index) => isSeparator(at + index)));
			return fields;
		}
		const start = at;
		while (at < end && !isSeparator(at)) at++;
		fields.push(text.slice(start, at));
		while (at < end && isBlank(at)) at++;
		if (at < end && isSeparator(at)) at++;
		while (at < end && isBlank(at)) at++;
	}
	return fields;
}

/** The rest of a line; a single separator at its very end, after a field that has none, goes. */
function lastField(rest: string, isSeparator: (index: number) => boolean): string {
	const last = rest.length - 1;
	if (last < 0 || !isSeparator(last)) return rest;
	for (let index = 0; index < last; index++) if (isSeparator(index)) return rest;
	return rest.slice(0, -1);
}

/** Reads with a time limit; `undefined` after it. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<undefined>((resolve) => {
		timer = setTimeout(() => resolve(undefined), ms);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

/** The descriptor that `-u` means; `undefined` where it is not open. */
function source(shell: Shell, parsed: Parsed): Descriptor | undefined {
	return shell.fds.get(Number(parsed.value("u") ?? 0));
}

function store(shell: Shell, name: string, text: string): void {
	const [base, index] = splitReference(name);
	if (index === undefined) shell.set(base, text);
	else shell.variables.setElement(base, index, text);
}

const read = withOptions(
	"[-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]",
	"read a line and split it into variables",
	"ersa:d:n:N:p:t:u:i:",
	function* (shell, parsed) {
		const names = parsed.operands;
		const bad = [...names, ...(parsed.has("a") ? [parsed.value("a") as string] : [])].find(
			(name) => !/^[A-Za-z_]\w*(\[.+\])?$/.test(name),
		);
		if (bad !== undefined) return yield* complain(shell, `read: \`${bad}': not a valid identifier`);
		for (const letter of ["n", "N"]) {
			const count = parsed.value(letter);
			if (count !== undefined && !/^\d+$/.test(count)) return yield* complain(shell, `read: ${count}: invalid number`);
		}
		const timeout = parsed.value("t");
		if (timeout !== undefined && !/^\d*\.?\d+$|^\d+\.$/.test(timeout))
			return yield* complain(shell, `read: ${timeout}: invalid timeout specification`);
		const descriptor = source(shell, parsed);
		const fd = parsed.value("u");
		if (descriptor === undefined) {
			const text = fd ?? "0";
			return yield* complain(shell, `read: ${text}: invalid file descriptor: Bad file descriptor`);
		}
		const restore = yield* prepare(shell, descriptor, parsed);
		let line: Line | undefined;
		try {
			line = yield* attended(shell, descriptor, parsed, timeout === undefined ? undefined : Number(timeout) * 1000);
		} catch (error) {
			if (error instanceof Interrupted) throw error;
			return yield* complain(shell, `read: read error: ${fd ?? 0}: ${reason(error)}`);
		} finally {
			for (const undo of restore) yield* wait(undo());
		}
		if (line === undefined) {
			assign(shell, parsed, { text: "", ended: true });
			return STATUS_TIMEOUT;
		}
		return assign(shell, parsed, line);
	},
);

/** Reads a line, no longer than it may take, and hears signals meanwhile; `undefined` when the time was over. */
function* attended(shell: Shell, descriptor: Descriptor, parsed: Parsed, ms: number | undefined): Co<Line | undefined> {
	const stop = new AbortController();
	const input = new LineInput(descriptor, { stop: stop.signal });
	if (input.document !== undefined) return yield* readLine(input, parsed);
	const reading = run(readLine(input, parsed));
	const work = ms === undefined ? reading : within(reading, ms);
	try {
		for (;;) {
			const answer = yield* wait(shell.signals.until(work));
			if (answer === undefined || !("signal" in answer)) return answer;
			yield* attendSignals(shell);
		}
	} finally {
		reading.catch(() => undefined);
		stop.abort();
	}
}

/** Shows the prompt and sets the terminal up; answers what undoes that. */
function* prepare(shell: Shell, descriptor: Descriptor, parsed: Parsed): Co<(() => Promise<void>)[]> {
	if (typeof descriptor !== "number") return [];
	const special = parsed.has("s") || parsed.has("n") || parsed.has("N") || parsed.has("p") || parsed.has("d");
	if (!special || !(yield* wait(isatty(descriptor)))) return [];
	const prompt = parsed.value("p");
	if (prompt !== undefined) yield* shell.write(2, prompt);
	const undo: (() => Promise<void>)[] = [];
	if (parsed.has("n") || parsed.has("N") || parsed.has("d")) undo.push(yield* wait(raw(descriptor, { signals: true })));
	if (parsed.has("s")) {
		yield* wait(setEcho(descriptor, false));
		if (undo.length === 0) undo.push(() => setEcho(descriptor, true));
	} else if (undo.length > 0) yield* wait(setEcho(descriptor, true));
	return undo;
}

function assign(shell: Shell, parsed: Parsed, line: Line): number {
	const separators = shell.get("IFS") ?? BLANKS;
	const array = parsed.value("a");
	if (array !== undefined) {
		shell.variables.array(array, false);
		for (const [index, field] of splitLine(line, separators).entries())
			shell.variables.setElement(array, String(index), field);
	} else if (parsed.operands.length === 0) shell.set("REPLY", line.text);
	else if (parsed.has("N")) {
		for (const [index, name] of parsed.operands.entries()) store(shell, name, index === 0 ? line.text : "");
	} else {
		const fields = splitLine(line, separators, parsed.operands.length);
		for (const [index, name] of parsed.operands.entries()) store(shell, name, fields[index] ?? "");
	}
	return line.ended ? 1 : 0;
}

const mapfile = withOptions(
	"[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]",
	"read lines into an array",
	"d:n:O:s:tu:C:c:",
	function* (shell, parsed, name) {
		const [array = "MAPFILE"] = parsed.operands;
		if (!/^[A-Za-z_]\w*$/.test(array)) return yield* complain(shell, `${name}: \`${array}': not a valid identifier`);
		const descriptor = source(shell, parsed);
		if (descriptor === undefined)
			return yield* complain(shell, `${name}: ${parsed.value("u") ?? 0}: invalid file descriptor: Bad file descriptor`);
		if (shell.variables.find(shell.variables.target(array))?.table !== undefined)
			return yield* complain(shell, `${name}: ${array}: not an indexed array`);
		for (const letter of ["n", "O", "s"]) {
			const text = parsed.value(letter);
			if (text !== undefined && !/^\d+$/.test(text))
				return yield* complain(shell, `${name}: ${text}: invalid line count`);
		}
		const given = parsed.value("d");
		const delimiter = given === undefined ? "\n" : given === "" ? "\0" : given.charAt(0);
		const most = Number(parsed.value("n") ?? 0) || Number.POSITIVE_INFINITY;
		let skip = Number(parsed.value("s") ?? 0);
		let index = Number(parsed.value("O") ?? 0);
		shell.variables.array(array, parsed.has("O"));
		const callback = parsed.value("C");
		const quantum = Number(parsed.value("c")) || DEFAULT_QUANTUM;
		const input = new LineInput(descriptor);
		for (let count = 0; count < most; ) {
			const line = yield* wait(input.next(delimiter));
			if (line === null) break;
			if (skip-- > 0) continue;
			const bare = parsed.has("t") && line.endsWith(delimiter) ? line.slice(0, -1) : line;
			if (callback !== undefined && (count + 1) % quantum === 0)
				yield* runText(shell, `${callback} ${index} ${singleQuoted(bare)}`, { origin: shell.origin });
			shell.variables.setElement(array, String(index++), bare);
			count++;
		}
		return 0;
	},
);

/** Builtins that read input. */
export const READING: Record<string, Builtin> = { mapfile, read, readarray: mapfile };
