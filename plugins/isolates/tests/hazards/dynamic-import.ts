// Imports come from the program's own graph and the system's library, and from nowhere else.
import { stdout } from "helios:process";

const names = ["helios:time", "helios:internal", "https://example.org/x.ts", "node:fs", "data:text/javascript,1", "./missing.ts", "/etc/passwd"];
for (const name of names) {
	const result = await import(name).then((module) => Object.keys(module).includes("sleep"), (error) => String(error));
	await stdout.write(`${name}: ${result}\n`);
}
