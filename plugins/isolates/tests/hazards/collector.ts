// Nothing shows when the collector runs.
import { stdout } from "helios:process";

const g = globalThis as Record<string, unknown>;
await stdout.write(`${["WeakRef", "FinalizationRegistry", "gc"].map((name) => `${name} ${typeof g[name]}`).join(", ")}\n`);
const map = new WeakMap<object, number>();
const key = {};
map.set(key, 1);
for (let i = 0; i < 20_000; i++) map.set({}, i);
await stdout.write(`${map.get(key)} ${Object.getOwnPropertyNames(WeakMap.prototype).sort().join()}\n`);
