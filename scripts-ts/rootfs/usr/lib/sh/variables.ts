/** Variables: texts, arrays by number and by key, with their attributes and the scopes of functions. */

/** What is known of a variable. It is replaced when it changes; only an array's elements change in place. */
export interface Variable {
	readonly value?: string | undefined;
	/** Elements by number (`declare -a`), in no particular order. */
	readonly list?: Map<number, string> | undefined;
	/** Elements by key (`declare -A`). */
	readonly table?: Map<string, string> | undefined;
	readonly exported?: boolean;
	readonly readonly?: boolean;
	readonly integer?: boolean;
	readonly lower?: boolean;
	readonly upper?: boolean;
	/** Its value names the variable that is meant. */
	readonly reference?: boolean;
	/** It is an array that nothing was assigned to. */
	readonly bare?: boolean | undefined;
	/** It has or had attributes, or is an array. */
	readonly special?: boolean;
}

/** A variable that may not be changed, or a subscript that means nothing. */
export class VariableError extends Error {}

/** Longest array index. */
const MAX_INDEX = 2 ** 53;

function copy(variable: Variable): Variable {
	if (variable.list !== undefined) return { ...variable, list: new Map(variable.list) };
	if (variable.table !== undefined) return { ...variable, table: new Map(variable.table) };
	return variable;
}

/** Names and what they stand for. */
export class Variables {
	readonly #all: Map<string, Variable>;
	/** What functions have hidden, to be put back; the innermost last. */
	readonly #scopes: Map<string, Variable | undefined>[] = [];
	/** Values that are made when they are asked for. */
	readonly dynamic = new Map<string, { get(): string; set?(value: string): void }>();
	/** Evaluates arithmetic, for subscripts and integer variables. */
	evaluate: (text: string) => number | bigint = Number;

	constructor(from?: Variables) {
		this.#all = new Map();
		if (from === undefined) return;
		for (const [name, variable] of from.#all) this.#all.set(name, copy(variable));
		// A subshell of a function is still inside it: its own `local` works, and nothing is ever put back.
		for (const _ of from.#scopes) this.#scopes.push(new Map());
	}

	get depth(): number {
		return this.#scopes.length;
	}

	/** The name that a name stands for: another's, where it is a reference. */
	target(name: string): string {
		let found = name;
		for (let step = 0; step < 8; step++) {
			const variable = this.#all.get(found);
			if (variable?.reference !== true || variable.value === undefined) return found;
			found = variable.value;
		}
		throw new VariableError(`${name}: circular name reference`);
	}

	find(name: string): Variable | undefined {
		return this.#all.get(name);
	}

	/** The value of a variable; of an array, its element 0. */
	get(name: string): string | undefined {
		const variable = this.#all.get(name);
		return variable === undefined
			? this.dynamic.get(name)?.get()
			: variable.special === true
				? this.#special(name, variable)
				: variable.value;
	}

	#special(name: string, variable: Variable): string | undefined {
		if (variable.reference === true) return this.element(...splitReference(this.target(name)));
		if (variable.list !== undefined) return variable.list.get(0);
		if (variable.table !== undefined) return variable.table.get("0");
		return variable.value;
	}

	/** An element of an array; a plain variable has just its element 0. */
	element(name: string, index?: string): string | undefined {
		if (index === undefined) return this.get(name);
		const variable = this.#all.get(this.target(name));
		if (variable?.table !== undefined) return variable.table.get(index);
		const number = this.index(index, variable);
		if (variable?.list !== undefined) return variable.list.get(number);
		return number === 0 ? this.get(name) : undefined;
	}

	/** Keys and values of an array, in their order. */
	entries(name: string): [key: string, value: string][] {
		const variable = this.#all.get(this.target(name));
		if (variable?.table !== undefined) return [...variable.table];
		if (variable?.list !== undefined) {
			const keys = [...variable.list.keys()];
			if (keys.some((key, at) => at > 0 && (keys[at - 1] as number) > key)) keys.sort((a, b) => a - b);
			return keys.map((key) => [String(key), variable.list?.get(key) as string]);
		}
		const value = this.get(name);
		return value === undefined ? [] : [["0", value]];
	}

	/** The number that a subscript means; less than 0 counts from the end. */
	index(text: string, variable: Variable | undefined): number {
		const value = Number(this.evaluate(text));
		if (value >= 0 && value < MAX_INDEX) return value;
		const end = variable?.list === undefined ? 1 : Math.max(-1, ...variable.list.keys()) + 1;
		if (end + value < 0 || value >= MAX_INDEX) throw new VariableError(`[${text}]: bad array subscript`);
		return end + value;
	}

	#shaped(variable: Variable | undefined, value: string): string {
		if (variable?.integer === true) return String(this.evaluate(value));
		if (variable?.lower === true) return value.toLowerCase();
		if (variable?.upper === true) return value.toUpperCase();
		return value;
	}

	/** Sets a variable. */
	set(given: string, value: string, append = false, exported = false): void {
		const found = this.#all.get(given);
		if (found !== undefined && found.special !== true && !append && !exported) this.#all.set(given, { value });
		else this.#set(given, found, value, append, exported);
	}

	#set(given: string, found: Variable | undefined, value: string, append: boolean, exported: boolean): void {
		if (found?.reference === true) {
			const [target, index] = splitReference(this.target(given));
			if (target !== given) {
				if (index === undefined) this.set(target, value, append);
				else this.setElement(target, index, value, append);
				return;
			}
		}
		if (found?.readonly === true) throw new VariableError(`${given}: readonly variable`);
		if (found === undefined) {
			const dynamic = this.dynamic.get(given);
			if (dynamic !== undefined) dynamic.set?.(value);
			else this.#all.set(given, exported ? { value, exported, special: true } : { value });
			return;
		}
		if (found.list !== undefined || found.table !== undefined) {
			this.setElement(given, "0", value, append);
			return;
		}
		const before = append ? (found.value ?? "") : "";
		const full = found.integer === true && append ? `${before || 0}+(${value || 0})` : before + value;
		this.#all.set(given, {
			...found,
			value: this.#shaped(found, full),
			...(exported ? { exported, special: true } : {}),
		});
	}

	/** Sets an element of an array, which a plain variable becomes by that. */
	setElement(given: string, index: string, value: string, append = false): void {
		const name = this.target(given);
		const found = this.#all.get(name);
		if (found?.readonly === true) throw new VariableError(`${name}: readonly variable`);
		if (found?.table !== undefined) {
			const before = append ? (found.table.get(index) ?? "") : "";
			found.table.set(index, this.#shaped(found, before + value));
			return;
		}
		let list = found?.list;
		if (index === "") throw new VariableError(`${name}[]: bad array subscript`);
		let number: number;
		try {
			number = this.index(index, found);
		} catch (error) {
			throw error instanceof VariableError ? new VariableError(`${name}${error.message}`) : error;
		}
		if (list === undefined) {
			list = new Map(found?.value === undefined ? [] : [[0, found.value]]);
			const { value: _, ...rest } = found ?? {};
			this.#all.set(name, { ...rest, list, special: true });
		}
		const before = append ? (list.get(number) ?? "") : "";
		const full = found?.integer === true && append ? `${before || 0}+(${value || 0})` : before + value;
		list.set(number, this.#shaped(found, full));
	}

	/** Begins an array, or goes on with it. Answers the index after its last. */
	array(given: string, append: boolean, keyed = false): number {
		const name = this.target(given);
		const found = this.#all.get(name);
		if (found?.readonly === true) throw new VariableError(`${name}: readonly variable`);
		const { value, list, table, bare: _bare, ...rest } = found ?? {};
		if (table !== undefined || keyed) {
			this.#all.set(name, { ...rest, special: true, table: append && table !== undefined ? table : new Map() });
			return 0;
		}
		const start = append ? (list ?? new Map(value === undefined ? [] : [[0, value]])) : new Map<number, string>();
		this.#all.set(name, { ...rest, list: start, special: true });
		return start.size === 0 ? 0 : Math.max(...start.keys()) + 1;
	}

	/** Changes attributes. */
	mark(name: string, attributes: Partial<Variable>): void {
		this.#all.set(name, { ...this.#all.get(name), ...attributes, special: true });
	}

	unset(name: string): void {
		if (this.#all.get(name)?.readonly === true) throw new VariableError(`${name}: cannot unset: readonly variable`);
		this.#all.delete(name);
		// What had a meaning loses it for good.
		this.dynamic.delete(name);
	}

	/** Removes an element. */
	unsetElement(given: string, index: string): void {
		const name = this.target(given);
		const found = this.#all.get(name);
		if (found?.readonly === true) throw new VariableError(`${name}: cannot unset: readonly variable`);
		if (found?.table !== undefined) found.table.delete(index);
		else if (found?.list !== undefined) found.list.delete(this.index(index, found));
		else if (this.index(index, found) === 0) this.#all.delete(name);
		else if (found !== undefined) throw new VariableError(`${name}: not an array variable`);
	}

	/** Forgets all of them. */
	clear(): void {
		this.#all.clear();
	}

	/** Every variable, sorted by name. */
	all(): [name: string, variable: Variable][] {
		return [...this.#all].sort(([a], [b]) => (a < b ? -1 : 1));
	}

	/** The environment of a command. */
	environment(): Record<string, string> {
		const out: Record<string, string> = {};
		for (const [name, { value, exported }] of this.#all)
			if (exported === true && value !== undefined) out[name] = value;
		return out;
	}

	/** A function begins. */
	push(): void {
		this.#scopes.push(new Map());
	}

	/** A function ends: what it hid is back. */
	pop(): void {
		for (const [name, variable] of this.#scopes.pop() ?? []) this.#put(name, variable);
	}

	/** Hides a variable until the function ends. */
	local(name: string): void {
		const scope = this.#scopes.at(-1);
		if (scope === undefined || scope.has(name)) return;
		const before = this.#all.get(name);
		if (before?.readonly === true) throw new VariableError(`${name}: readonly variable`);
		scope.set(name, before);
		this.#all.set(name, before?.exported === true ? { exported: true, special: true } : {});
	}

	/** Variables to put back later. */
	save(names: readonly string[]): () => void {
		const saved = names.map((name): [string, Variable | undefined] => [name, this.#all.get(name)]);
		return () => {
			for (const [name, variable] of saved) this.#put(name, variable);
		};
	}

	#put(name: string, variable: Variable | undefined): void {
		if (variable === undefined) this.#all.delete(name);
		else this.#all.set(name, variable);
	}
}

/** `NAME` or `NAME[INDEX]`. */
export function splitReference(text: string): [name: string, index?: string] {
	const found = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(text);
	return found === null ? [text] : [found[1] as string, found[2] as string];
}
