// Iterators without an end, in which no code of the program's runs: `next` is V8's own `Object`.
import { stdout } from "helios:process";

const endless = { [Symbol.iterator]: () => ({ next: Object }) } as unknown as Iterable<never>;
const iterator = () => Iterator.from({ next: Object } as unknown as Iterator<unknown>);
const calls: Record<string, () => unknown> = {
	"Array.from": () => Array.from(endless),
	"Map": () => new Map(endless),
	"Set": () => new Set(endless),
	"WeakSet": () => new WeakSet(endless),
	"Object.fromEntries": () => Object.fromEntries(endless),
	"Object.groupBy": () => Object.groupBy(endless, String),
	"Map.groupBy": () => Map.groupBy(endless, String),
	"Uint8Array": () => new Uint8Array(endless),
	"Uint8Array.from": () => Uint8Array.from(endless),
	"AggregateError": () => new AggregateError(endless),
	"toArray": () => iterator().toArray(),
};
for (const [name, call] of Object.entries(calls)) {
	let result = "ended";
	try {
		call();
	} catch (error) {
		result = String(error);
	}
	await stdout.write(`${name}: ${result}\n`);
}
const rejected = await Promise.all(endless).catch(String);
await stdout.write(`Promise.all: ${rejected}\n`);
// The steps of V8's own collections cannot be replaced.
for (const it of [[], new Map(), new Set(), ""]) {
	const prototype = Object.getPrototypeOf(it[Symbol.iterator]());
	await stdout.write(`${Reflect.set(prototype, "next", Object)} ${Reflect.defineProperty(prototype, "next", { value: Object })}\n`);
}
// What never ends is only gas.
iterator().some(() => false);
