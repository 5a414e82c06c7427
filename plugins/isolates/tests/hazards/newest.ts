// Nothing that a program does to a prototype or a namespace reaches the newest built-ins, which are the realm's.

type Any = any;
const all = globalThis as Any;

/** What the built-ins work with, or might. */
const holders: [Any, string][] = [
	[Map.prototype, "get has set"],
	[WeakMap.prototype, "get has set"],
	[Array.prototype, "push pop slice map join forEach"],
	[Function.prototype, "call apply bind"],
	[Reflect, "apply construct ownKeys defineProperty getOwnPropertyDescriptor getPrototypeOf"],
	[Object, "defineProperty create is setPrototypeOf getOwnPropertyDescriptor"],
	[Symbol, "keyFor"],
	[Promise, "withResolvers resolve reject"],
	[Iterator.prototype, "map flatMap"],
	[String, "fromCharCode"],
	[String.prototype, "charCodeAt substring slice replace replaceAll"],
	[Math, "abs floor min max trunc"],
	[Number, "isInteger isNaN"],
	[DataView.prototype, "getUint16 setUint16"],
	[Object.getPrototypeOf(Uint8Array.prototype), "at set slice subarray"],
	[ArrayBuffer.prototype, "slice transfer"],
	[Error, "isError"],
];
const names = "Map WeakMap Uint8Array ArrayBuffer BigInt Number String TypeError SyntaxError ReferenceError SuppressedError".split(" ");

const results: string[] = [];
const undo: (() => void)[] = [];
const { assign } = Object;
/** Without a method of an array. */
function note(value: unknown): void {
	results[results.length] = `${value}`;
}
function disposable(name: string): Any {
	return {
		[Symbol.dispose]() {
			note(name);
			throw name;
		},
	};
}

const { defineProperty, getOwnPropertyDescriptor } = Object;
const map = new Map() as Any;
const weak = new WeakMap() as Any;
const bytes = new Uint8Array([1, 2, 250]) as Any;
const view = new DataView(new ArrayBuffer(2)) as Any;
const key = {};
const { Uint8Array: Bytes, SuppressedError: Suppressed } = all;
for (const [holder, list] of holders) {
	for (const name of list.split(" ")) {
		const found = getOwnPropertyDescriptor(holder, name) as PropertyDescriptor;
		undo[undo.length] = () => defineProperty(holder, name, found);
	}
}
for (const name of names) {
	const found = getOwnPropertyDescriptor(all, name) as PropertyDescriptor;
	undo[undo.length] = () => defineProperty(all, name, found);
}
const reached = () => {
	throw "reached";
};
for (const [holder, list] of holders) for (const name of list.split(" ")) defineProperty(holder, name, { value: reached });
for (const name of names) defineProperty(all, name, { value: reached });

let promises: Promise<unknown>[] = [];
try {
	note(map.getOrInsert(1, "a") + map.getOrInsertComputed(2, () => "b"));
	note(weak.getOrInsert(key, "a") + weak.getOrInsertComputed({}, () => "b"));
	note(bytes.toBase64() + bytes.toBase64({ alphabet: "base64url" }) + bytes.toHex());
	note(bytes.setFromBase64("AQID").read + bytes.setFromHex("0a0b0c").written);
	note(Bytes.fromBase64("AQID")[2] + Bytes.fromBase64("AQID", { lastChunkHandling: "strict" })[1] + Bytes.fromHex("0102")[1]);
	note(all.RegExp.escape("a-b c"));
	note(all.Math.sumPrecise([0.1, 0.2, 1e300, -1e300]));
	note(all.Math.f16round(1.337));
	view.setFloat16(0, 2.5);
	note(view.getFloat16(0));
	const [first] = all.Iterator.concat([1, 2], [3]);
	note(first);
	promises = [all.Promise.try((x: number) => x, 5)];
	const stack = new DisposableStack();
	stack.use(disposable("used"));
	stack.adopt(1, () => note("adopted"));
	stack.defer(() => note("deferred"));
	stack.move().dispose();
} catch (error) {
	note(error);
}
try {
	using _a = disposable("a");
	using _b = disposable("b");
} catch (error) {
	note(error instanceof Suppressed && (error as Any).error + (error as Any).suppressed);
}
try {
	await using _c = disposable("c");
	await using _d = null;
} catch (error) {
	note(error);
}
for (let i = 0; i < undo.length; i++) undo[i]?.();
note(await promises[0]);
console.log(results.join("\n"), assign !== undefined);
