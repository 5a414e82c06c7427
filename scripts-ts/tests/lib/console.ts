// `console`: formats, inspection, groups, counters, timers, tables.

console.log();
console.log("plain", 1, -0, 1n, true, null, undefined, Symbol("s"));
console.log("%s is %d years and %i days, %f%% of %j", "Ada", 36.5, 20.9, 99.5, { a: [1] }, "rest");
console.log("%o %O %c|%x %s", { a: 1 }, [2], "color: red", "s");
console.log("%s %s", 5n, { toString: () => "no" }, Symbol("t"));
console.log("%d %i %f", "0x10", "12px", "1.5e2z");
console.log("100%", "a%sb");

console.log(["a", "it's", "\n"], [[1, [2, [3, [4]]]]], [, 1, , ,], Object.assign([1], { x: 1 }));
console.log({ a: 1, "b-c": 2, [Symbol("k")]: 3, nested: { deep: { deeper: { deepest: 1 } } } });
console.log(
	new Map<unknown, unknown>([
		["a", { b: 1 }],
		[{ k: 1 }, [1]],
	]),
	new Set([1, "x"]),
	new Map(),
	new Set(),
);
console.log(new Uint8Array([1, 2, 3]), new Float64Array(2), new ArrayBuffer(3), new DataView(new ArrayBuffer(2)));
console.log(
	Object.create(null),
	Object.assign(Object.create(null), { a: 1 }),
	new (class Foo {
		x = 1;
	})(),
	new (class {})(),
);
console.log(
	class A {},
	class B extends Map {},
	function named() {},
	() => {},
	async () => {},
	function* gen() {},
);
console.log(new Date(0), /a+/gi, new Date(Number.NaN), Promise.resolve(1), new WeakMap());
console.log(Object(1), Object("s"), Object(true), Object(1n));
const circular: Record<string, unknown> = { name: "loop" };
circular.self = circular;
circular.list = [circular, { back: circular }];
console.log(circular);
console.log({
	get a() {
		return 1;
	},
	set a(_v) {},
	get b() {
		return 1;
	},
	set c(_v: number) {},
});
console.log(Array.from({ length: 120 }, (_, index) => index));
console.log(Array.from({ length: 8 }, (_, index) => `item number ${index}`));
console.log({ first: "a long value that takes room", second: "another long value that takes room", third: 3 });
const error = new TypeError("broken", { cause: "reason" });
error.stack = "TypeError: broken\n    at somewhere";
console.log(error);
console.log({ error: Object.assign(new Error("with code"), { code: "X", stack: "Error: with code\n    at place" }) });
console.log([new DOMException("gone", "AbortError").name], Object.prototype.toString.call(console));

console.group("outer");
console.log("in\ntwo lines");
console.group();
console.info("deeper");
console.groupEnd();
console.groupEnd();
console.groupEnd();
console.debug("out");

console.count();
console.count("x");
console.count();
console.countReset();
console.count();
console.countReset("unknown");

console.time("t");
await new Promise((resolve) => setTimeout(resolve, 25));
console.timeLog("t", "so far", { a: 1 });
console.timeEnd("t");
console.timeEnd("t");

console.table([
	{ a: 1, b: "x" },
	{ a: 2, c: true },
]);
console.table([[1, 2], [3]]);
console.table(new Map([["k", 1]]));
console.table(new Set(["v"]));
console.table([{ a: 1, b: 2 }], ["b"]);
console.table(5);

console.assert(true, "not shown");
console.assert(false, "shown on standard error");
console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
console.dirxml("xml", 1);
const { log } = console;
log("without this");
