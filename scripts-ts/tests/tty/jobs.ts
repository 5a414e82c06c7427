/** A dialogue with the shell: lines edited, programs of the whole screen stopped and continued, keys answered in time. */

import { Driver } from "/usr/lib/tui/drive.ts";

const driver = await Driver.start(
	{
		path: "/bin/sh",
		args: ["-i"],
		env: { TERM: "xterm-256color", HOME: "/tmp", PATH: "/bin:/sbin", PS1: "\\w\\$ " },
		cwd: "/tmp",
	},
	12,
	60,
);
await driver.until("$");

async function show(title: string, ...keys: string[]): Promise<void> {
	await driver.keys(...keys);
	await driver.settle(200);
	console.log(`--- ${title}`);
	console.log(driver.picture());
}

await show("a command", "echo hello", "Enter");
const late: string[] = [];
for (const key of [
	"C-l",
	"e",
	"c",
	"h",
	"o",
	" ",
	"猫",
	"Left",
	"Backspace",
	"C-e",
	"C-u",
	"Up",
	"C-r",
	"e",
	"C-g",
	"C-u",
]) {
	const ms = await driver.latency(key);
	if (ms > 2) late.push(`${key}: ${ms} ms`);
}
console.log("answered later than two ticks:", late);
await show("a pager in a pipe", "ls /etc/passwd | less", "Enter");
await show("stopped", "C-z");
await show("listed", "jobs", "Enter");
await show("continued", "fg", "Enter");
await show("left", "q");
await show("an editor under a pager", "C-l", "less /etc/hostname", "Enter", "v");
await show("both stopped", "C-z");
await show("both continued", "fg", "Enter");
await show("left, the one", "C-x");
await show("and the other", "q");
await show("a manual", "C-l", "man whatis", "Enter");
await show("left", "q");
await driver.keys("C-l", "top -d 0.1", "Enter");
console.log("top:", await driver.until("%CPU"));
await show("stopped", "C-z");
await show("stopped by the terminal, in the background", "bg", "Enter");
await show("killed", "kill -9 %1", "Enter");
await driver.keys("C-l", "nano a.ts", "Enter");
await show("a program of one's own", "console.log(6 * 7);", "C-s");
await driver.keys("C-x");
await show("run", "ts a.ts", "Enter");
await show("several lines", "C-l", "for i in 1 2; do", "Enter", "echo $i", "Enter", "done", "Enter");
await show("abandoned", "C-l", "echo not", "C-c");
await driver.keys("C-l", "sleep 1000", "Enter");
await show("interrupted", "C-c");
await driver.resize(8, 40);
await show("resized", "C-l", "echo a line that is longer than the terminal is wide", "Enter");
await show("ended", "C-d");
console.log("status", (await driver.wait()).code);
