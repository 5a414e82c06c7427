// The steps of V8's own collections cannot be replaced, so no loop of V8's over them is endless.
import { stdout } from "helios:process";

for (const it of [[], new Map(), new Set(), ""]) {
	const prototype = Object.getPrototypeOf(it[Symbol.iterator]());
	const replaced = [Reflect.set(prototype, "next", Object), Reflect.defineProperty(prototype, "next", { value: Object })];
	await stdout.write(`${replaced.join()} ${Reflect.deleteProperty(prototype, "next")}\n`);
}
// A collection whose iteration a program replaced is walked step by step.
class Twice extends Set<number> {
	override *[Symbol.iterator](): SetIterator<number> {
		yield* [7, 7, 8] as never;
	}
}
const own = [1, 2, 3];
own[Symbol.iterator] = function* () {
	yield* [9, 9] as never;
} as never;
const entries = new Map([["a", 1], ["b", 2]]);
await stdout.write(`${Array.from(new Twice([1]))} ${new Set(own).size} ${Math.max(...own)} ${Array.from(own)} ${Uint8Array.from(own)}\n`);
await stdout.write(`${Object.entries(Object.fromEntries(entries)).join(";")} ${[...new Set([1, 2]).union(new Set([3]))]} ${[...new Set([1, 2]).intersection(new Map([[2, 0]]))]}\n`);
await stdout.write(`${[...[1, 2, 3, 4].values().drop(1).filter((n) => n > 2).map((n) => n * 2)]} ${[3, 4].values().toArray()} ${(await Array.fromAsync([1, Promise.resolve(2)], (n) => n * 3)).join()}\n`);
const closed: string[] = [];
const closing = {
	*[Symbol.iterator]() {
		try {
			yield 1;
			yield 2;
		} finally {
			closed.push("closed");
		}
	},
};
closing[Symbol.iterator]().some(() => true);
new Set([5]).isDisjointFrom(new Set([6]));
await stdout.write(`${closed}\n`);
await stdout.write(`${await Promise.all(closing).then(String)} ${await Promise.any({} as never).catch(String)}\n`);
