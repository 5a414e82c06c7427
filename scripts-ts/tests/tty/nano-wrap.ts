/** `nano`: long lines in several rows, and paragraphs filled. */

import { readTextFile, writeFile } from "helios:fs";
import { Driver } from "/usr/lib/tui/drive.ts";

let driver!: Driver;
async function show(title: string, ...keys: string[]): Promise<void> {
	await driver.keys(...keys);
	console.log(`--- ${title}`);
	console.log(driver.picture());
	console.log("  cursor", driver.screen.cursor.join(","));
}

async function start(rows: number, columns: number, ...args: string[]): Promise<void> {
	driver = await Driver.start({ path: "/bin/nano", args }, rows, columns);
	await driver.until("^G");
}

async function leave(path: string): Promise<void> {
	await driver.keys("C-s", "C-x");
	console.log("status", (await driver.wait()).code);
	console.log(JSON.stringify((await readTextFile(path)).split("\n"), null, 1));
}

const digits = Array.from({ length: 12 }, (_, at) => `${at}`.padStart(9, ".")).join(" ");
await writeFile(
	"/tmp/long",
	`first\n${digits}\n\tüber 漢字漢字漢字漢字漢字漢字漢字漢字\nfull${"-".repeat(36)}\nlast\n`,
);
await start(12, 40, "-S", "/tmp/long");
await show("rows of long lines");
await show("down, in the middle of a line", "Down", "Right", "Right", "Down", "Down");
await show("the end of the line", "End");
await show("wide characters", "Down", "Down");
await show("behind a full row", "Down", "Down", "End");
await show("typed there", "x");
await show("the top again", "M-\\");
await show("a page further", "C-v");
await show("with numbers", "M-n");
await show("cut instead", "M-s");
await show("and not", "M-s");
await show("a region over rows", "M-\\", "Down", "M-a", "Down", "Right", "Right");
await show("narrower", "M-a", "C-l");
await driver.resize(8, 24);
await show("a smaller terminal");
await driver.keys("C-x", "n");
console.log("status", (await driver.wait()).code);

const big = "0123456789".repeat(100_000);
await writeFile("/tmp/big", `${big}\nend\n`);
await start(8, 40, "--softwrap", "/tmp/big");
await show("a line of a million", "End");
console.log("answered at once:", (await driver.latency("x")) < 20);
await show("up two rows", "Up", "Up");
await driver.keys("C-x", "n");
await driver.wait();

await writeFile(
	"/tmp/text",
	`One two three four five six seven eight nine ten eleven twelve. Thirteen
fourteen.  Two blanks stay.

> quoted words that are too long for the width that is wanted here
> and more
    an indented first line, which
the others are not like, so that the indentation of the others is none
// a comment goes on in the next line with its slashes before it
awordthatislongerthananylinemaybeandstaysasitis and more`,
);
await start(14, 50, "-r", "30", "/tmp/text");
await show("filled", "C-j");
await show("undone", "M-u");
await show("a region", "Down", "Down", "Down", "M-a", "Down", "Down", "C-j");
await show("everything", "M-j");
await leave("/tmp/text");
await writeFile("/tmp/none", "\n\n");
await start(10, 40, "--fill", "-10", "/tmp/none");
await show("nothing to fill", "C-j");
await show("as wide as the terminal less ten", "words and more words and even more words than fit", "C-j");
await leave("/tmp/none");
await start(8, 40, "-v", "/tmp/text");
await show("not while looking", "C-j");
await driver.keys("C-x");
await driver.wait();
