// Built-ins that would go over billions of elements without asking for gas.
import { stdout } from "helios:process";

const attempt = async (name: string, run: () => unknown) => {
	let result: string;
	try {
		result = `gives ${String(run()).slice(0, 40)}`;
	} catch (error) {
		result = String(error);
	}
	await stdout.write(`${name}: ${result}\n`);
};
const methods = Array.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
const calls: Record<string, unknown[]> = {
	concat: [[1]], copyWithin: [0, 1], every: [Boolean], fill: [0], filter: [Boolean], find: [Boolean], findIndex: [Boolean],
	findLast: [Boolean], findLastIndex: [Boolean], flat: [], flatMap: [Boolean], forEach: [Boolean], includes: [1], indexOf: [1],
	join: [], lastIndexOf: [1], map: [Boolean], reduce: [Object, 0], reduceRight: [Object, 0], reverse: [], shift: [], slice: [],
	some: [Boolean], sort: [], splice: [0, 1], toLocaleString: [], toReversed: [], toSorted: [], toSpliced: [0, 1], unshift: [1],
	with: [0, 1],
};
const sparse = () => {
	const array: unknown[] = [];
	array.length = 4_000_000_000;
	return array;
};
for (const [name, args] of Object.entries(calls)) {
	await attempt(`${name} of a sparse array`, () => methods[name].apply(sparse(), args));
	if (name !== "concat") await attempt(`${name} of an array-like`, () => methods[name].apply({ length: 2 ** 53 - 1 }, args));
	let reads = 0;
	const liar = {
		get length() {
			return reads++ === 0 ? 2 : 2 ** 40;
		},
	};
	if (name !== "concat") await attempt(`${name} of a length that changes`, () => [typeof methods[name].apply(liar, args), reads]);
	let asked = 0;
	const proxy = new Proxy([1, 2], { get: (target, key) => (key === "length" && asked++ > 0 ? 2 ** 40 : Reflect.get(target, key)) });
	if (name !== "concat") await attempt(`${name} of a proxy`, () => [typeof methods[name].apply(proxy, args), asked]);
}
const spreadable = { length: 2 ** 40, [Symbol.isConcatSpreadable]: true };
await attempt("concat of a spreadable", () => [].concat(spreadable as never));
await attempt("concat on a spreadable", () => methods.concat.call(spreadable, [1]));
await attempt("Array.from of an array-like", () => Array.from({ length: 2 ** 40 }));
await attempt("apply of an array-like", () => Math.max.apply(null, { length: 2 ** 30 } as never));
await attempt("construct of an array-like", () => Reflect.construct(Array, { length: 2 ** 30 } as never));
await attempt("typed array of an array-like", () => new Uint8Array({ length: 2 ** 40 }));
await attempt("typed array set", () => new Uint8Array(4).set({ length: 2 ** 40 }));
await attempt("typed array", () => new Float64Array(2 ** 40));
await attempt("buffer", () => new ArrayBuffer(2 ** 40));
await attempt("resizable buffer", () => new ArrayBuffer(1, { maxByteLength: 2 ** 40 }));
