/** `console` (Console): to standard output and standard error. Nothing that happens to a write is thrown. */

import { now } from "helios:core";
import { stderr, stdout } from "helios:process";
import { table } from "helios:web/console-table";
import { inspect } from "helios:web/inspect";

const counts = new Map<string, number>();
const timers = new Map<string, number>();
let indent = "";

function print(stream: typeof stdout, text: string): void {
	const indented = indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`);
	stream.write(`${indented}\n`).catch(() => {});
}

function show(value: unknown): string {
	return typeof value === "string" ? value : inspect(value);
}

/** As text; an object only where it says itself how. */
function toText(value: unknown): string {
	if (typeof value === "bigint") return `${value}n`;
	if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
	const { toString: own } = value;
	const speaks = typeof own === "function" && own !== Object.prototype.toString && !Array.isArray(value);
	return speaks ? String(value) : inspect(value, { depth: 0 });
}

function toNumber(value: unknown): string {
	if (typeof value === "bigint") return `${value}n`;
	return typeof value === "symbol" ? "NaN" : show(Number(value));
}

function toInteger(value: unknown): string {
	if (typeof value === "bigint") return `${value}n`;
	return typeof value === "symbol" || typeof value === "object" ? "NaN" : show(Number.parseInt(String(value), 10));
}

function toFloat(value: unknown): string {
	return typeof value === "symbol" ? "NaN" : show(Number.parseFloat(String(value)));
}

function toJson(value: unknown): string {
	try {
		return JSON.stringify(value) ?? "undefined";
	} catch {
		return "[Circular]";
	}
}

const SPECIFIERS: Record<string, (value: unknown) => string> = {
	s: toText,
	d: toNumber,
	i: toInteger,
	f: toFloat,
	j: toJson,
	o: (value) => inspect(value, { depth: 4 }),
	O: (value) => inspect(value, { depth: 4 }),
	c: () => "",
};

/** Text of arguments as `console.log` makes it: with `%s %d %i %f %j %o %O %c %%` in a first one that is text. */
export function format(...args: unknown[]): string {
	const [first, ...rest] = args;
	if (typeof first !== "string" || rest.length === 0) return args.map(show).join(" ");
	const head = first.replace(/%([sdifjoOc%])/g, (whole, kind: string) => {
		if (kind === "%") return "%";
		return rest.length === 0 ? whole : (SPECIFIERS[kind] as (value: unknown) => string)(rest.shift());
	});
	return [head, ...rest.map(show)].join(" ");
}

function trace(): string {
	const lines = (new Error().stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
	return lines.slice(2).join("\n");
}

function labelOf(label: unknown): string {
	return label === undefined ? "default" : `${label as string}`;
}

function elapsed(label: string): string | undefined {
	const started = timers.get(label);
	if (started === undefined) {
		print(stderr, `Timer '${label}' does not exist`);
		return undefined;
	}
	return `${label}: ${now() - started}ms`;
}

const methods = {
	/** Prints to standard output. */
	log(...data: unknown[]): void {
		print(stdout, format(...data));
	},
	debug(...data: unknown[]): void {
		print(stdout, format(...data));
	},
	info(...data: unknown[]): void {
		print(stdout, format(...data));
	},
	/** Prints to standard error. */
	error(...data: unknown[]): void {
		print(stderr, format(...data));
	},
	warn(...data: unknown[]): void {
		print(stderr, format(...data));
	},
	/** Prints to standard error with where it was called. */
	trace(...data: unknown[]): void {
		const text = format(...data);
		print(stderr, `${text === "" ? "Trace" : `Trace: ${text}`}\n${trace()}`);
	},
	/** Prints to standard error unless `condition` holds. */
	assert(condition?: unknown, ...data: unknown[]): void {
		if (condition) return;
		if (typeof data[0] === "string") data[0] = `Assertion failed: ${data[0]}`;
		else data.unshift("Assertion failed");
		print(stderr, format(...data));
	},
	dir(item?: unknown, options?: { depth?: number }): void {
		print(stdout, inspect(item, options));
	},
	dirxml(...data: unknown[]): void {
		print(stdout, format(...data));
	},
	/** Prints rows and columns of tabular data, else as `log`. */
	table(data?: unknown, columns?: readonly string[]): void {
		print(stdout, table(data, columns) ?? format(data));
	},
	group(...data: unknown[]): void {
		if (data.length > 0) print(stdout, format(...data));
		indent += "  ";
	},
	groupCollapsed(...data: unknown[]): void {
		if (data.length > 0) print(stdout, format(...data));
		indent += "  ";
	},
	groupEnd(): void {
		indent = indent.slice(2);
	},
	count(label?: string): void {
		const name = labelOf(label);
		const count = (counts.get(name) ?? 0) + 1;
		counts.set(name, count);
		print(stdout, `${name}: ${count}`);
	},
	countReset(label?: string): void {
		const name = labelOf(label);
		if (!counts.delete(name)) print(stderr, `Count for '${name}' does not exist`);
	},
	time(label?: string): void {
		const name = labelOf(label);
		if (timers.has(name)) print(stderr, `Timer '${name}' already exists`);
		else timers.set(name, now());
	},
	timeLog(label?: string, ...data: unknown[]): void {
		const text = elapsed(labelOf(label));
		if (text !== undefined) print(stdout, [text, ...data.map(show)].join(" "));
	},
	timeEnd(label?: string): void {
		const name = labelOf(label);
		const text = elapsed(name);
		timers.delete(name);
		if (text !== undefined) print(stdout, text);
	},
	/** Does nothing: the terminal is not the console's. */
	clear(): void {},
};

/** What `console` is. */
export type Console = typeof methods;

/** Prints for people. Its methods need no `this`, and its prototype is an empty object, as a Web IDL namespace's. */
export const console: Console = Object.assign(Object.create({}) as Console, methods);
Object.defineProperty(console, Symbol.toStringTag, { value: "console", configurable: true });
