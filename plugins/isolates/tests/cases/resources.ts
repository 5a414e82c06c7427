// `using`, `await using` and the stacks of resources.

// biome-ignore lint/suspicious/noExplicitAny: built-ins whose types the compiler may not know, and what does not fit them.
type Any = any;
const log: string[] = [];
function flush(what: string): void {
	console.log(`${what}: ${log.splice(0).join(" ")}`);
}
function resource(name: string, fails = false): Disposable {
	log.push(`+${name}`);
	return {
		[Symbol.dispose]() {
			log.push(`-${name}`);
			if (fails) throw new Error(name);
		},
	};
}
function later(name: string, fails = false): AsyncDisposable {
	log.push(`+${name}`);
	return {
		async [Symbol.asyncDispose]() {
			log.push(`(${name}`);
			await null;
			log.push(`${name})`);
			if (fails) throw new Error(name);
		},
	};
}
function chain(error: unknown): string {
	const it = error as Any;
	return it instanceof SuppressedError ? `[${chain(it.error)} < ${chain(it.suppressed)}]` : String(it?.message ?? it);
}
function attempt(what: string, run: () => unknown): void {
	try {
		const result = run();
		log.push(`= ${result}`);
	} catch (error) {
		log.push(`! ${(error as Error)?.name}: ${chain(error)}`);
	}
	flush(what);
}
async function settle(what: string, run: () => Promise<unknown>): Promise<void> {
	try {
		log.push(`= ${await run()}`);
	} catch (error) {
		log.push(`! ${(error as Error)?.name}: ${chain(error)}`);
	}
	flush(what);
}

// --- Where it can stand ---------------------------------------------------------------------------------------------------

using outermost = { [Symbol.dispose]: () => console.log("the module's is disposed of last") };
await using outermostLater = {
	async [Symbol.asyncDispose]() {
		await null;
		console.log("the module's waits");
	},
};
export const exported = typeof outermost;
export class Exported {
	static of = outermostLater === undefined;
	own = 1;
}
enum Kind {
	First = 1,
	// biome-ignore lint/style/useLiteralEnumMembers: what is only known when the module runs must be there then.
	Second = (() => 2)(),
}
export enum Shared {
	// biome-ignore lint/style/useLiteralEnumMembers: what is only known when the module runs must be there then.
	One = Kind.Second,
}
console.log(kinds());
function kinds(): string {
	return [Kind[1], Kind.Second, Shared[2]].join();
}
console.log(hoisted(), exported, Exported.of, Exported.name);
function hoisted(): string {
	return "functions are hoisted";
}

{
	using a = resource("a");
	using b = resource("b"),
		c = resource("c");
	using _none = null;
	using _neither = undefined;
	log.push(a === b || b === c ? "same" : "body");
}
flush("block");

function early(how: number): string {
	using _a = resource("a");
	for (let i = 0; i < 3; i++) {
		using _b = resource(`b${i}`);
		if (i === 0) continue;
		if (how === 1) break;
		if (how === 2) return log.push("return") ? "returned" : "";
		if (how === 3) throw new Error("thrown");
	}
	return "ended";
}
for (const how of [0, 1, 2, 3]) attempt(`early ${how}`, () => early(how));

const arrow = () => {
	using _x = resource("x");
	return log.length;
};
attempt("arrow", arrow);
class Holder {
	static made = 0;
	static {
		using _s = resource("static");
		Holder.made++;
	}
	constructor() {
		using _c = resource("constructor");
		log.push("new");
	}
	get value(): number {
		using _g = resource("getter");
		return 7;
	}
	*steps(): Generator<number> {
		using _g = resource("generator");
		yield 1;
		yield 2;
	}
}
flush("static block");
attempt("constructor", () => new Holder().value);
attempt("generator", () => [...new Holder().steps()].join());
attempt("generator closed", () => {
	for (const step of new Holder().steps()) return step;
	return 0;
});

attempt("for", () => {
	let turns = 0;
	for (using head = resource("head") as Any; turns < 2; turns++) log.push(head === undefined ? "?" : "turn");
	outer: for (using _head = resource("labelled"); turns < 9; turns++) {
		for (;;) {
			turns++;
			if (turns < 6) continue outer;
			break outer;
		}
	}
	return turns;
});
attempt("for of", () => {
	for (using each of [resource("1"), null, resource("2")]) {
		const shadow = each;
		if (shadow === null) continue;
		log.push("turn");
	}
	for (using same of [resource("3")]) {
		const outer = same;
		{
			const same = outer;
			log.push(same === outer ? "shadowed" : "?");
		}
	}
	for (using each of [resource("4")]) log.push(each ? "no block" : "?");
	return "done";
});
attempt("try", () => {
	try {
		using _t = resource("t");
		throw new Error("inside");
	} catch (error) {
		using _c = resource("c");
		log.push(`caught ${(error as Error).message}`);
	} finally {
		using _f = resource("f");
		log.push("finally");
	}
	return "done";
});
attempt("switch", () => {
	switch (Number("1")) {
		case 1: {
			using _s = resource("s");
			log.push("case");
			break;
		}
		default:
			log.push("default");
	}
	return "done";
});
namespace Space {
	export const kind = typeof resource;
	{
		using _n = resource("namespace");
	}
}
flush(`namespace ${Space.kind}`);
attempt("using is a name too", () => {
	const using = 3;
	const await_ = using + 1;
	return await_;
});
attempt("babelHelpers is a name too", () => {
	const babelHelpers = { usingCtx: () => "mine" };
	using _r = resource("r");
	return babelHelpers.usingCtx();
});
attempt("closures keep it", () => {
	const kept: (() => unknown)[] = [];
	for (const name of ["k", "l"]) {
		using it = resource(name);
		kept.push(() => typeof it);
	}
	return kept.map((get) => get()).join();
});
function deep(n: number): number {
	using _d = resource(String(n));
	return n === 0 ? 0 : deep(n - 1) + 1;
}
attempt("recursion", () => deep(3));

// --- await using ----------------------------------------------------------------------------------------------------------

await settle("await using", async () => {
	await using _a = later("a");
	using _b = resource("b");
	await using _c = resource("c");
	await using _none = null;
	log.push("body");
	return "value";
});
await settle("await for", async () => {
	for (await using _head = later("head"); ; ) {
		log.push("turn");
		break;
	}
	for (await using each of [later("1"), later("2")]) log.push(each ? "turn" : "?");
	for await (using each of [Promise.resolve(resource("3"))]) log.push(each ? "turn" : "?");
	for await (await using each of [later("4")]) log.push(each ? "turn" : "?");
	return "done";
});
async function* generate(): AsyncGenerator<number> {
	await using _g = later("g");
	yield 1;
	yield 2;
}
await settle("async generator", async () => {
	for await (const step of generate()) {
		log.push(String(step));
		break;
	}
	return "done";
});
await settle("errors of both", async () => {
	await using _a = later("a", true);
	using _b = resource("b", true);
	throw new Error("body");
});

// --- Errors ---------------------------------------------------------------------------------------------------------------

attempt("one", () => {
	using _a = resource("a", true);
});
attempt("suppressed", () => {
	using _a = resource("a", true);
	using _b = resource("b", true);
	throw new Error("body");
});
attempt("undefined is thrown", () => {
	using _a = resource("a");
	throw undefined;
});
for (const bad of [1, "text", {}, { [Symbol.dispose]: 1 }, { [Symbol.asyncDispose]() {} }] as Any[])
	attempt("no resource", () => {
		using _a = resource("before");
		using _b = bad;
	});
await settle("no later resource", async () => {
	await using _b = {} as Any;
});
try {
	using _late = { [Symbol.dispose]: () => JSON.parse("{") };
	throw new RangeError("first");
} catch (error) {
	const it = error as Any;
	console.log(
		it instanceof SuppressedError,
		it.name,
		it.message,
		it.error.name,
		it.suppressed.name,
		it.constructor === SuppressedError,
	);
	console.log(Reflect.ownKeys(it).map(String).join());
}
console.log(
	function shown() {
		using _x = null; // as it was written
	}.toString(),
);

function places(): string {
	using _here = null;
	{
		using _there = null;
		return new Error().stack?.split("\n    at ")[1]?.replace(/.*[/]/, "") ?? "";
	}
}
console.log(places());
attempt("no stack left", () => {
	let depth = 0;
	const down = (): void => {
		using _each = null;
		depth++;
		down();
	};
	try {
		down();
	} catch (error) {
		return (error as Error).name;
	}
	return depth;
});

// --- The stacks -----------------------------------------------------------------------------------------------------------

attempt("stack", () => {
	const stack = new DisposableStack();
	const used = stack.use(resource("used"));
	const adopted = stack.adopt("value", (value) => log.push(`adopted ${value}`));
	stack.defer(() => log.push("deferred"));
	log.push(String(stack.use(null)), String(stack.use(undefined)), adopted, typeof used, String(stack.disposed));
	stack.dispose();
	stack.dispose();
	log.push(String(stack.disposed));
	return Object.prototype.toString.call(stack);
});
attempt("stack moved", () => {
	const stack = new DisposableStack();
	stack.use(resource("moved"));
	const moved = stack.move();
	log.push(String(stack.disposed), String(moved.disposed), String(moved instanceof DisposableStack));
	attempt("after", () => stack.use(null));
	attempt("after", () => stack.defer(() => {}));
	attempt("after", () => stack.adopt(1, () => {}));
	attempt("after", () => stack.move());
	moved[Symbol.dispose]();
	return "done";
});
attempt("stack of errors", () => {
	using stack = new DisposableStack();
	stack.use(resource("a", true));
	stack.defer(() => {
		throw new Error("deferred");
	});
});
class Pool extends DisposableStack {
	name = "pool";
}
attempt("subclass", () => {
	using pool = new Pool();
	pool.defer(() => log.push("pool's"));
	return [pool.name, pool.move() instanceof Pool].join();
});
attempt("call", () => (DisposableStack as Any)());
attempt("use", () => new DisposableStack().use(5 as Any));
attempt("defer", () => new DisposableStack().defer(5 as Any));
attempt("adopt", () => new DisposableStack().adopt(5, 5 as Any));
attempt("receiver", () => DisposableStack.prototype.dispose.call(new AsyncDisposableStack() as Any));
attempt("receiver", () => Object.getOwnPropertyDescriptor(DisposableStack.prototype, "disposed")?.get?.call({}));
await settle("later stack", async () => {
	const stack = new AsyncDisposableStack();
	stack.use(later("a"));
	stack.use(resource("b"));
	stack.adopt("c", async (name) => {
		await null;
		log.push(`adopted ${name}`);
	});
	stack.defer(async () => {
		log.push("deferred");
	});
	stack.use(null);
	const moved = stack.move();
	log.push(String(stack.disposed));
	const promise = moved.disposeAsync();
	log.push(String(moved.disposed), promise instanceof Promise ? "promise" : "?");
	await promise;
	return await moved.disposeAsync();
});
await settle("later receiver", () => AsyncDisposableStack.prototype.disposeAsync.call({} as Any));
await settle("later use", async () => new AsyncDisposableStack().use({} as Any));
await settle("later errors", async () => {
	await using stack = new AsyncDisposableStack();
	stack.use(later("a", true));
	stack.use(resource("b", true));
});

// --- Iterators ------------------------------------------------------------------------------------------------------------

attempt("iterator", () => {
	using steps = new Holder().steps();
	log.push(String(steps.next().value));
	return ([1].values() as Any)[Symbol.dispose]();
});
attempt("iterator without return", () => (Iterator.prototype as Any)[Symbol.dispose].call({ return: 5 }));
await settle("async iterator", async () => {
	await using steps = generate();
	log.push(String((await steps.next()).value));
	return "done";
});
await settle("async iterator fails", async () => {
	const dispose = Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(generate())))[Symbol.asyncDispose];
	log.push(String(await dispose.call({})), String(await dispose.call({ return: () => 5 })));
	return dispose.call({ return: 5 });
});
{
	// Each step in its turn.
	const turns: string[] = [];
	const other = (async () => {
		for (let i = 0; i < 4; i++) {
			turns.push(String(i));
			await null;
		}
	})();
	{
		await using _nothing = null;
		turns.push("body");
	}
	turns.push("after");
	await other;
	console.log(turns.join(" "));
}
console.log("the end");
