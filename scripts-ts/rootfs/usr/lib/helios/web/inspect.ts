/** How `console` shows values: close to what Node and Deno print. */

/** How to show. */
export interface InspectOptions {
	/** How many levels of objects to open; 2 by default. */
	depth?: number;
	/** Most items of an array, a map or a set; 100 by default. */
	maxItems?: number;
	/** Longest line before an object goes over several; 80 by default. */
	breakLength?: number;
}

/** A method under this symbol says how an object is shown: `(depth, inspect) => string`. */
export const INSPECT: symbol = Symbol.for("helios.inspect");

const MAX_TEXT = 10_000;

const ESCAPES: Record<string, string> = {
	"\n": "\\n",
	"\t": "\\t",
	"\r": "\\r",
	"\b": "\\b",
	"\f": "\\f",
	"\v": "\\v",
};

/** Text in quotes: in the kind that needs no escape, if there is one. */
export function quote(text: string): string {
	const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes("`") ? "`" : "'";
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape.
	const escaped = text.replace(/[\\\x00-\x1f\x7f-\x9f]/g, (char) => {
		if (char === "\\") return "\\\\";
		return ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
	});
	const whole = escaped.replaceAll(mark, `\\${mark}`);
	return (
		mark + whole.replace(/[\ud800-\udfff]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).toUpperCase()}`) + mark
	);
}

function isIdentifier(key: string): boolean {
	return /^[A-Za-z_$][\w$]*$/.test(key);
}

function keyText(key: PropertyKey): string {
	if (typeof key === "symbol") return `[${String(key)}]`;
	const text = String(key);
	return isIdentifier(text) ? text : quote(text);
}

function constructorName(value: object): string | null {
	let object: object | null = value;
	while (object !== null) {
		const own = Object.getOwnPropertyDescriptor(object, "constructor");
		const constructor: unknown = own !== undefined && "value" in own ? own.value : undefined;
		if (typeof constructor === "function" && constructor.name !== "") return constructor.name;
		object = Object.getPrototypeOf(object) as object | null;
	}
	return null;
}

function tagOf(value: object, name: string | null): string {
	let tag: unknown;
	try {
		tag = Reflect.get(value, Symbol.toStringTag);
	} catch {
		return "";
	}
	return typeof tag === "string" && tag !== "" && tag !== name ? ` [${tag}]` : "";
}

function probe<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}

/** One value being shown. */
class Inspector {
	readonly #depth: number;
	readonly #maxItems: number;
	readonly #breakLength: number;
	readonly #path: object[] = [];
	readonly #circular = new Map<object, number>();
	#indent = 0;
	/** The level of the object that was opened last: how deep the one being closed goes. */
	#deepest = 0;

	constructor(options: InspectOptions) {
		this.#depth = options.depth ?? 2;
		this.#maxItems = options.maxItems ?? 100;
		this.#breakLength = options.breakLength ?? 80;
	}

	show(value: unknown, topLevel = false): string {
		switch (typeof value) {
			case "string":
				return this.#text(value, topLevel);
			case "bigint":
				return `${value}n`;
			case "number":
				return Object.is(value, -0) ? "-0" : String(value);
			case "symbol":
				return String(value);
			case "function":
				return this.#object(value);
			case "object":
				return value === null ? "null" : this.#object(value);
			default:
				return String(value);
		}
	}

	#text(text: string, topLevel: boolean): string {
		if (topLevel || text.length <= MAX_TEXT) return quote(text);
		return `${quote(text.slice(0, MAX_TEXT))}... ${text.length - MAX_TEXT} more characters`;
	}

	#object(value: object): string {
		if (this.#path.includes(value)) {
			if (!this.#circular.has(value)) this.#circular.set(value, this.#circular.size + 1);
			return `[Circular *${this.#circular.get(value)}]`;
		}
		const custom = probe(() => Reflect.get(value, INSPECT) as unknown);
		if (typeof custom === "function") {
			return `${Reflect.apply(custom, value, [this.#depth - this.#path.length, (inner: unknown) => this.show(inner)])}`;
		}
		this.#path.push(value);
		try {
			const text = this.#body(value);
			const mark = this.#circular.get(value);
			return mark === undefined ? text : `<ref *${mark}> ${text}`;
		} finally {
			this.#path.pop();
		}
	}

	#body(value: object): string {
		if (!this.#tooDeep()) this.#deepest = this.#path.length;
		const name = constructorName(value);
		const prefix = name ?? "[Object: null prototype]";
		if (value instanceof Error) return this.#error(value);
		if (typeof value === "function") return this.#withProperties(functionText(value as never), value);
		if (Array.isArray(value)) return this.#array(value, name === "Array" ? "" : `${prefix}(${value.length}) `);
		const size = probe(() => Reflect.apply(MAP_SIZE, value, []) as number);
		if (size !== undefined) return this.#map(value as Map<unknown, unknown>, `${prefix}(${size})`);
		const count = probe(() => Reflect.apply(SET_SIZE, value, []) as number);
		if (count !== undefined) return this.#set(value as Set<unknown>, `${prefix}(${count})`);
		if (ArrayBuffer.isView(value)) return this.#view(value, prefix);
		if (value instanceof ArrayBuffer) return this.#buffer(value);
		const special = this.#special(value, prefix);
		if (special !== undefined) return special;
		const head = name === "Object" && tagOf(value, "Object") === "" ? "" : `${prefix}${tagOf(value, name)} `;
		if (this.#tooDeep()) return `[${head.trim() === "" ? "Object" : head.trim()}]`;
		return (
			head +
			this.#wrap(
				"{",
				"}",
				this.#properties(value, () => true),
				true,
			)
		);
	}

	#tooDeep(): boolean {
		return this.#path.length > this.#depth + 1;
	}

	#special(value: object, prefix: string): string | undefined {
		if (value instanceof Date) {
			const text = Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
			return this.#withProperties(text, value);
		}
		if (value instanceof RegExp) return this.#withProperties(String(value), value);
		if (value instanceof Promise) return this.#withProperties("Promise {}", value);
		if (value instanceof WeakMap || value instanceof WeakSet) return `${prefix} { <items unknown> }`;
		for (const [kind, unbox] of BOXES) {
			const primitive = probe(() => Reflect.apply(unbox, value, []) as unknown);
			if (primitive === undefined) continue;
			const inner = `[${kind}: ${this.show(primitive)}]`;
			return this.#withProperties(inner, value, (key) => kind !== "String" || !/^\d+$/.test(String(key)));
		}
		return undefined;
	}

	#withProperties(text: string, value: object, wanted: (key: PropertyKey) => boolean = () => true): string {
		const properties = this.#properties(value, wanted);
		if (properties.length === 0 || this.#tooDeep()) return text;
		return `${text} ${this.#wrap("{", "}", properties, false)}`;
	}

	#error(error: Error): string {
		const stack = probe(() => error.stack);
		const head = probe(() => String(error)) ?? "Error";
		let text = typeof stack === "string" && stack !== "" ? stack : `[${head}]`;
		if (typeof stack === "string" && !stack.includes(error.message)) text = `${head}\n${stack}`;
		text = text.replaceAll("\n", `\n${" ".repeat(this.#indent)}`);
		const keys = ["stack", "message", "name"];
		const properties = this.#properties(error, (key) => !keys.includes(String(key)) && key !== "cause");
		if (Object.hasOwn(error, "cause")) properties.push(`[cause]: ${this.#nested(() => this.show(error.cause))}`);
		if (error instanceof AggregateError && !Object.keys(error).includes("errors")) {
			properties.push(`[errors]: ${this.#nested(() => this.show(error.errors))}`);
		}
		if (properties.length === 0 || this.#tooDeep()) return text;
		return `${text} ${this.#wrap("{", "}", properties, false)}`;
	}

	#array(array: readonly unknown[], prefix: string): string {
		if (this.#tooDeep()) return prefix === "" ? "[Array]" : `[${prefix.trim()}]`;
		const items: string[] = [];
		let index = 0;
		while (index < array.length && items.length < this.#maxItems) {
			if (Object.hasOwn(array, index)) {
				const at = index;
				items.push(this.#nested(() => this.show(array[at])));
				index++;
				continue;
			}
			const from = index;
			while (index < array.length && !Object.hasOwn(array, index)) index++;
			items.push(`<${index - from} empty item${index - from === 1 ? "" : "s"}>`);
		}
		this.#more(items, array.length - index);
		const extra = this.#properties(array, (key) => typeof key === "symbol" || !/^\d+$/.test(String(key)));
		return prefix + this.#wrap("[", "]", [...items, ...extra], true);
	}

	#more(items: string[], rest: number): void {
		if (rest > 0) items.push(`... ${rest} more item${rest === 1 ? "" : "s"}`);
	}

	#map(map: Map<unknown, unknown>, prefix: string): string {
		if (this.#tooDeep()) return `[${prefix}]`;
		const items: string[] = [];
		const entries = [...Map.prototype.entries.call(map)];
		for (const [key, value] of entries.slice(0, this.#maxItems)) {
			items.push(this.#nested(() => `${this.show(key)} => ${this.show(value)}`));
		}
		this.#more(items, entries.length - items.length);
		return `${prefix} ${this.#wrap("{", "}", [...items, ...this.#properties(map, () => true)], false)}`;
	}

	#set(set: Set<unknown>, prefix: string): string {
		if (this.#tooDeep()) return `[${prefix}]`;
		const values = [...Set.prototype.values.call(set)];
		const items = values.slice(0, this.#maxItems).map((value) => this.#nested(() => this.show(value)));
		this.#more(items, values.length - items.length);
		return `${prefix} ${this.#wrap("{", "}", [...items, ...this.#properties(set, () => true)], false)}`;
	}

	#view(view: ArrayBufferView, prefix: string): string {
		if (view instanceof DataView) return `DataView(${view.byteLength}) { byteOffset: ${view.byteOffset} }`;
		const array = view as Uint8Array;
		const head = `${prefix}(${array.length}) `;
		if (this.#tooDeep()) return `[${prefix}]`;
		const items = Array.from(array.subarray(0, this.#maxItems), (item) => this.show(item));
		this.#more(items, array.length - items.length);
		return head + this.#wrap("[", "]", items, true);
	}

	#buffer(buffer: ArrayBuffer): string {
		const shown = new Uint8Array(buffer, 0, Math.min(buffer.byteLength, 50));
		const digits = Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
		const rest = buffer.byteLength > 50 ? ` ... ${buffer.byteLength - 50} more bytes` : "";
		return `ArrayBuffer { [Uint8Contents]: <${digits}${rest}>, byteLength: ${buffer.byteLength} }`;
	}

	#nested(show: () => string): string {
		this.#indent += 2;
		try {
			return show();
		} finally {
			this.#indent -= 2;
		}
	}

	#properties(object: object, wanted: (key: PropertyKey) => boolean): string[] {
		const shown: string[] = [];
		for (const key of Reflect.ownKeys(object)) {
			const property = Object.getOwnPropertyDescriptor(object, key);
			if (property?.enumerable !== true || !wanted(key)) continue;
			shown.push(`${keyText(key)}: ${this.#nested(() => this.#property(property))}`);
		}
		return shown;
	}

	#property(property: PropertyDescriptor): string {
		if ("value" in property) return this.show(property.value);
		if (property.get === undefined) return "[Setter]";
		return property.set === undefined ? "[Getter]" : "[Getter/Setter]";
	}

	/**
	 * Items on one line where they fit and no more than three levels are below, else one a line; a long list of short
	 * items in columns.
	 */
	#wrap(open: string, close: string, items: string[], isList: boolean): string {
		if (items.length === 0) return open + close;
		const rows = isList && items.length > 6 ? this.#columns(items) : items;
		if (rows === items && this.#deepest - this.#path.length < 3) {
			const start = items.length + this.#indent + open.length + 10;
			const length = items.reduce((sum, item) => sum + item.length, items.length + start);
			const single = length <= this.#breakLength && !items.some((item) => item.includes("\n"));
			if (single) return `${open} ${items.join(", ")} ${close}`;
		}
		const margin = `\n${" ".repeat(this.#indent)}`;
		return `${open}${margin}  ${rows.join(`,${margin}  `)}${margin}${close}`;
	}

	/** Sets short items in columns, as many as look well; the items themselves where they do not. */
	#columns(items: string[]): string[] {
		const last = items.at(-1) as string;
		const more = last.startsWith("... ");
		const cells = more ? items.slice(0, -1) : items;
		const total = cells.reduce((sum, item) => sum + item.length + 2, 0);
		const widest = Math.max(...cells.map((item) => item.length));
		const room = widest + 2;
		if (room * 3 + this.#indent >= this.#breakLength || (total / room <= 5 && widest > 6)) return items;
		if (cells.some((item) => item.includes("\n"))) return items;
		const biased = Math.max(room - 3 - Math.sqrt(room - total / items.length), 1);
		const count = Math.min(
			Math.round(Math.sqrt(2.5 * biased * cells.length) / biased),
			Math.floor((this.#breakLength - this.#indent) / room),
			12,
		);
		if (count <= 1) return items;
		const widths = Array.from({ length: count }, (_, column) =>
			Math.max(...cells.filter((_cell, at) => at % count === column).map((item) => item.length)),
		);
		const numeric = cells.every((item) => /^-?(\d|Infinity|NaN)/.test(item));
		const rows: string[] = [];
		for (let at = 0; at < cells.length; at += count) {
			const row = cells.slice(at, at + count).map((item, column, all) => {
				const width = widths[column] as number;
				const end = column === all.length - 1;
				if (numeric) return item.padStart(width) + (end ? "" : ", ");
				return end ? item : `${item}, `.padEnd(width + 2);
			});
			rows.push(row.join(""));
		}
		return more ? [...rows, last] : rows;
	}
}

const MAP_SIZE = Object.getOwnPropertyDescriptor(Map.prototype, "size")?.get as () => number;
const SET_SIZE = Object.getOwnPropertyDescriptor(Set.prototype, "size")?.get as () => number;
const BOXES: readonly (readonly [kind: string, unbox: () => unknown])[] = [
	["Number", Number.prototype.valueOf],
	["String", String.prototype.valueOf],
	["Boolean", Boolean.prototype.valueOf],
	["BigInt", BigInt.prototype.valueOf],
	["Symbol", Symbol.prototype.valueOf],
];

function functionText(value: { name: unknown }): string {
	const isClass = /^class\b/.test(probe(() => Function.prototype.toString.call(value)) ?? "");
	const name = typeof value.name === "string" && value.name !== "" ? value.name : "";
	if (!isClass) return `[${constructorName(value) ?? "Function"}${name === "" ? " (anonymous)" : `: ${name}`}]`;
	const parent = Object.getPrototypeOf(value) as { name?: string } | null;
	const extended = parent?.name !== undefined && parent.name !== "" ? ` extends ${parent.name}` : "";
	return `[class ${name === "" ? "(anonymous)" : name}${extended}]`;
}

/** A value as text, as `console.log` shows it inside others. */
export function inspect(value: unknown, options: InspectOptions = {}): string {
	return new Inspector(options).show(value, true);
}
