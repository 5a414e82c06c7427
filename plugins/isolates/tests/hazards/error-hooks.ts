// V8's hooks into traces are there, and fixed.
import { stdout } from "helios:process";

const E = Error as unknown as Record<string, unknown>;
for (const key of ["prepareStackTrace", "stackTraceLimit", "captureStackTrace"]) {
	const { writable, configurable } = Object.getOwnPropertyDescriptor(Error, key) ?? {};
	await stdout.write(`${key} ${typeof E[key]} ${writable} ${configurable} ${Reflect.set(Error, key, () => 1)} ${Reflect.deleteProperty(Error, key)}\n`);
}
const deep = (n: number): string => (n === 0 ? String(new Error("x").stack) : deep(n - 1));
await stdout.write(`${deep(100).split("\n").length}\n`);
const target = { stack: "" };
(Error as unknown as { captureStackTrace(o: object): void }).captureStackTrace(target);
await stdout.write(`${target.stack}\n`);
