/** What a session knows: what was declared, the last value, and how to evaluate more. It knows nothing of terminals. */

import { isSystemError } from "helios:errors";
import { type Outlined, outlined, runModule } from "/usr/lib/repl/engine.ts";
import { type Made, moduleOf } from "/usr/lib/repl/transform.ts";

/** How a module says how to read and to write its bindings. */
type Bindings = Record<string, readonly [get: () => unknown, set?: (value: unknown) => void]>;

/** What came of an input. */
export type Outcome =
	| { kind: "value"; value: unknown }
	| { kind: "nothing" }
	| { kind: "error"; error: unknown }
	| { kind: "syntax"; message: string };

const KEY = Symbol.for("helios.repl");

/** Modules of the session in a trace, with the place in each. */
const PLACES = /\b(repl:\d+):(\d+):(\d+)/g;

/** A session. */
export class Session {
	/** Names that were declared, in the order of their first declaration. */
	readonly names = new Set<string>();
	readonly #modules = new Map<string, Made>();
	#count = 0;
	#value: unknown;

	constructor() {
		const bind = (bindings: Bindings): void => this.#bind(bindings);
		const value = (result: unknown): void => {
			this.#value = result;
		};
		Object.defineProperty(globalThis, KEY, { value: { bind, value }, configurable: true });
		this.#define("_", [() => undefined]);
	}

	/** Whether more must be typed before a text can run. */
	isIncomplete(text: string): boolean {
		const found = this.#outline(text);
		return "incomplete" in found && found.incomplete;
	}

	#outline(text: string): Outlined & { text: string } {
		const name = `repl:${this.#count + 1}`;
		// What begins with a brace is an object rather than a block, where it can be one.
		if (/^\s*\{/.test(text) && !/;\s*$/.test(text)) {
			const bracketed = `(${text.trim()}\n)`;
			const found = outlined(bracketed, name);
			if ("statements" in found) return { ...found, text: bracketed };
		}
		return { ...outlined(text, name), text };
	}

	/** Evaluates what was typed. The promise comes back when its top level has ended. */
	async evaluate(typed: string): Promise<Outcome> {
		const found = this.#outline(typed);
		if (!("statements" in found)) return { kind: "syntax", message: found.message };
		const made = moduleOf(found.text, found.statements);
		const name = `repl:${++this.#count}`;
		this.#modules.set(name, made);
		this.#value = undefined;
		try {
			await runModule(made.code, name);
		} catch (error) {
			if (isSystemError(error, "ENOEXEC")) return { kind: "syntax", message: this.#diagnostics(error.message) };
			return { kind: "error", error };
		}
		if (!made.hasValue) return { kind: "nothing" };
		const value = this.#value;
		this.#value = undefined;
		this.#define("_", [() => value]);
		return { kind: "value", value };
	}

	#bind(bindings: Bindings): void {
		for (const [name, access] of Object.entries(bindings)) {
			this.names.add(name);
			this.#define(name, access);
		}
	}

	#define(name: string, [get, set]: Bindings[string]): void {
		const refuse = (): never => {
			throw new TypeError("Assignment to constant variable.");
		};
		Object.defineProperty(globalThis, name, { get, set: set ?? refuse, configurable: true, enumerable: false });
	}

	/** Forgets everything that was declared. */
	clear(): void {
		for (const name of this.names) Reflect.deleteProperty(globalThis, name);
		this.names.clear();
		this.#define("_", [() => undefined]);
	}

	/** The compiler's words without the excerpts, which show the module rather than what was typed. */
	#diagnostics(message: string): string {
		const lines = message.split("\n").filter((line) => !/^\s*\d*\s*\|/.test(line) && line.trim() !== "");
		return this.places(lines.join("\n"));
	}

	/** A trace with places as they are in what was typed. */
	places(trace: string): string {
		return trace.replace(PLACES, (all, name: string, line: string, column: string) => {
			const place = this.#modules.get(name)?.place(Number(line), Number(column));
			return place === undefined ? all : `${name}:${place[0]}:${place[1]}`;
		});
	}
}
