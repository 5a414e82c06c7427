/** The dialogue that `ts` opens on a terminal: it reads, evaluates and prints until it is left. */

import { readTextFile, writeFile } from "helios:fs";
import { env, exit, on, stdout } from "helios:process";
import { size } from "helios:tty";
import { complete } from "/usr/lib/repl/completion.ts";
import { TypedHistory } from "/usr/lib/repl/history.ts";
import { type Outcome, Session } from "/usr/lib/repl/session.ts";
import { shownError, shownValue } from "/usr/lib/repl/show.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import { LineEditor, LineInterrupted } from "/usr/lib/tui/editor.ts";
import { highlight } from "/usr/lib/tui/highlight.ts";

const HELP = `.clear       forget what was declared
.exit        end, as ^D does
.help        show this
.load FILE   run a file as if it were typed
.save FILE   write what was typed to a file
Names, properties and modules are completed with TAB; _ is the last value.
^C gives up a line, a computation or a wait.
`;

const COLOURS = env.NO_COLOR === undefined && env.TERM !== "dumb";
const session = new Session();
const history = new TypedHistory(env.HOME === undefined ? undefined : `${env.HOME}/.ts_history`);
/** What was typed in this session and ran. */
const typed: string[] = [];

async function say(text: string): Promise<void> {
	await stdout.write(`${text}\n`);
}

/** An interrupt came while something was awaited. */
const INTERRUPTED = Symbol("interrupted");

/** Evaluates a text. An interrupt ends a computation with an error, and gives up a wait. */
async function evaluate(text: string): Promise<Outcome | typeof INTERRUPTED> {
	let unhook = (): void => undefined;
	const interrupted = new Promise<typeof INTERRUPTED>((resolve) => {
		unhook = on("SIGINT", () => resolve(INTERRUPTED), { interrupt: true });
	});
	try {
		return await Promise.race([session.evaluate(text), interrupted]);
	} finally {
		unhook();
	}
}

async function show(outcome: Outcome | typeof INTERRUPTED): Promise<boolean> {
	if (outcome === INTERRUPTED) {
		await say("");
		return false;
	}
	switch (outcome.kind) {
		case "value": {
			const { columns } = await size(1).catch(() => ({ columns: 80 }));
			await say(shownValue(outcome.value, columns, COLOURS));
			return true;
		}
		case "error":
			await say(shownError(outcome.error, session, COLOURS));
			return false;
		case "syntax":
			await say(outcome.message.trimEnd());
			return false;
		case "nothing":
			return true;
	}
}

async function command(line: string): Promise<void> {
	const [name = "", ...rest] = line.trim().split(/\s+/);
	const path = rest.join(" ");
	if (name === ".exit") exit(0);
	else if (name === ".help") await stdout.write(HELP);
	else if (name === ".clear") session.clear();
	else if ((name === ".load" || name === ".save") && path === "") await say(`${name} needs the name of a file`);
	else if (name === ".load") await load(path);
	else if (name === ".save") await save(path);
	else await say(`there is no command ${name}; .help shows those there are`);
}

async function load(path: string): Promise<void> {
	try {
		await run(await readTextFile(path));
	} catch (error) {
		await say(`${path}: ${reason(error)}`);
	}
}

async function save(path: string): Promise<void> {
	try {
		await writeFile(path, typed.map((text) => `${text}\n`).join(""));
	} catch (error) {
		await say(`${path}: ${reason(error)}`);
	}
}

async function run(text: string): Promise<void> {
	if (await show(await evaluate(text))) typed.push(text);
}

/** Reads one input and does what it says; answers whether there may be more. */
async function step(editor: LineEditor): Promise<boolean> {
	let text: string | null;
	try {
		text = await editor.readLine("> ");
	} catch (error) {
		if (!(error instanceof LineInterrupted)) throw error;
		return true;
	}
	if (text === null) return false;
	if (text.trim() === "") return true;
	await history.add(text);
	if (/^\.[a-z]+(\s|$)/.test(text)) await command(text);
	else await run(text);
	return true;
}

await history.load();
const editor = new LineEditor({
	history: () => history.entries,
	complete,
	isComplete: (text) => /^\.[a-z]+(\s|$)/.test(text) || !session.isIncomplete(text),
	continuation: "... ",
	suggest: true,
	...(COLOURS ? { highlight: (text: string) => highlight(text, "typescript") } : {}),
});

/** Shows a text above what is being typed. */
function tell(text: string): void {
	void editor.interject(`${text}\n`).then((done) => (done ? undefined : say(text)));
}

// An error in a timer or a listener is told, and the session goes on; so is a promise that nobody awaits.
addEventListener("error", (event) => {
	event.preventDefault();
	tell(shownError((event as ErrorEvent).error, session, COLOURS));
});
on("unhandledrejection", (error) => tell(shownError(error, session, COLOURS, "Uncaught (in promise)")));
while (await step(editor));
exit(0);
