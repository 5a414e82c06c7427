/** `top` at a terminal. What it measures changes; what is asked of it does not. */

import { spawn } from "helios:process";
import { Driver } from "/usr/lib/tui/drive.ts";

const sleeper = await spawn({ path: "/bin/sleep", args: ["1000"] });
const driver = await Driver.start({ path: "/bin/top", args: ["-d", "0.2"] }, 14, 72);
await driver.until("COMMAND");

/** The rows of processes, as their columns of words. */
const rows = (): string[][] =>
	driver.screen
		.lines()
		.slice(6)
		.filter((line) => line !== "")
		.map((line) => line.trim().split(/\s+/));
const column = (index: number): string[] => rows().map((row) => row[index] ?? "");
const sorted = (values: string[], order: number): boolean =>
	values.every((value, index) => index === 0 || (Number(values[index - 1]) - Number(value)) * order >= 0);

console.log(driver.screen.line(5));
console.log("sorted by CPU:", sorted(column(6), 1));
await driver.keys("N");
console.log("by number:", sorted(column(0), 1));
await driver.keys("R");
console.log("the other way round:", sorted(column(0), -1));
await driver.keys("c");
console.log(
	"whole commands:",
	driver.screen.lines().some((line) => line.includes("/bin/sleep 1000")),
);
await driver.keys("u", "root", "Enter");
await driver.settle(300);
console.log("of root:", new Set(column(1)));
await driver.keys("u", "nobody-there", "Enter");
console.log(driver.screen.line(4));
await driver.keys("u", "Enter", "k", String(sleeper.pid), "Enter", "KILL", "Enter");
console.log("killed:", (await sleeper.wait()).signal);
await driver.keys("k", "x", "Enter");
console.log(driver.screen.line(4));
await driver.keys("r", "999999", "Enter", "5", "Enter");
console.log(driver.screen.line(4));
await driver.keys("d", "0.5", "Enter", "n", "1", "Enter");
console.log("shown:", rows().length);
await driver.keys("h");
console.log(driver.screen.line(0));
await driver.keys("x", "z");
console.log(driver.screen.line(4));
await driver.resize(8, 40);
console.log(
	"resized:",
	driver.screen.lines().every((line) => line.length <= 40),
);
await driver.keys("q");
console.log("status", (await driver.wait()).code, driver.screen.alternate ? "LEFT IN THE ALTERNATE SCREEN" : "");

const counted = await Driver.start({ path: "/bin/top", args: ["-d", "0.1", "-n", "2"] }, 14, 72);
console.log("ends by itself:", (await counted.wait()).code);
