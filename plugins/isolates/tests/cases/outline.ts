// gas: at least 100000
// What `helios:script` says of sources, and that it costs by their size.
import { stdout } from "helios:process";
import { outline } from "helios:script";

const print = (text: string): Promise<void> => stdout.write(`${text}\n`);

const source = "import { a, type T } from './a.ts'; const s = '😀'; (s)\nfor (var i of s) {}; type U = T";
const found = outline(source);
if (!found.ok) throw new Error(found.message);
for (const { kind, start, end, names } of found.statements) {
	await print(`${kind}: ${source.slice(start, end)} [${names.join()}]`);
}
for (const broken of ["f(", "`${", "let x = ;", "a b"]) {
	const result = outline(broken, "line:1");
	await print(result.ok ? "whole" : `${result.incomplete} ${result.message.split("\n").slice(0, 2).join(" |")}`);
}
await print(JSON.stringify(outline("(".repeat(2000))));
await print(String(outline(`/*${"x".repeat(100_000)}*/`).ok));
try {
	outline(7 as unknown as string);
} catch (error) {
	await print(String(error));
}
