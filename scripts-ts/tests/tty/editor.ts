/** The line editor at a terminal: editing, wrapping, history, search, completion, paste, resize, interrupts. */

import { writeFile } from "helios:fs";
import { Driver } from "/usr/lib/tui/drive.ts";

await writeFile(
	"/tmp/reader.ts",
	`import { stdout } from "helios:process";
import { LineEditor, LineInterrupted } from "/usr/lib/tui/editor.ts";
const words = ["alpha", "alpine", "beta", "src/one", "src/two"];
const editor = new LineEditor({
	history: () => ["echo one", "ls -l /tmp", "echo 'two words' last"],
	suggest: true,
	isComplete: (text) => !text.endsWith("\\\\"),
	complete: async (text, cursor) => {
		const from = text.lastIndexOf(" ", cursor - 1) + 1;
		const begun = text.slice(from, cursor);
		return { from, candidates: words.filter((word) => word.startsWith(begun)).map((text) => ({ text, kind: "word" })) };
	},
});
for (;;) {
	try {
		const line = await editor.readLine("\\x1b[32mp>\\x1b[m ");
		if (line === "partial") await stdout.write("no newline");
		else console.log(JSON.stringify(line));
		if (line === null) break;
	} catch (error) {
		if (!(error instanceof LineInterrupted)) throw error;
		console.log("interrupted");
	}
}
`,
);

let driver: Driver;
async function show(title: string, ...keys: string[]): Promise<void> {
	await driver.keys(...keys);
	console.log(`--- ${title}`);
	console.log(driver.picture());
	console.log("  cursor", driver.screen.cursor.join(","));
}

driver = await Driver.start({ path: "/bin/ts", args: ["/tmp/reader.ts"] }, 12, 30);
await driver.until("p>");
await show("typing", "hello", "Left", "Left", "X");
await show("a wide character and a wrapped line", "C-e", " 猫猫 and more words that wrap");
await show("to the start, and back", "C-a", "C-f", "C-f");
await show("resize", "C-e");
await driver.resize(12, 20);
await show("after it");
await driver.resize(12, 30);
await show("accepted", "Enter");
await show("suggested", "C-l", "ls");
await show("taken", "Right", "Enter");
await show("history", "C-l", "Up", "Up", "Down", "Up");
await show("search", "C-c", "C-l", "C-r", "ech");
await show("again", "C-r");
await show("nothing found", "zzz");
await show("given up", "C-g");
await show("last argument", "C-u", "C-l", "cat ", "M-.", "M-.", "Enter");
await show("completed", "C-l", "b", "Tab");
await show("the common beginning", "C-u", "a", "Tab");
await show("listed", "Tab", "Tab");
await show("a path", "C-u", "C-l", "s", "Tab", "Tab", "Tab");
await show("several lines", "C-u", "C-l", "one\\", "Enter", "two", "Up", "C-a", "!", "Enter");
await show("pasted", "C-l", "\x1b[200~a\nb\tc\x1b[201~", "Enter");
await show("a control character", "C-l", "C-v", "C-a", "x", "Enter");
await show("output without a newline stays", "C-l", "partial", "Enter");
await show("interrupted", "C-l", "abc", "C-c");
await show("ends", "C-d");
console.log("status", (await driver.wait()).code);
