// Every kind of thing that a heap can hold across an await: each must be the same after it. A step is a line, and the
// runs that are compared stop, are kept and are made anew between any two of them.
import { stdout } from "helios:process";
import { sleep } from "helios:time";

const step = async (name: string, ...values: unknown[]): Promise<void> => {
	await stdout.write(`${name}: ${values.map((value) => String(value)).join(" ")}\n`);
	await sleep(1);
};
const attempt = (work: () => unknown): string => {
	try {
		return String(work());
	} catch (error) {
		return String(error);
	}
};

// Objects: fast, slow, frozen, sealed, not extensible, accessors, order of keys, prototypes.
const plain: Record<string | symbol, unknown> = { b: 1, a: 2, 10: "ten", 2: "two" };
const symbol = Symbol("own");
plain[symbol] = "by symbol";
const slow: Record<string, number> = {};
for (let i = 0; i < 2000; i++) slow[`k${(i * 7919) % 2003}`] = i;
for (let i = 0; i < 1900; i++) delete slow[`k${(i * 7919) % 2003}`];
const frozen = Object.freeze({ deep: [1, 2], x: 1 });
const frozenArray = Object.freeze([1, 2, 3]);
const frozenDoubles = Object.freeze([0.5, 1.5]);
const sealed = Object.seal({ x: 1 });
const fixed = Object.preventExtensions([1, , 3]);
const withGetter = {
	n: 0,
	get next() {
		return ++this.n;
	},
	set next(value) {
		this.n = value * 10;
	},
};
class Base {
	static #count = 0;
	#secret = 0;
	static count = () => Base.#count;
	constructor(readonly name: string) {
		Base.#count++;
	}
	secret() {
		return ++this.#secret;
	}
	static has(value: object) {
		return #secret in value;
	}
	static {
		Base.#count = 100;
	}
}
class Derived extends Base {
	override secret() {
		return super.secret() * 2;
	}
	accessorLike = () => this.name;
}
class Stack extends Array<number> {
	top() {
		return this.at(-1);
	}
}
class Failure extends Error {
	constructor(
		message: string,
		readonly code: number,
	) {
		super(message);
		this.name = "Failure";
	}
}
const base = new Base("base");
const derived = new Derived("derived");
const stack = Stack.from([1, 2, 3]) as Stack;
const bare = Object.create(null) as Record<string, unknown>;
bare["toString"] = "mine";
const proxy = new Proxy({ hits: 0 } as Record<string, number>, {
	get: (target, key) => (key === "hits" ? (target["hits"] = (target["hits"] ?? 0) + 1) : 42),
});
const revocable = Proxy.revocable({}, {});
revocable.revoke();

// Collections, iterators in the middle, weak ones.
const map = new Map<unknown, unknown>();
for (let i = 0; i < 40; i++) map.set(i % 3 === 0 ? { i } : i, i);
const keyObjects = [...map.keys()].filter((key) => typeof key === "object") as object[];
for (let i = 0; i < 20; i += 2) map.delete(i);
const set = new Set<unknown>([Number.NaN, 0, "a", symbol, plain]);
const mapIterator = map.entries();
for (let i = 0; i < 5; i++) mapIterator.next();
const setIterator = set.values();
setIterator.next();
const weak = new WeakMap<object, unknown>([[plain, "plain"], [frozen, derived]]);
const weakSet = new WeakSet([derived]);
const sparse: number[] = [];
sparse[5000000] = 1;
sparse[7] = 2;
const arrayIterator = [10, 20, 30, 40].values();
arrayIterator.next();
const helper = [1, 2, 3, 4, 5, 6].values().map((n) => n * n).filter((n) => n % 2 === 0);
helper.next();
const matches = "a1b22c333".matchAll(/[a-z](\d+)/g);
matches.next();
function* generate(): Generator<number, string, number> {
	let sum = 0;
	try {
		for (let i = 0; ; i++) sum += yield sum + i;
	} finally {
		sum = -1;
	}
}
const generator = generate();
generator.next();
generator.next(5);
function* delegating(): Generator<number> {
	yield 1;
	yield* [2, 3, 4].values();
}
const delegate = delegating();
delegate.next();
delegate.next();
async function* feed(): AsyncGenerator<number> {
	for (let i = 0; ; i++) {
		await sleep(1);
		yield i;
	}
}
const feeding = feed();
const queued = [feeding.next(), feeding.next(), feeding.next()];

// Text, numbers, dates, patterns.
let rope = "";
for (let i = 0; i < 1000; i++) rope += `piece ${i} `;
const sliced = rope.slice(500, 4000);
const twoByte = "héllo wörld — ✓ 😀".repeat(50);
const internal = { [`computed${rope.length}`]: 1 };
const big = 2n ** 200n + 1n;
const minusZero = -0;
const date = new Date(Date.UTC(2035, 1, 3, 4, 5, 6, 789));
const sticky = /(\w)(?<rest>\w*)\s/gy;
sticky.exec("one two three ");
const registered = Symbol.for("registered");

// Bytes.
const buffer = new ArrayBuffer(64, { maxByteLength: 256 });
const tracking = new Uint8Array(buffer);
const window = new Uint16Array(buffer, 8, 4);
const view = new DataView(buffer, 16);
view.setFloat64(0, Math.PI);
const floats = new Float64Array([1.5, Number.NaN, -0, Number.POSITIVE_INFINITY]);
const bigs = new BigInt64Array([1n, -1n]);
const moved = new ArrayBuffer(8).transfer(16);
const detached = new ArrayBuffer(8);
detached.transfer();
const empty = new Uint8Array(0);

// Functions and what they close over.
const counters = [1, 2, 3].map((start) => {
	let n = start;
	return { up: () => ++n, down: () => --n };
});
const bound = derived.secret.bind(derived);
function sloppyArguments(..._rest: unknown[]) {
	// biome-ignore lint/complexity/noArguments: the object itself is what is kept
	return arguments;
}
const given = sloppyArguments(1, "two", plain);
const tag = (strings: TemplateStringsArray): TemplateStringsArray => strings;
const template = () => tag`same ${1} object`;
const firstTemplate = template();
const never = () => "not called before";

// Errors made before, whose traces are read after; promises in every state.
const error = new Failure("made before", 7);
const caused = new TypeError("outer", { cause: error });
const aggregate = new AggregateError([error, caused], "many");
const rejected = Promise.reject(caused);
rejected.catch(() => {});
const resolved = Promise.resolve("value");
let release: (value: string) => void = () => {};
const waiting = new Promise<string>((resolve) => {
	release = resolve;
});
const chained = waiting.then((value) => `${value}!`).finally(() => {});
const race = Promise.race([waiting, sleep(10_000)]);
const all = Promise.allSettled([waiting, rejected, resolved]);
const late = import("helios:time");

await step("objects", JSON.stringify(plain), Reflect.ownKeys(plain).map(String).join());
await step("slow", Object.keys(slow).length, Object.keys(slow).slice(0, 9).join());
await step("frozen", Object.isFrozen(frozen), attempt(() => Object.assign(frozen, { x: 2 })), Object.isFrozen(frozen.deep));
await step("frozen arrays", attempt(() => (frozenArray as number[]).push(4)), attempt(() => (frozenDoubles as number[]).reverse()));
await step("sealed", Object.isSealed(sealed), attempt(() => delete (sealed as { x?: number }).x));
await step("fixed", Object.isExtensible(fixed), 1 in fixed, attempt(() => fixed.push(1)));
withGetter.next = 4;
await step("accessors", withGetter.next, withGetter.next);
await step("classes", base.secret(), derived.secret(), derived.secret(), Base.count(), Base.has(derived), Base.has(plain));
await step("fields", derived.accessorLike(), derived instanceof Base, derived.constructor.name);
await step("subclass", stack.top(), stack.map((n) => n + 1) instanceof Stack, stack.length);
await step("null prototype", bare["toString"], Object.getPrototypeOf(bare));
await step("proxy", proxy["hits"], proxy["other"], proxy["hits"], attempt(() => Reflect.ownKeys(revocable.proxy)));
await step("map", map.size, [...map.values()].join(), keyObjects.map((key) => map.get(key)).join());
await step("iterators", [...mapIterator].length, [...setIterator].map(String).join(), [...arrayIterator].join());
await step("set", set.has(Number.NaN), set.has(symbol), set.has(plain), set.size);
await step("weak", weak.get(plain), weak.get(frozen) === derived, weakSet.has(derived), weakSet.has(base));
await step("sparse", sparse.length, Object.keys(sparse).join());
await step("helpers", [...helper].join(), [...matches].map((match) => match[1]).join());
await step("generators", generator.next(7).value, JSON.stringify(generator.return("done")), [...delegate].join());
await step("async generators", (await Promise.all(queued)).map((result) => result.value).join(), (await feeding.next()).value);
await step("text", rope.length, sliced.length, rope.endsWith(sliced.slice(-5)), sliced.slice(0, 20), twoByte.length, twoByte.at(-1));
await step("names", JSON.stringify(internal), (internal as Record<string, number>)[`computed${rope.length}`]);
await step("numbers", big, Object.is(minusZero, -0), date.toISOString(), date.getDay());
await step("patterns", sticky.lastIndex, sticky.exec("one two three ")?.groups?.["rest"], sticky.lastIndex, /a+b/.test("aaab"));
await step("symbols", registered === Symbol.for("registered"), plain[symbol], symbol.description);
buffer.resize(128);
await step("buffers", tracking.length, window.length, view.getFloat64(0), buffer.maxByteLength);
await step("typed arrays", floats.join(), Object.is(floats[2], -0), bigs.join(), moved.byteLength, detached.detached, empty.length);
await step("closures", counters.map((counter) => counter.up()).join(), counters[1]?.down(), bound());
await step("arguments", given.length, given[1], given[2] === plain, Object.prototype.toString.call(given));
await step("templates", template() === firstTemplate, firstTemplate.raw.join("|"), Object.isFrozen(firstTemplate));
await step("functions", never(), never.toString(), bound.name, Derived.toString().length);
await step("errors", error.stack, error instanceof Failure, error.code);
await step("causes", (caused.cause as Failure).message, aggregate.errors.length, caused.stack);
await step("promises", await resolved, await rejected.catch((reason: Error) => reason.message));
release("released");
await step("waiting", await chained, await race, (await all).map((result) => result.status).join());
await step("modules", (await late).sleep === sleep, (await import("helios:time")).sleep === sleep, typeof import.meta.url);
await step("random", Math.random(), crypto.getRandomValues(new Uint8Array(4)).join());
await step("globals", typeof WebAssembly, typeof SharedArrayBuffer, typeof WeakRef, Object.keys(globalThis).length);

// The library's own: streams, events, clones, timers, codecs in the middle.
const decoder = new TextDecoder();
let text = decoder.decode(new Uint8Array([0xe2, 0x9c]), { stream: true });
const { readable, writable } = new TransformStream<string, string>({
	transform(chunk, controller) {
		controller.enqueue(chunk.toUpperCase());
	},
});
const writer = writable.getWriter();
const reader = readable.getReader();
void writer.write("through").catch(() => {});
const target = new EventTarget();
let heard = 0;
target.addEventListener("ping", () => heard++, { once: true });
const controller = new AbortController();
const url = new URL("https://user@example.com:8080/a/../b?q=1#frag");
const headers = structuredClone({ when: date, map, nested: [frozen] });
const deadline = setTimeout(() => heard++, 3);
const cleared = setTimeout(() => (heard += 100), 2);
clearTimeout(cleared);
await step("started", deadline !== cleared);
text += decoder.decode(new Uint8Array([0x93]));
await step("decoder", text);
await step("streams", (await reader.read()).value, writer.desiredSize);
target.dispatchEvent(new Event("ping"));
target.dispatchEvent(new Event("ping"));
await sleep(5);
await step("events and timers", heard);
controller.abort("because");
await step("abort", controller.signal.aborted, controller.signal.reason);
url.searchParams.append("r", "2");
await step("url", url.href, headers.when.getTime() === date.getTime(), headers.map.size, headers.nested.length);
console.log("the end", { frozen, set, error: error.message });
