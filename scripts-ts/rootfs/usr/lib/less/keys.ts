/** The commands of a pager by their keys, as people know them from `less` and `vi`. */

import { HELP } from "/usr/lib/less/help.ts";
import { Notice, type Pager } from "/usr/lib/less/pager.ts";
import { storeOfText } from "/usr/lib/less/store.ts";
import { reason } from "/usr/lib/sh/cli.ts";
import type { KeyEvent } from "/usr/lib/tui/keys.ts";

/** What a key does; `count` is the number that was typed before it. */
type Command = (pager: Pager, count: number | undefined) => unknown;

const page = (pager: Pager, count: number | undefined): number => count ?? pager.view.height;

function half(pager: Pager, count: number | undefined): number {
	if (count !== undefined) pager.half = count;
	return pager.half ?? Math.max(1, Math.floor(pager.view.height / 2));
}

const forwardPage: Command = (pager, count) => pager.forward(page(pager, count));
const backwardPage: Command = (pager, count) => pager.backward(page(pager, count));
const forwardLine: Command = (pager, count) => pager.forward(count ?? 1);
const backwardLine: Command = (pager, count) => pager.backward(count ?? 1);
const start: Command = (pager, count) => pager.toStart(count ?? 1);
const end: Command = (pager, count) => (count === undefined ? pager.toEnd() : pager.toStart(count));
const quit: Command = (pager) => pager.quit();
const repaint: Command = (pager) => pager.terminal.screen.invalidate();
const help: Command = (pager) => pager.showText(HELP);
const tell: Command = (pager) => pager.tell();

function sideways(pager: Pager, by: number): void {
	const { view } = pager.settings;
	view.chop = true;
	view.shift = Math.max(0, view.shift + by);
	pager.view.forget();
}

/** The key that is typed next, for commands of two. */
async function nextKey(pager: Pager, prompt: string): Promise<string> {
	pager.message = prompt;
	await pager.draw();
	pager.message = "";
	const event = await pager.terminal.next();
	return event?.kind === "key" ? event.text || event.name : "";
}

const FLAGS: Record<string, (pager: Pager) => string> = {
	F: (pager) => {
		pager.settings.quitIfShort = !pager.settings.quitIfShort;
		return pager.settings.quitIfShort
			? "Quit if entire file fits on one screen"
			: "Don't quit if end-of-file on first screen";
	},
	I: (pager) => setCase(pager, "ignore"),
	N: (pager) => {
		const { view } = pager.settings;
		view.numbers = !view.numbers;
		return view.numbers ? "Line numbers" : "No line numbers";
	},
	R: (pager) => {
		const { view } = pager.settings;
		view.colours = !view.colours;
		return view.colours ? "Colour sequences colour" : "Sequences are shown";
	},
	S: (pager) => {
		const { view } = pager.settings;
		view.chop = !view.chop;
		view.shift = 0;
		return view.chop ? "Chop long lines" : "Fold long lines";
	},
	e: (pager) => {
		pager.settings.quitAtEnd = pager.settings.quitAtEnd === "no" ? "second" : "no";
		return pager.settings.quitAtEnd === "no" ? "Don't quit at end-of-file" : "Quit at end-of-file";
	},
	i: (pager) => setCase(pager, "smart"),
	s: (pager) => {
		const { view } = pager.settings;
		view.squeeze = !view.squeeze;
		return view.squeeze ? "Squeeze multiple blank lines" : "Don't squeeze multiple blank lines";
	},
};

function setCase(pager: Pager, rule: "ignore" | "smart"): string {
	pager.settings.caseRule = pager.settings.caseRule === rule ? "exact" : rule;
	if (pager.settings.caseRule === "exact") return "Case is significant in searches";
	return rule === "ignore" ? "Ignore case in searches and in patterns" : "Ignore case in searches";
}

async function toggle(pager: Pager): Promise<void> {
	const letter = await nextKey(pager, "-");
	const flag = Object.hasOwn(FLAGS, letter) ? FLAGS[letter] : undefined;
	if (flag === undefined) throw new Notice(`There is no ${letter} option`);
	pager.message = flag(pager);
	pager.view.forget();
}

async function colon(pager: Pager): Promise<void> {
	const letter = await nextKey(pager, ":");
	if (letter === "n") await pager.show(pager.current + 1);
	else if (letter === "p") await pager.show(pager.current - 1);
	else if (letter === "x") await pager.show(0);
	else if (letter === "q" || letter === "Q") pager.status = 0;
	else if (letter === "f") await pager.tell();
	else if (letter === "d") await dropFile(pager);
	else if (letter === "e") {
		const path = await pager.ask("Examine: ");
		if (path !== undefined && path !== "") await pager.examine(path);
	} else pager.terminal.screen.bell();
}

async function dropFile(pager: Pager): Promise<void> {
	if (pager.files.length < 2) throw new Notice("Cannot delete the only file");
	const index = pager.current;
	const next = index + 1 < pager.files.length ? index + 1 : index - 1;
	await pager.show(next);
	pager.files.splice(index, 1);
	pager.current = next > index ? next - 1 : next;
}

const COMMANDS: Record<string, Command> = {
	" ": forwardPage,
	"%": (pager, count) => pager.toPercent(count ?? 0),
	"&": (pager) => pager.startFilter(),
	"'": async (pager) => pager.toMark(await nextKey(pager, "goto mark: ")),
	"-": toggle,
	"/": (pager, count) => pager.startSearch(false, count ?? 1),
	":": colon,
	"<": start,
	"=": tell,
	">": end,
	"?": (pager, count) => pager.startSearch(true, count ?? 1),
	"C-Left": (pager) => sideways(pager, Number.NEGATIVE_INFINITY),
	"C-b": backwardPage,
	"C-c": () => undefined,
	"C-d": (pager, count) => pager.forward(half(pager, count)),
	"C-e": forwardLine,
	"C-f": forwardPage,
	"C-g": tell,
	"C-j": forwardLine,
	"C-k": backwardLine,
	"C-l": repaint,
	"C-n": forwardLine,
	"C-p": backwardLine,
	"C-r": repaint,
	"C-u": (pager, count) => pager.backward(half(pager, count)),
	"C-v": forwardPage,
	"C-y": backwardLine,
	"C-z": (pager) => pager.terminal.suspend(),
	Down: forwardLine,
	End: end,
	Enter: forwardLine,
	F: (pager) => pager.follow(),
	F1: help,
	G: end,
	H: help,
	Home: start,
	Left: (pager, count) => sideways(pager, -(count ?? Math.floor(pager.view.columns / 2))),
	"M-<": start,
	"M->": end,
	"M-u": (pager) => {
		pager.settings.view.mark = !pager.settings.view.mark;
		pager.view.forget();
	},
	"M-v": backwardPage,
	N: (pager, count) => pager.search(true, count ?? 1),
	PageDown: forwardPage,
	PageUp: backwardPage,
	Q: (pager) => {
		pager.status = 0;
	},
	R: async (pager) => {
		await pager.reload();
		repaint(pager, undefined);
	},
	Right: (pager, count) => sideways(pager, count ?? Math.floor(pager.view.columns / 2)),
	Up: backwardLine,
	Z: async (pager) => {
		if ((await nextKey(pager, "Z")) === "Z") pager.status = 0;
	},
	b: backwardPage,
	d: (pager, count) => pager.forward(half(pager, count)),
	e: forwardLine,
	f: forwardPage,
	g: start,
	h: help,
	j: forwardLine,
	k: backwardLine,
	m: async (pager) => {
		const letter = await nextKey(pager, "set mark: ");
		if (/^[a-zA-Z]$/.test(letter)) pager.setMark(letter);
	},
	n: (pager, count) => pager.search(false, count ?? 1),
	p: (pager, count) => pager.toPercent(count ?? 0),
	q: quit,
	r: repaint,
	u: (pager, count) => pager.backward(half(pager, count)),
	v: (pager) => pager.edit(),
	w: backwardPage,
	y: backwardLine,
	z: forwardPage,
};

/** Does what keys say until the pager ends; the status. */
export async function interact(pager: Pager): Promise<number> {
	let digits = "";
	while (pager.status === undefined) {
		if (!pager.terminal.busy) {
			if (digits !== "") pager.message = `:${digits}`;
			await pager.draw();
		}
		const event = await pager.terminal.next();
		if (event === undefined || event.kind === "redraw" || event.kind === "paste") continue;
		if (event.kind === "end") return 1;
		pager.touched();
		if (/^\d$/.test(event.text) && digits.length < 15) {
			digits += event.text;
			continue;
		}
		const count = digits === "" ? undefined : Math.max(1, Number(digits));
		digits = "";
		if (event.name === "Escape") continue;
		await act(pager, event, count);
	}
	return pager.status;
}

async function act(pager: Pager, event: KeyEvent, count: number | undefined): Promise<void> {
	const command = Object.hasOwn(COMMANDS, event.name) ? COMMANDS[event.name] : undefined;
	if (command === undefined) {
		pager.terminal.screen.bell();
		return;
	}
	try {
		await command(pager, count);
	} catch (error) {
		pager.message = error instanceof Notice ? error.message : reason(error);
		if (pager.current < 0) await pager.showStore(storeOfText(new Uint8Array(0)));
	}
}
