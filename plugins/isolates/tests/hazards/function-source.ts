// A function's text is what the player wrote, or says that it is built in.
import { stdout } from "helios:process";

function add(a: number, b: number = 2): number {
	return a + b; // kept
}
const arrow = async (x: string) => `${x}`;
class Point {
	constructor(readonly x: number) {}
	get double() {
		return this.x * 2;
	}
}
await stdout.write(`${add}\n${arrow}\n${Point}\n`);
await stdout.write(`${Object.getOwnPropertyDescriptor(Point.prototype, "double")?.get}\n`);
const built = [Array.prototype.map, Uint8Array, Map, RegExp, Date, Math.max, JSON.stringify, add.bind(null), Function.prototype.toString, String.prototype[Symbol.iterator]];
for (const fn of built) await stdout.write(`${fn}\n`);
for (const [fn, name, length] of [[Array.prototype.map, "map", 1], [Uint8Array, "Uint8Array", 3], [Date, "Date", 7], [String.prototype.padEnd, "padEnd", 1], [RegExp.prototype[Symbol.split], "[Symbol.split]", 2]] as const) {
	const attributes = Object.getOwnPropertyDescriptor(fn, "name");
	await stdout.write(`${fn.name === name} ${fn.length === length} ${attributes?.writable} ${attributes?.configurable}\n`);
}
let thrown: unknown;
try {
	Reflect.construct(Array.prototype.map, []);
} catch (error) {
	thrown = error;
}
await stdout.write(`${thrown instanceof TypeError}\n`);
