// `structuredClone`: kinds of values, identity, transfer, refusals.

function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, run());
	} catch (error) {
		console.log(what, "throws", (error as Error).name, (error as DOMException).code ?? "");
	}
}

for (const value of [undefined, null, true, 1, -0, Number.NaN, 10n, "text", "\ud800"]) {
	console.log(typeof value, Object.is(structuredClone(value), value));
}
console.log(structuredClone({ a: [1, { b: "c" }], d: new Date(5), e: /x/gi, f: undefined }));
console.log(structuredClone(new Map<unknown, unknown>([[{ k: 1 }, new Set([1, [2]])]])));
console.log(structuredClone([1, , 3]), structuredClone(Object.assign([1], { extra: 2 })));
console.log(structuredClone([Object(1), Object("s"), Object(false), Object(5n)]));
const sticky = /a/y;
sticky.lastIndex = 3;
console.log(structuredClone(sticky).lastIndex);

// Identity and cycles are kept, prototypes and accessors are not.
const shared = { s: 1 };
const graph: Record<string, unknown> = { x: shared, y: shared };
graph.me = graph;
graph.map = new Map([["me", graph]]);
const copy = structuredClone(graph) as { x: object; y: object; me: object; map: Map<string, object> };
console.log(copy.x === copy.y, copy.x !== shared, copy.me === copy, copy.map.get("me") === copy);
class Point {
	constructor(readonly x = 1) {}
	get double(): number {
		return this.x * 2;
	}
}
const point = structuredClone(new Point(4));
console.log(point, point instanceof Point, Object.getPrototypeOf(point) === Object.prototype);
console.log(
	Object.getOwnPropertyDescriptor(
		structuredClone({
			get g() {
				return 7;
			},
		}),
		"g",
	),
);
const hidden = Object.defineProperty({ shown: 1, [Symbol("s")]: 2 }, "hidden", { value: 3 });
console.log(structuredClone(hidden), structuredClone(JSON.parse('{"__proto__": 1}')));
console.log(structuredClone(Object.create({ inherited: 1 })), Object.isFrozen(structuredClone(Object.freeze([1]))));

for (const error of [
	new Error("e"),
	new RangeError("r"),
	Object.assign(new Error("n"), { name: "Custom" }),
	new (class Mine extends TypeError {})("m"),
]) {
	const cloned = structuredClone(error);
	console.log(cloned.name, cloned.message, cloned.constructor.name, cloned.stack === error.stack, Object.keys(cloned));
}
const exception = structuredClone(new DOMException("gone", "AbortError"));
console.log(exception.name, exception.message, exception.code, exception instanceof DOMException);

const buffer = new Uint8Array([1, 2, 3, 4]).buffer;
const views = structuredClone({ a: new Uint8Array(buffer, 1, 2), b: new DataView(buffer, 2), c: buffer });
console.log(views, views.a.buffer === views.c, views.b.buffer === views.c, views.c !== buffer);
console.log(structuredClone(new BigInt64Array([5n])), structuredClone(new Float32Array([1.5])));

const moved = structuredClone({ inside: buffer, view: new Uint16Array(buffer) }, { transfer: [buffer] });
console.log(buffer.byteLength, moved.inside.byteLength, moved.view.length, moved.view.buffer === moved.inside);
const outside = new ArrayBuffer(2);
structuredClone(1, { transfer: [outside] });
console.log(outside.byteLength);
attempt("a detached buffer", () => structuredClone(buffer));
attempt("transfer a detached buffer", () => structuredClone(1, { transfer: [buffer] }));
const doubled = new ArrayBuffer(1);
attempt("twice", () => structuredClone(1, { transfer: [doubled, doubled] }));
console.log(doubled.byteLength);
attempt("transfer an object", () => structuredClone(1, { transfer: [{} as never] }));
attempt("no argument", () => (structuredClone as never as () => void)());

for (const [name, value] of Object.entries({
	function: () => {},
	symbol: Symbol("s"),
	"symbol object": Object(Symbol("s")),
	promise: Promise.resolve(),
	weakmap: new WeakMap(),
	weakset: new WeakSet(),
	url: new URL("a:b"),
	stream: new ReadableStream(),
	event: new Event("e"),
	nested: { deep: [() => {}] },
})) {
	attempt(name, () => structuredClone(value));
}
const kept = new ArrayBuffer(3);
attempt("a failure transfers nothing", () => structuredClone([kept, () => {}], { transfer: [kept] }));
console.log(kept.byteLength);
attempt("a getter that throws", () =>
	structuredClone({
		get bad() {
			throw new RangeError("mine");
		},
	}),
);

const blob = structuredClone(new Blob(["hello"], { type: "text/plain" }));
console.log(blob instanceof Blob, blob.type, await blob.text());
const file = structuredClone(new File(["x"], "name.txt", { lastModified: 5 }));
console.log(file.name, file.lastModified, file instanceof File);
