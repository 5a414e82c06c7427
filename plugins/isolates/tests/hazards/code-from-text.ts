// Code is what was compiled and metered: none is made from text.
import { stdout } from "helios:process";

const makers: Record<string, () => unknown> = {
	"eval": () => (globalThis as Record<string, unknown>).eval,
	"Function": () => Function("return 1")(),
	"new Function": () => new Function(),
	"async": () => Object.getPrototypeOf(async () => {}).constructor("return 1"),
	"generator": () => Object.getPrototypeOf(function* () {}).constructor("yield 1"),
	"async generator": () => Object.getPrototypeOf(async function* () {}).constructor("yield 1"),
	"by a method": () => ([].map as unknown as { constructor: FunctionConstructor }).constructor("return 1")(),
	"by construct": () => Reflect.construct(Function, ["return 1"]),
	"by a subclass": () => new (class extends Function {})("return 1"),
};
for (const [name, make] of Object.entries(makers)) {
	let result: string;
	try {
		result = typeof make();
	} catch (error) {
		result = String(error);
	}
	await stdout.write(`${name}: ${result}\n`);
}
