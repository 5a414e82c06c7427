// No shared memory, no threads, no other language.
import { stdout } from "helios:process";

const g = globalThis as Record<string, unknown>;
const names = ["SharedArrayBuffer", "Atomics", "WebAssembly", "Worker"];
await stdout.write(`${names.map((name) => `${name} ${typeof g[name]}`).join(", ")}\n`);
await stdout.write(`${"growable" in ArrayBuffer.prototype}\n`);
