/** The dialogue of `ts`. */

import { readTextFile, writeFile } from "helios:fs";
import { Driver } from "/usr/lib/tui/drive.ts";

await writeFile(
	"/tmp/lib.ts",
	"export const answer = 42;\nexport function boom(): never {\n\tthrow new Error('boom');\n}\n",
);
await writeFile("/tmp/script.ts", "const loaded: number = 1;\nconsole.log('loaded', loaded);\n");
const driver = await Driver.start(
	{ path: "/bin/ts", env: { HOME: "/tmp", TERM: "xterm-256color", PATH: "/bin" }, cwd: "/tmp" },
	24,
	76,
);
await driver.until(">");

/** Types lines, shows the screen, and clears it. */
async function show(title: string, ...lines: string[]): Promise<void> {
	for (const line of lines) await driver.keys(line, "Enter");
	await driver.settle(200);
	console.log(`--- ${title}`);
	console.log(driver.picture());
	await driver.keys("C-l");
}

await show(
	"values",
	"1 + 1",
	"_ * 10",
	"'text'",
	"[1, { a: 'b', c: [null, 3n] }]",
	"undefined",
	"x => x",
	"class A {}; new A()",
);
await show("an object, and a block", "{ a: 1, b: 2 }", "{ let z = 1; z }");
await show(
	"declarations stay",
	"const x = 1, [y, { z = 3 }] = [2, {}]",
	"x + y + z",
	"let n = 1",
	"n++",
	"const inc = () => ++n",
	"inc()",
	"n",
);
await show(
	"and may be made anew",
	"const x = 'again'",
	"x",
	"function f() { return 1 }",
	"function f() { return 2 }",
	"f()",
	"enum E { A, B }",
	"E.B",
);
await show("a constant", "x = 2");
await show("several lines", "function g(a: number) {", "\treturn a * 2;", "}", "g(4)", "`one", "two`");
await show("semicolons or none", "let p = 1; let q = 2; p + q", "p = 5\nq = 6\np * q");
await show(
	"awaited",
	"await Promise.resolve(7)",
	"const late = await new Promise<string>((done) => setTimeout(done, 50, 'late'))",
	"late",
);
await show(
	"imports",
	"import { answer, boom } from './lib.ts'",
	"answer",
	"import * as fs from 'helios:fs'",
	"(await fs.readTextFile('/etc/hostname')).trim()",
	"(await import('./lib.ts')).answer",
);
await show("no such module", "import './none.ts'");
await show("errors", "throw new RangeError('no')", "a; nothing.here", "boom()", "null.x");
await show("wrong syntax", "let = 5", "1 +* 2", "let t = 1; let t = 2");
await show("a timer's error", "setTimeout(() => { throw new Error('in a timer') }, 10); 0");
await show(
	"promises that nobody awaits",
	"Promise.reject(new Error('kept'))",
	"const lost = (async () => { await 0; throw new TypeError('lost') })()",
	"setTimeout(async () => { throw 'later' }, 10); 'here'",
	"await lost",
	"'still here'",
);
await driver.keys("await new Promise(() => 0)", "Enter");
await driver.keys("C-c");
await show("a wait that was given up", "'still here'");
await driver.keys("while (true) {}", "Enter");
await driver.keys("C-c");
await show("a computation that was", "'still here, too'");
await show("completed", "console.lo\t('hi')", "x.toUpp\t()", "Math.ab\t(-3)", "import 'helios:pro\t'", "[1].at\t");
await show("commands", ".help", ".load /tmp/script.ts", "loaded", ".load none", ".nope");
await show("saved and cleared", ".save /tmp/saved.ts", ".clear", "x");
await driver.keys("C-r", "g(");
await show("from the history", "");
await driver.keys("C-d");
console.log("status", (await driver.wait()).code);
console.log((await readTextFile("/tmp/saved.ts")).split("\n").slice(0, 3));
console.log((await readTextFile("/tmp/.ts_history")).split("\n").length);
