/** `less` and `more` at a terminal. */

import { writeFile } from "helios:fs";
import { spawn } from "helios:process";
import { Driver } from "/usr/lib/tui/drive.ts";

const numbered = Array.from({ length: 60 }, (_, index) => `line ${index + 1}${(index + 1) % 20 === 0 ? " score" : ""}`);
await writeFile("/tmp/lines", `${numbered.join("\n")}\n`);
await writeFile(
	"/tmp/odd",
	new Uint8Array([0x41, 0, 0xff, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x42, 10, 0x5f, 8, 0x61, 9, 0x7a, 10]),
);
await writeFile("/tmp/wide", `${"abcdefghij".repeat(7)}\n\n\n\nend\n`);
await writeFile("/tmp/long", "0123456789".repeat(1_000_000));

let driver: Driver;
async function show(title: string, ...keys: string[]): Promise<void> {
	await driver.keys(...keys);
	console.log(`--- ${title}`);
	console.log(driver.picture());
}

async function end(): Promise<void> {
	const { code } = await driver.wait();
	await driver.settle();
	console.log("status", code, driver.screen.alternate ? "LEFT IN THE ALTERNATE SCREEN" : "");
}

driver = await Driver.start({ path: "/bin/less", args: ["/tmp/lines", "/tmp/odd", "/nowhere"] }, 8, 40);
await driver.until("file 1");
await show("opened");
await show("moves", " ", "j", "k", "d", "u", "3", "j");
await show("the end", "G");
await show("the start", "g");
await show("line 30", "3", "0", "g");
await show("half of it", "5", "0", "p");
await show("mark and back", "m", "a", "G", "'", "a");
await show("search", "/", "sc.re", "Enter");
await show("next", "n");
await show("next at the end", "n", "n");
await show("backward", "?", "line 2$", "Enter");
await show("a bad pattern", "/", "(", "Enter");
await show("filter", "&", "score", "Enter");
await show("no filter", "&", "Enter");
await show("numbers", "-", "N");
await show("where", "=");
await show("next file", ":", "n");
await show("no further file", ":", "n");
await show("resize");
await driver.resize(5, 24);
await show("smaller");
await driver.resize(8, 40);
await show("previous file", "-", "N", ":", "p");
await show("help", "h");
await show("leave it", "q", "q");
await end();

driver = await Driver.start({ path: "/bin/less", args: ["-S", "/tmp/wide"] }, 8, 40);
await driver.until("wide");
await show("cut");
await show("to the right", "Right", "Right");
await show("folded", "-", "S");
await show("squeezed", "-", "s");
await driver.keys("q");
await end();

// What goes over all of a line of 10 MB takes its time, in which nothing is drawn.
driver = await Driver.start({ path: "/bin/less", args: ["/tmp/long"] }, 6, 40);
await driver.until("long");
await driver.keys("G");
await driver.until("(END)");
await show("a line of 10 MB: its end");
await show("up", "k", "k");
await show("its start", "g");
await driver.keys("/", "abc", "Enter");
await driver.until("not found");
await show("not in it");
await driver.keys("q");
await end();

driver = await Driver.start({ path: "/bin/less", args: ["+F", "/tmp/lines"] }, 6, 50);
await driver.until("Waiting");
await show("follows");
await writeFile("/tmp/lines", "new line\n", { append: true });
await driver.settle(400);
await show("added");
await show("no longer", "C-c", "q");
await end();

await writeFile(
	"/tmp/endless.ts",
	'import { stdout } from "helios:process";\nfor (;;) await stdout.write("y\\n".repeat(100));\n',
);
driver = await Driver.start({ path: "/bin/sh", args: ["-c", "ts /tmp/endless.ts | less"] }, 6, 40);
await driver.until("y");
await show("a pipe without end");
await show("further", " ", " ");
await show("left", "q");
await end();

driver = await Driver.start({ path: "/bin/sh", args: ["-c", "(echo first; sleep 2; echo second) | less"] }, 6, 40);
await driver.until("first");
await show("what has come");
await driver.until("second");
await show("and then");
await show("left", "q");
await end();

driver = await Driver.start({ path: "/bin/less", args: ["-FX", "/tmp/odd"] }, 6, 40);
await end();
console.log(driver.picture());
driver = await Driver.start({ path: "/bin/more", args: ["/tmp/lines"] }, 6, 40);
await driver.until("More");
await show("more");
await show("to the end", "G", " ");
await end();

// A terminal that goes away ends it.
driver = await Driver.start({ path: "/bin/less", args: ["/tmp/lines"] }, 6, 40);
await driver.until("line");
await driver.hangUp();
const { code, signal } = await driver.wait();
console.log("hung up:", code ?? signal);

const plain = await spawn({ path: "/bin/less", args: ["/tmp/wide"] });
console.log("status", (await plain.wait()).code);

// Options that show at a terminal alone.
await writeFile("/tmp/ten", Array.from({ length: 10 }, (_, index) => `Line ${index + 1}\n`).join(""));
async function begin(...args: string[]): Promise<void> {
	driver = await Driver.start({ path: "/bin/less", args: [...args, "/tmp/ten"] }, 6, 40);
	await driver.until("ine");
}

await begin("-E");
await driver.keys(" ", " ");
await end();
await begin("-e");
await driver.keys("G", " ");
await show("the end is seen a first time");
await driver.keys(" ");
await end();
await begin("-p", "line 3", "-i");
await show("begins at a pattern, whatever the case");
await driver.keys("q");
await end();
await begin("-I", "+/LINE 4");
await show("likewise");
await driver.keys("q");
await end();
await begin("-N", "+5");
await show("begins at line 5, with numbers");
await driver.keys("-", "s", "-", "i", "-", "R", "-", "e", "-", "F", "-", "I");
await show("options changed", "-", "y");
await driver.keys("Z", "Z");
await end();
await begin("-R", "-x", "4", "-X");
await show("without the alternate screen", "q");
await end();
