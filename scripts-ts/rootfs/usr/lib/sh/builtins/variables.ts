/** Builtins about variables. */

import { assignItems } from "/usr/lib/sh/assign.ts";
import { complain, OptionError, type Parsed, parseOptions, showUsage } from "/usr/lib/sh/builtins/arguments.ts";
import { functionText } from "/usr/lib/sh/builtins/information.ts";
import type { Builtin, Call, Compounds } from "/usr/lib/sh/builtins.ts";
import type { Co } from "/usr/lib/sh/co.ts";
import { attributeLetters, declaration, elements } from "/usr/lib/sh/declaration.ts";
import { quoted } from "/usr/lib/sh/quote.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { assigned, traceLine } from "/usr/lib/sh/trace.ts";
import { splitReference, type Variable, VariableError } from "/usr/lib/sh/variables.ts";

const NAME = /^[A-Za-z_]\w*$/;
const DECLARE_USAGE = "[-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]";

/** All variables with values, as `set` prints them. */
export function* printAll(shell: Shell): Co<void> {
	for (const [name, variable] of shell.variables.all()) {
		if (variable.list !== undefined || variable.table !== undefined)
			yield* shell.print(`${name}=${elements(shell, name)}\n`);
		else if (variable.value !== undefined) yield* shell.print(`${name}=${quoted(variable.value)}\n`);
	}
}

/** What a word of a declaration names and assigns. */
interface Declared {
	name: string;
	index: string | undefined;
	value: string | undefined;
	append: boolean;
}

function parseWord(word: string): Declared | undefined {
	const found = /^([A-Za-z_]\w*)(?:\[(.*?)\])?(?:(\+?)=([\s\S]*))?$/s.exec(word);
	if (found === null) return undefined;
	return { name: found[1] as string, index: found[2], value: found[4], append: found[3] === "+" };
}

const ATTRIBUTES: Record<string, keyof Variable> = {
	i: "integer",
	l: "lower",
	n: "reference",
	r: "readonly",
	u: "upper",
	x: "exported",
};

/** `-x` and `+x`: options that switch an attribute off have a `+` before their letters. */
function splitSigns(args: readonly string[]): { on: string[]; off: string; used: number } {
	const on: string[] = [];
	let off = "";
	let used = 0;
	for (const word of args) {
		if (word === "--" || !/^[-+]./.test(word)) break;
		used++;
		if (word.startsWith("+")) off += word.slice(1);
		else on.push(word);
	}
	return { on, off, used };
}

function* declare(shell: Shell, args: readonly string[], { name: called, compounds }: Call): Co<number> {
	const { on, off, used } = splitSigns(args);
	let parsed: Parsed;
	try {
		parsed = parseOptions([...on], "aAfFgiIlnprtux");
	} catch (error) {
		if (!(error instanceof OptionError)) throw error;
		yield* shell.complain(`${called}: ${error.message}`);
		return yield* showUsage(shell, called, called === "local" ? "[option] name[=value] ..." : DECLARE_USAGE);
	}
	const start = args[used] === "--" ? used + 1 : used;
	const words = args.slice(start);
	if (called === "local" && !shell.frames.some((frame) => !frame.sourced))
		return yield* complain(shell, "local: can only be used in a function");
	if (parsed.has("f") || parsed.has("F")) return yield* functions(shell, words, parsed);
	if (words.length === 0 || parsed.has("p")) return yield* show(shell, words, parsed, called);
	const local = called === "local" || (shell.frames.some((frame) => !frame.sourced) && !parsed.has("g"));
	let status = 0;
	for (const [index, word] of words.entries()) {
		if (word === "-" && called === "local") {
			const frame = shell.frames.findLast((each) => !each.sourced);
			if (frame !== undefined) frame.options ??= new Set(shell.options);
			continue;
		}
		const declared = parseWord(word);
		if (declared === undefined) status = yield* complain(shell, `${called}: \`${word}': not a valid identifier`);
		else if (
			!(yield* declareOne(shell, declared, parsed, off, { local, called, compound: compounds.get(start + index) }))
		)
			status = 1;
	}
	return status;
}

interface How {
	local: boolean;
	called: string;
	compound: Compounds extends Map<number, infer Value> ? Value | undefined : never;
}

/** Declares a variable: scope, shape, value, then what protects it. */
function* declareOne(shell: Shell, declared: Declared, { has, options }: Parsed, off: string, how: How): Co<boolean> {
	const { name, index, value, append } = declared;
	const { variables } = shell;
	try {
		if (how.local) variables.local(name);
		const found = variables.find(name);
		if (found?.readonly === true && (value !== undefined || how.compound !== undefined || off.includes("r")))
			throw new VariableError(`${name}: readonly variable`);
		if (has("A") && found?.list !== undefined)
			throw new VariableError(`${name}: cannot convert indexed to associative array`);
		if (has("a") && found?.table !== undefined)
			throw new VariableError(`${name}: cannot convert associative to indexed array`);
		const shape: Record<string, boolean | undefined> = {};
		for (const { letter } of options) {
			const attribute = ATTRIBUTES[letter];
			if (attribute !== undefined && letter !== "r" && letter !== "n") shape[attribute] = true;
			if (letter === "l") shape.upper = undefined;
			if (letter === "u") shape.lower = undefined;
		}
		for (const letter of off) {
			const attribute = ATTRIBUTES[letter];
			if (attribute !== undefined) shape[attribute] = undefined;
		}
		if (shell.options.has("allexport")) shape.exported = true;
		if (Object.keys(shape).length > 0 || found === undefined) variables.mark(name, shape);
		if (has("A") ? variables.find(name)?.table === undefined : has("a") && variables.find(name)?.list === undefined) {
			variables.array(name, true, has("A"));
			variables.mark(name, { bare: true });
		}
		if (how.compound !== undefined && Array.isArray(how.compound.value))
			yield* assignItems(shell, name, how.compound.value, how.compound.append, has("A"));
		else if (value !== undefined) {
			if (index !== undefined) variables.setElement(name, index, value, append);
			else if (has("n")) variables.mark(name, { value, reference: true });
			else variables.set(name, value, append);
		} else if (has("n")) variables.mark(name, { reference: true });
		if (has("r")) variables.mark(name, { readonly: true });
		return true;
	} catch (error) {
		if (!(error instanceof VariableError)) throw error;
		const before = how.called === "export" || how.called === "readonly" ? "" : `${how.called}: `;
		yield* shell.complain(before + error.message);
		return false;
	}
}

function* functions(shell: Shell, words: readonly string[], { has }: Parsed): Co<number> {
	const names = words.length === 0 ? [...shell.functions.keys()].sort() : words;
	let status = 0;
	for (const name of names) {
		const definition = shell.functions.get(name);
		if (definition === undefined) status = 1;
		else if (has("F")) yield* shell.print(words.length === 0 ? `declare -f ${name}\n` : `${name}\n`);
		else yield* shell.print(`${functionText(name, definition.source)}\n`);
	}
	return status;
}

function* show(shell: Shell, words: readonly string[], { has, options }: Parsed, called: string): Co<number> {
	let status = 0;
	if (words.length > 0) {
		for (const name of words) {
			if (name === "PIPESTATUS" || name === "FUNCNAME") shell.refresh(name);
			const variable = shell.variables.find(name);
			if (variable === undefined) status = yield* complain(shell, `${called}: ${name}: not found`);
			else yield* shell.print(`${declaration(shell, name, variable)}\n`);
		}
		return status;
	}
	if (options.length === 0) {
		yield* printAll(shell);
		return 0;
	}
	for (const [name, variable] of shell.variables.all()) {
		const letters = attributeLetters(variable);
		const wanted = options.every(({ letter }) => letter === "p" || letter === "g" || letters.includes(letter));
		if (wanted && (has("p") || letters !== "")) yield* shell.print(`${declaration(shell, name, variable)}\n`);
	}
	return status;
}

/** `export` and `readonly`. */
function marking(attribute: "exported" | "readonly"): Builtin["run"] {
	const letter = attribute === "exported" ? "x" : "r";
	return function* (shell, args, { name: called, compounds }): Co<number> {
		let parsed: Parsed;
		try {
			parsed = parseOptions(args, attribute === "exported" ? "fnp" : "aAfp");
		} catch (error) {
			if (!(error instanceof OptionError)) throw error;
			yield* shell.complain(`${called}: ${error.message}`);
			return yield* showUsage(shell, called, "[-fnp] [name[=value] ...]");
		}
		const { operands, has } = parsed;
		if (operands.length === 0) {
			for (const [name, variable] of shell.variables.all())
				if (variable[attribute] === true) yield* shell.print(`${declaration(shell, name, variable)}\n`);
			return 0;
		}
		let status = 0;
		const start = args.length - operands.length;
		for (const [index, word] of operands.entries()) {
			if (has("f")) {
				if (!shell.functions.has(word)) status = yield* complain(shell, `${called}: ${word}: not a function`);
				continue;
			}
			const declared = parseWord(word);
			if (declared === undefined) {
				status = yield* complain(shell, `${called}: \`${word}': not a valid identifier`);
				continue;
			}
			if (has("n")) {
				shell.variables.mark(declared.name, { exported: false });
				continue;
			}
			const options = [...parsed.options.map((option) => option.letter), letter].filter((each) =>
				"aAxr".includes(each),
			);
			const how = { local: false, called, compound: compounds.get(start + index) };
			const flags: Parsed = {
				options: options.map((each) => ({ letter: each, value: "" })),
				operands: [],
				has: (each) => options.includes(each),
				value: () => undefined,
			};
			if (!(yield* declareOne(shell, declared, flags, "", how))) status = 1;
			else if (shell.options.has("xtrace") && declared.value !== undefined)
				yield* traceLine(shell, assigned(declared.name, declared.append, declared.value));
		}
		return status;
	};
}

function* unset(shell: Shell, args: readonly string[]): Co<number> {
	let parsed: Parsed;
	try {
		parsed = parseOptions(args, "fvn");
	} catch (error) {
		if (!(error instanceof OptionError)) throw error;
		yield* shell.complain(`unset: ${error.message}`);
		return yield* showUsage(shell, "unset", "[-f] [-v] [-n] [name ...]");
	}
	const { operands, has } = parsed;
	if (has("f") && has("v"))
		return yield* complain(shell, "unset: cannot simultaneously unset a function and a variable");
	let status = 0;
	for (const word of operands) {
		if (has("f")) {
			shell.functions.delete(word);
			continue;
		}
		const [name, index] = splitReference(word);
		if (!NAME.test(name)) {
			// It may be a function, whose names are freer.
			if (!has("v") && index === undefined) {
				shell.functions.delete(word);
				continue;
			}
			status = yield* complain(shell, `unset: \`${word}': not a valid identifier`);
			continue;
		}
		try {
			if (index === "@" || index === "*") shell.variables.unset(name);
			else if (index !== undefined) shell.variables.unsetElement(name, index);
			else if (shell.variables.find(name) === undefined && !shell.variables.dynamic.has(name) && !has("v"))
				shell.functions.delete(name);
			else shell.variables.unset(has("n") ? name : shell.variables.target(name));
		} catch (error) {
			if (!(error instanceof VariableError)) throw error;
			status = yield* complain(shell, `unset: ${error.message}`);
		}
	}
	return status;
}

function* letBuiltin(shell: Shell, args: readonly string[]): Co<number> {
	if (args.length === 0) return yield* complain(shell, "let: expression expected");
	let value: number | bigint = 0;
	for (const text of args) value = shell.evaluate(text);
	return Number(value) === 0 ? 1 : 0;
}

/** Builtins about variables. */
export const VARIABLES: Record<string, Builtin> = {
	declare: { usage: DECLARE_USAGE, about: "declare variables and their attributes, or show them", run: declare },
	export: {
		usage: "[-fn] [name[=value] ...] or export -p",
		about: "hand variables on to programs",
		run: marking("exported"),
	},
	let: { usage: "arg [arg ...]", about: "evaluate arithmetic; succeed if the last value is not 0", run: letBuiltin },
	local: { usage: "[option] name[=value] ...", about: "declare variables of a function's own", run: declare },
	readonly: {
		usage: "[-aAf] [name[=value] ...] or readonly -p",
		about: "protect variables from change",
		run: marking("readonly"),
	},
	typeset: { usage: DECLARE_USAGE, about: "declare variables and their attributes, or show them", run: declare },
	unset: { usage: "[-f] [-v] [-n] [name ...]", about: "remove variables or functions", run: unset },
};
