#!/usr/bin/env node
/**
 * Runs `tests/lib/CASE.ts` on the small machine of `machine.mjs` and compares what it prints with `CASE.out`.
 * `npm test -- NAME…` runs those whose names contain one of the words; `--update` writes the `.out` files.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, Machine } from "./machine.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, ".out");
const CASES = join(ROOT, "tests/lib");

function firstDifference(found, wanted) {
	const a = found.split("\n");
	const b = wanted.split("\n");
	const at = a.findIndex((line, index) => line !== b[index]);
	const line = at < 0 ? Math.min(a.length, b.length) : at;
	return `line ${line + 1}\n    wanted: ${b[line] ?? "(end)"}\n    found:  ${a[line] ?? "(end)"}`;
}

/** What a run comes to, in the form of the engine's own test machine. */
function transcript(machine, status) {
	const errors = machine.errors === "" ? "" : `--- stderr\n${machine.errors.trimEnd()}\n`;
	return machine.output + errors + (status === 0 ? "" : `--- exit ${status}\n`);
}

/** First line of a case that Node's own web interfaces must answer in the same way. */
const NATIVE = "// Node's own interfaces answer the same.";

/** What Node prints for a case, with its own globals. */
function runNatively(name) {
	const { stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", join(OUT, "tests/lib", `${name}.js`)], {
		encoding: "utf8",
	});
	return stdout + stderr;
}

async function runCase(name, update) {
	const machine = new Machine(OUT);
	const status = await machine.run(join(OUT, "tests/lib", `${name}.js`));
	const expected = join(CASES, `${name}.out`);
	const found = transcript(machine, status);
	if (update) {
		writeFileSync(expected, found);
		console.log(`wrote ${name}.out`);
		return true;
	}
	const wanted = existsSync(expected) ? readFileSync(expected, "utf8") : "";
	const same = found === wanted && wanted !== "";
	if (same && readFileSync(join(CASES, `${name}.ts`), "utf8").startsWith(NATIVE)) {
		const native = runNatively(name);
		if (native !== wanted) {
			console.log(`FAIL ${name} in Node itself: ${firstDifference(native, wanted)}`);
			return false;
		}
	}
	console.log(same ? `ok   ${name}` : `FAIL ${name}: ${firstDifference(found, wanted)}`);
	return same;
}

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const update = process.argv.includes("--update");
rmSync(OUT, { recursive: true, force: true });
compile(ROOT, OUT);
const names = readdirSync(CASES)
	.filter((file) => file.endsWith(".ts"))
	.map((file) => file.slice(0, -3))
	.filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
	.sort();
let failed = 0;
for (const name of names) if (!(await runCase(name, update))) failed++;
if (!process.argv.includes("--keep")) rmSync(OUT, { recursive: true, force: true });
console.log(`${names.length - failed} of ${names.length} cases passed`);
process.exitCode = failed === 0 && names.length > 0 ? 0 : 1;
