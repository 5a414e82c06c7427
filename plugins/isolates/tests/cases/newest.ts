// The language's newest built-ins, which are the realm's: what they are, and what they do.

// biome-ignore lint/suspicious/noExplicitAny: built-ins whose types the compiler may not know, and what does not fit them.
type Any = any;
const all = globalThis as Any;

function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, run());
	} catch (error) {
		console.log(what, "throws", (error as Error).name);
	}
}

// --- What they look like ------------------------------------------------------------------------------------------------

function isConstructor(value: Any): boolean {
	try {
		Reflect.construct(Object, [], value);
		return true;
	} catch {
		return false;
	}
}
function describe(holder: Any, key: string | symbol): string {
	const found = Object.getOwnPropertyDescriptor(holder, key);
	if (found === undefined) return "not there";
	const flags = [found.writable && "w", found.enumerable && "e", found.configurable && "c"].filter(Boolean).join("");
	const of = (fn: Any) =>
		`${JSON.stringify(fn.name)} ${fn.length} ${isConstructor(fn)} ${fn} ${Reflect.ownKeys(fn).map(String).join()}`;
	if (found.get) return `${flags} get ${of(found.get)} set ${found.set}`;
	return `${flags} ${typeof found.value === "function" ? of(found.value) : String(found.value)}`;
}
const asyncIterator = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()));
const asyncIteratorPrototype = Object.getPrototypeOf(asyncIterator);
const shapes: [string, Any, (string | symbol)[]][] = [
	["globalThis", all, ["DisposableStack", "AsyncDisposableStack", "SuppressedError"]],
	["Symbol", Symbol, ["dispose", "asyncDispose"]],
	["Promise", Promise, ["try"]],
	["Error", Error, ["isError"]],
	["RegExp", RegExp, ["escape"]],
	["Map", Map.prototype, ["getOrInsert", "getOrInsertComputed"]],
	["WeakMap", WeakMap.prototype, ["getOrInsert", "getOrInsertComputed"]],
	["Iterator", Iterator, ["concat"]],
	["Iterator.prototype", Iterator.prototype, [Symbol.dispose]],
	["AsyncIterator.prototype", asyncIteratorPrototype, [Symbol.asyncDispose]],
	["Math", Math, ["sumPrecise", "f16round"]],
	["DataView", DataView.prototype, ["getFloat16", "setFloat16"]],
	["Uint8Array", Uint8Array, ["fromBase64", "fromHex"]],
	["Uint8Array.prototype", Uint8Array.prototype, ["toBase64", "toHex", "setFromBase64", "setFromHex"]],
];
for (const [name, holder, keys] of shapes)
	for (const key of keys) console.log(name, String(key), describe(holder, key));
for (const name of ["DisposableStack", "AsyncDisposableStack", "SuppressedError"]) {
	const { prototype } = all[name];
	console.log(name, Object.getPrototypeOf(all[name]).name, describe(all[name], "prototype"));
	console.log(Reflect.ownKeys(prototype).map(String).sort().join());
	for (const key of Reflect.ownKeys(prototype)) console.log(" ", String(key), describe(prototype, key));
}
console.log(
	all.DisposableStack.prototype.dispose === all.DisposableStack.prototype[Symbol.dispose],
	all.AsyncDisposableStack.prototype.disposeAsync === all.AsyncDisposableStack.prototype[Symbol.asyncDispose],
);

// --- Errors -------------------------------------------------------------------------------------------------------------

class Own extends Error {}
for (const Kind of [Error, TypeError, AggregateError, Own, all.SuppressedError] as Any[]) {
	const made = Kind === AggregateError ? new Kind([], "text") : new Kind("text");
	console.log(
		Kind.name,
		all.Error.isError(made),
		made instanceof Error,
		Object.getPrototypeOf(made) === Kind.prototype,
		Object.prototype.toString.call(made),
		Kind === Error || Object.getPrototypeOf(Kind) === Error,
		made.stack.split("\n")[0],
	);
}
console.log(
	[{}, Object.create(Error.prototype), new Proxy(new Error(), {}), undefined, "Error", new DOMException()].map(
		(value) => all.Error.isError(value),
	),
);
const caused = new Error("message", { cause: 7 });
console.log(
	Reflect.ownKeys(caused).map(String),
	caused.cause,
	Reflect.ownKeys(new Error()),
	new Error(undefined).message === "",
);
console.log(Error("call") instanceof Error, Error.length, Error.name, `${Error}`, describe(Error, "prototype"));
console.log(Reflect.construct(Error, ["m"], Map) instanceof Map, Error.prototype.constructor === Error);
console.log(Reflect.ownKeys(Error).map(String).sort().join());
attempt("message", () => new Error(Symbol() as Any));
const suppressed = new all.SuppressedError("late", "early", "why");
console.log(Reflect.ownKeys(suppressed).map(String), suppressed.error, suppressed.suppressed, String(suppressed));
console.log(["message", "error", "suppressed"].map((key) => describe(suppressed, key)));
console.log(
	Object.hasOwn(all.SuppressedError(1, 2), "message"),
	all.SuppressedError(1, 2) instanceof all.SuppressedError,
);

// --- Maps -----------------------------------------------------------------------------------------------------------------

for (const Kind of [Map, WeakMap] as Any[]) {
	const map = new Kind();
	const key = Kind === Map ? -0 : {};
	console.log(
		map.getOrInsert(key, 1),
		map.getOrInsert(key, 2),
		map.getOrInsertComputed(key, () => 3),
		map.get(key),
	);
	const other = Kind === Map ? "other" : Symbol("other");
	const computed = map.getOrInsertComputed(other, (given: Any) => {
		map.set(given, "set meanwhile");
		return String(given);
	});
	console.log(computed, map.get(other), map.getOrInsert(Kind === Map ? NaN : [], undefined));
	attempt("callback", () => map.getOrInsertComputed(key, 1));
	attempt("throwing", () => map.getOrInsertComputed({}, () => JSON.parse("{")));
	attempt("key", () => map.getOrInsert("text", 1));
	attempt("computed key", () => map.getOrInsertComputed(Symbol.for("shared"), () => 1));
	attempt("receiver", () => Kind.prototype.getOrInsert.call({}, key, 1));
	attempt("computed receiver", () => Kind.prototype.getOrInsertComputed.call(new Set(), key, () => 1));
}
{
	const map = new Map() as Any;
	map.getOrInsertComputed(-0, (key: number) => console.log("the key is", Object.is(key, 0)));
	console.log([...map.keys()].map((key) => Object.is(key, 0)));
}

// --- Promises -------------------------------------------------------------------------------------------------------------

async function settled(what: string, make: () => Promise<unknown>): Promise<void> {
	try {
		console.log(what, await make());
	} catch (error) {
		console.log(what, "fails", error instanceof Error ? error.name : error);
	}
}
await settled("value", () => all.Promise.try(() => 5));
await settled("arguments", () => all.Promise.try((...given: number[]) => given.join(), 1, 2, 3));
await settled("promise", () => all.Promise.try(async () => "later"));
await settled("thrown", () => all.Promise.try(() => JSON.parse("{")));
await settled("no function", () => all.Promise.try(3));
class Sub extends Promise<unknown> {}
console.log((all.Promise.try.call(Sub, () => 1) as Any) instanceof Sub);
attempt("no constructor", () => all.Promise.try.call(undefined, () => 1));
attempt("no promise", () => all.Promise.try.call(Object, () => 1));

// --- Iterators ------------------------------------------------------------------------------------------------------------

console.log([...all.Iterator.concat([1, 2], new Set([3]), new Map([[4, 5]]))], [...all.Iterator.concat()]);
attempt("string", () => all.Iterator.concat("ab"));
attempt("no iterable", () => all.Iterator.concat({}));
attempt("iterator is no function", () => all.Iterator.concat({ [Symbol.iterator]: 1 }));
{
	const events: string[] = [];
	const traced = (name: string, values: unknown[]) => ({
		get [Symbol.iterator]() {
			events.push(`get ${name}`);
			return () => {
				events.push(`open ${name}`);
				const inner = values.values();
				return {
					next() {
						events.push(`next ${name}`);
						return inner.next();
					},
					return() {
						events.push(`return ${name}`);
						return {};
					},
				};
			};
		},
	});
	const iterator = all.Iterator.concat(traced("a", [1]), traced("b", [2, 3]));
	events.push("made");
	console.log(iterator.next(), iterator.next(), iterator.return("given"), iterator.next());
	console.log(events.join("; "));
	events.length = 0;
	const unopened = all.Iterator.concat(traced("c", []));
	console.log(unopened.return(), unopened.next(), events.join("; "));
	console.log(
		Object.getPrototypeOf(unopened) === Object.getPrototypeOf([].values().map((x) => x)),
		unopened[Symbol.toStringTag],
		typeof Object.getPrototypeOf(unopened).next.call(unopened),
	);
	const failing = all.Iterator.concat({ [Symbol.iterator]: () => ({ next: () => JSON.parse("{") }) }, [1]);
	attempt("failing", () => failing.next());
	console.log(failing.next());
	attempt("primitive result", () => all.Iterator.concat({ [Symbol.iterator]: () => ({ next: () => 1 }) }).next());
	attempt("primitive iterator", () => all.Iterator.concat({ [Symbol.iterator]: () => 1 }).next());
	let self: Any;
	const nested = { [Symbol.iterator]: () => ({ next: () => self.next() }) };
	self = all.Iterator.concat(nested);
	attempt("running", () => self.next());
}

// --- Sums ----------------------------------------------------------------------------------------------------------------

const sum = (...items: Any[]) => all.Math.sumPrecise(items);
console.log(
	[sum(), sum(-0), sum(-0, -0), sum(0, -0), sum(1, -1), sum(-0, 5e-324, -5e-324)].map((x) =>
		Object.is(x, -0) ? "-0" : x,
	),
);
console.log(
	sum(1, 2, 3),
	sum(0.1, 0.2, 0.3),
	sum(1e20, 0.1, -1e20),
	sum(1e308, 1e308, -1e308),
	sum(1e16, 1, 1),
	sum(1e16, 1),
);
console.log(
	sum(2 ** 53, 1),
	sum(2 ** 53, 1, 5e-324),
	sum(2 ** 53, 3),
	sum(2 ** 53, 3, -5e-324),
	sum(-(2 ** 53), -1, -5e-324),
);
console.log(sum(Number.MAX_VALUE, Number.MAX_VALUE), sum(Number.MAX_VALUE, 2 ** 969), sum(Number.MAX_VALUE, 2 ** 970));
console.log(
	sum(-Number.MAX_VALUE, -(2 ** 969)),
	sum(-Number.MAX_VALUE, -(2 ** 970), 5e-324),
	sum(Number.MAX_VALUE, 2 ** 970, -5e-324),
);
console.log(sum(5e-324, 5e-324), sum(2.2250738585072014e-308, -5e-324), sum(1e-310, 2e-320, -3e-315));
console.log(
	sum(Infinity, 1),
	sum(-Infinity, 1e308, 1e308),
	sum(Infinity, -Infinity),
	sum(NaN, 1),
	sum(1, Infinity, NaN),
);
console.log(sum(...Array.from({ length: 1000 }, (_, i) => (i % 2 ? 1 : -1) / (2 * i + 1))));
{
	// Random numbers against sums of whole multiples of the smallest number.
	let seed = 12345;
	const bits = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0);
	const view = new DataView(new ArrayBuffer(8));
	const whole = (x: number): bigint => {
		view.setFloat64(0, x);
		const raw = view.getBigUint64(0);
		const exponent = (raw >> 52n) & 2047n;
		const digits = raw & ((1n << 52n) - 1n);
		const size = exponent === 0n ? digits : ((1n << 52n) | digits) << (exponent - 1n);
		return raw >> 63n ? -size : size;
	};
	let wrong = 0;
	for (let round = 0; round < 60; round++) {
		const items: number[] = [];
		let exact = 0n;
		for (let i = 0; i < 40; i++) {
			view.setUint32(0, (bits() & 0x800fffff) | ((900 + (bits() >>> 25)) << 20));
			view.setUint32(4, bits());
			const item = i % 7 === 6 && bits() & 65536 ? -(items[i - 3] as number) : view.getFloat64(0);
			items.push(item);
			exact += whole(item);
		}
		const found = sum(...items);
		// Half a step of the sum's last digit is the furthest that the exact sum can lie from it.
		const off = exact - whole(found);
		view.setFloat64(0, Math.abs(found));
		view.setBigUint64(0, view.getBigUint64(0) + 1n);
		const step = whole(view.getFloat64(0)) - whole(Math.abs(found));
		if ((off < 0n ? -off : off) * 2n > step) wrong++;
	}
	console.log("sums that are not the nearest number:", wrong);
}
attempt("no number", () => sum(1, "2"));
attempt("bigint", () => sum(1n));
attempt("nothing", () => all.Math.sumPrecise());
attempt("object", () => all.Math.sumPrecise({}));
{
	let closed = false;
	const iterator = Iterator.from({
		next: () => ({ value: "x", done: false }),
		return() {
			closed = true;
			return { value: undefined, done: true };
		},
	} as Any);
	attempt("closes", () => all.Math.sumPrecise(iterator));
	console.log(closed, all.Math.sumPrecise(new Set([1, 0.5])));
}

// --- Half precision -------------------------------------------------------------------------------------------------------

const round = (x: unknown) => all.Math.f16round(x);
console.log(
	[0, 1, 1.337, 65504, 65519.99, 65520, 1e9, 2 ** -24, 2 ** -25, 2 ** -25 + 2 ** -50, 6.1e-5, 5.5e-8].map(round),
);
console.log(
	[-1.337, -65520, -0, NaN, Infinity, -Infinity, 1.00048828125, 1.0004882812500002, 1.00146484375].map(round),
);
console.log(Object.is(round(-0), -0), Object.is(round(-(2 ** -25)), -0), round("2.5"), round(undefined));
attempt("bigint", () => round(1n));
{
	const view = new DataView(new ArrayBuffer(4)) as Any;
	let wrong = 0;
	for (let bits = 0; bits < 65536; bits++) {
		view.setUint16(0, bits);
		const value = view.getFloat16(0);
		if (!Object.is(value, round(value))) wrong++;
		view.setFloat16(2, value);
		if (view.getUint16(2) !== bits && !Number.isNaN(value)) wrong++;
	}
	console.log("half numbers that do not come back:", wrong);
	view.setFloat16(0, 1.5, true);
	console.log(view.getUint16(0), view.getFloat16(0, true), view.setFloat16(1, NaN), view.getUint16(1));
	view.setUint16(0, 0x0001);
	console.log(view.getFloat16(), view.getFloat16("0"));
	attempt("offset", () => view.getFloat16(3));
	attempt("negative", () => view.setFloat16(-1, 1));
	attempt("receiver", () => view.getFloat16.call(new Uint8Array(4), 0));
	attempt("receiver", () => view.setFloat16.call({}, 0, 1));
}

// --- Patterns from text ---------------------------------------------------------------------------------------------------

const escape = (text: unknown) => all.RegExp.escape(text);
console.log(escape("Hello.*"), escape("1+1=2"), escape("_a-b"), escape("/a b/"), escape(""), escape("é€😀"));
console.log(
	escape("^$\\.*+?()[]{}|/"),
	escape(",-=<>#&!%:;@~'`\""),
	escape("\t\n\v\f\r \u00a0\u2028\u2029\ufeff\u3000\u2003\u1680\u180e"),
);
console.log(escape("\ud83d x \ude00 \ud83d\ude00 \ud83d\ud83d\ude00"), escape("aA0"), escape("_\0\x7f\x85"));
for (const bad of [undefined, 1, new String("x")]) attempt("not text", () => escape(bad));
{
	let wrong = 0;
	for (let unit = 0; unit < 65536; unit++) {
		const text = String.fromCharCode(unit, unit, 97);
		// Most stand for themselves.
		if (unit > 255 && escape(text) === text) continue;
		for (const flags of ["", "u", "v"]) if (!new RegExp(`^${escape(text)}$`, flags).test(text)) wrong++;
		await null;
	}
	console.log("texts that their pattern does not match:", wrong);
}
