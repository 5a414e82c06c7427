/** `nano` at a terminal. */

import { chmod, readFile, readTextFile, writeFile } from "helios:fs";
import { Driver } from "/usr/lib/tui/drive.ts";

let driver!: Driver;
async function show(title: string, ...keys: string[]): Promise<void> {
	await driver.keys(...keys);
	console.log(`--- ${title}`);
	console.log(driver.picture());
	console.log("  cursor", driver.screen.cursor.join(","));
}

async function start(...args: string[]): Promise<void> {
	driver = await Driver.start({ path: "/bin/nano", args }, 12, 60);
	await driver.until("^G");
}

async function end(): Promise<void> {
	const { code } = await driver.wait();
	await driver.settle();
	console.log("status", code, driver.screen.alternate ? "LEFT IN THE ALTERNATE SCREEN" : "");
}

await writeFile("/tmp/a.ts", "const x = 1;\n\tfunction f() {\n\t\treturn x;\n\t}\n");
await start("-l", "-i", "/tmp/a.ts");
await show("opened");
await show("typed", "let y;", "Enter", "Down", "End", "Enter", "z");
await show("undone", "M-u", "M-u");
await show("redone", "M-e");
await show("cut", "C-k", "C-k");
await show("pasted twice", "C-u", "C-u");
await show("a region", "M-a", "Up", "Up", "M-6", "C-u");
await show("searched", "C-w", "X =", "Enter");
await show("with case", "C-w", "M-c", "X =", "Enter");
await show("by regular expression", "C-w", "M-c", "M-r", "re(t)urn", "Enter");
await show("replacing", "C-\\", "M-r", "x", "Enter", "value", "Enter");
await show("one and then all", "y", "a");
await show("all undone at once", "M-u");
await show("and the one, with Escape for Alt", "Escape");
await show("done", "u");
await show("line 2, column 4", "C-_", "2,4", "Enter");
await show("where", "C-c");
await show("commented", "M-3");
await show("saved", "C-s");
await show("left", "C-x");
await end();
console.log(JSON.stringify(await readTextFile("/tmp/a.ts")));

await start("/tmp/new");
await show("new");
await show("asked", "text", "C-x");
await show("not saved", "n");
await end();
await start("/tmp/new", "/tmp/a.ts");
await show("two buffers");
await show("the other", "M->");
await show("save as", "M-<", "hi", "C-o", "2", "Enter");
await show("as an existing file", "C-o", "C-u", "/tmp/a.ts", "Enter");
await show("no", "n", "C-c");
await driver.keys("C-x", "C-x");
await end();
console.log(JSON.stringify(await readTextFile("/tmp/new2")));

await writeFile("/tmp/odd", new Uint8Array([0x61, 0xff, 0x0d, 0x0a, 0x01, 0x62, 0x0d, 0x0a]));
await start("/tmp/odd");
await show("bytes that are no text");
await show("kept", "Down", "End", "!", "C-s", "C-x");
await end();
console.log((await readFile("/tmp/odd")).join(" "));

await start("/tmp/odd");
await writeFile("/tmp/odd", "somebody else was here\n");
await show("changed by another", "x", "C-s");
await show("not then", "n", "C-x", "n");
await end();

await writeFile("/tmp/locked", "read only\n");
await chmod("/tmp/locked", 0o444);
await start("/tmp/locked");
await show("a file that may not be written");
await show("refused", "x", "C-s");
await driver.keys("C-x", "n");
await end();
await start("-v", "/tmp/locked");
await show("for viewing", "x");
await driver.keys("C-x");
await end();
await start("/etc");
await show("a directory", "C-x");
await end();

await writeFile("/tmp/long", `${"0123456789".repeat(1_000_000)}\nsecond\n`);
await start("/tmp/long");
await driver.until("Read 2");
await show("a line of 10 MB", "End");
console.log("answered at once:", (await driver.latency("x")) < 20);
await show("its second line", "Down");
await driver.keys("C-x", "n");
await end();

await start("+2,3", "/tmp/a.ts");
await show("began at line 2");
await driver.resize(8, 30);
await show("smaller");
await show("help", "C-g");
await show("and back", "C-x");
await show("pasted", "\x1b[200~one\ntwo\x1b[201~");
await driver.keys("C-x", "n");
await end();

const closed = await Driver.start({ path: "/bin/nano", args: ["/tmp/a.ts"] });
await closed.until("^G");
await closed.keys("kept ");
await closed.child.kill("SIGTERM");
const { code, signal } = await closed.wait();
console.log("terminated:", code ?? signal, closed.screen.alternate ? "LEFT IN THE ALTERNATE SCREEN" : "");
console.log(JSON.stringify((await readTextFile("/tmp/a.ts.save")).split("\n")[0]));
const hungUp = await Driver.start({ path: "/bin/nano", args: ["/tmp/a.ts"] });
await hungUp.until("^G");
await hungUp.keys("too ");
await hungUp.hangUp();
const ended = await hungUp.wait();
console.log("hung up:", ended.code ?? ended.signal);
console.log(JSON.stringify((await readTextFile("/tmp/a.ts.save.1")).split("\n")[0]));
