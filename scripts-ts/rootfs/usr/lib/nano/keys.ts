/** The editor's keys, as people know them from `nano`. */

import { Cancelled, type Editor } from "/usr/lib/nano/app.ts";
import * as edit from "/usr/lib/nano/editing.ts";
import { again, goToLine, replace, whereIs } from "/usr/lib/nano/finding.ts";
import { HELP } from "/usr/lib/nano/help.ts";
import { leave, readFile, rescue, saveNow, writeOut } from "/usr/lib/nano/saving.ts";
import type { KeyEvent } from "/usr/lib/tui/keys.ts";

type Command = (editor: Editor) => unknown;

function move(by: (editor: Editor) => { line: number; at: number }): Command {
	return (editor) => {
		const { line, at } = by(editor);
		editor.document.moveTo(line, at);
	};
}

function vertical(by: (editor: Editor) => number): Command {
	return (editor) => editor.buffer.view.vertical(by(editor));
}

const left = move((editor) => editor.document.before());
const right = move((editor) => editor.document.after());
const up = vertical(() => -1);
const down = vertical(() => 1);
const home = move(({ document }) => {
	const { line, at } = document.cursor;
	const indent = /^\s*/.exec(document.line())?.[0].length ?? 0;
	// At the start already, the first character that is no blank is wanted.
	return { line, at: at === 0 ? indent : 0 };
});
const end = move(({ document }) => ({ line: document.cursor.line, at: document.line().length }));
const first = move(() => ({ line: 0, at: 0 }));
const last = move(({ document }) => ({ line: document.lines.length - 1, at: document.lines.at(-1)?.length ?? 0 }));
const wordLeft = move(({ document }) => document.wordPlace(-1));
const wordRight = move(({ document }) => document.wordPlace(1));

function page(by: 1 | -1): Command {
	return (editor) => {
		const { view } = editor.buffer;
		const rows = Math.max(1, editor.textRows - 2);
		view.vertical(by * rows);
		view.scroll(by * rows);
	};
}

function toggle(text: string, change: (editor: Editor) => boolean): Command {
	return (editor) => {
		editor.message = `${text} ${change(editor) ? "enabled" : "disabled"}`;
	};
}

/** Commands that change the text: not for viewing. */
function changing(command: Command): Command {
	return (editor) => {
		if (!editor.settings.viewOnly) return command(editor);
		editor.message = "Key is invalid in view mode";
		return undefined;
	};
}

const undo = changing((editor) => {
	editor.message = editor.document.undo() ? "Undid the last change" : "Nothing to undo";
});
const redo = changing((editor) => {
	editor.message = editor.document.redo() ? "Redid the last change" : "Nothing to redo";
});

async function help(editor: Editor): Promise<void> {
	const before = editor.current;
	const { viewOnly } = editor.settings;
	editor.add("Help", HELP, false, undefined);
	editor.settings.viewOnly = true;
	editor.message = "^X leaves the help";
	for (;;) {
		await editor.draw();
		const event = await editor.event();
		editor.message = "";
		if (event?.kind === "end") break;
		if (event?.kind !== "key") continue;
		if (["C-x", "C-g", "q", "Escape", "C-c", "F1"].includes(event.name)) break;
		await act(editor, event);
	}
	editor.settings.viewOnly = viewOnly;
	editor.buffers.pop();
	editor.current = before;
}

function switchBuffer(by: 1 | -1): Command {
	return (editor) => {
		const count = editor.buffers.length;
		if (count < 2) {
			editor.message = "No more open file buffers";
			return;
		}
		editor.current = (editor.current + by + count) % count;
		editor.message = `Switched to ${editor.buffer.path === "" ? "New Buffer" : editor.buffer.path}`;
	};
}

async function verbatim(editor: Editor): Promise<void> {
	editor.message = "Verbatim Input";
	await editor.draw();
	const event = await editor.event();
	editor.message = "";
	if (event?.kind !== "key") return;
	if (event.text !== "") edit.typeText(editor, event.text);
	else if (event.name === "Tab") edit.typeText(editor, "\t");
	else if (event.name === "Escape") edit.typeText(editor, "\x1b");
	else if (/^C-.$/.test(event.name)) {
		edit.typeText(editor, String.fromCharCode(event.name.toUpperCase().charCodeAt(2) & 0x1f));
	}
}

const numbers = toggle("Line numbering", (editor) => {
	editor.settings.numbers = !editor.settings.numbers;
	for (const buffer of editor.buffers) buffer.view.numbers = editor.settings.numbers;
	return editor.settings.numbers;
});

const softwrap = toggle("Soft wrapping of overlong lines", (editor) => {
	editor.settings.softwrap = !editor.settings.softwrap;
	for (const buffer of editor.buffers) buffer.view.softwrap = editor.settings.softwrap;
	return editor.settings.softwrap;
});

const COMMANDS: Record<string, Command> = {
	Backspace: changing(edit.deleteBack),
	"C-Delete": changing((editor) => edit.deleteWord(editor, 1)),
	"C-End": last,
	"C-Home": first,
	"C-Left": wordLeft,
	"C-Right": wordRight,
	"C-\\": changing(replace),
	"C-^": edit.toggleMark,
	"C-_": goToLine,
	"C-a": home,
	"C-b": left,
	"C-c": (editor) => {
		editor.message = editor.location();
	},
	"C-d": changing(edit.deleteForward),
	"C-e": end,
	"C-f": right,
	"C-g": help,
	"C-h": changing(edit.deleteBack),
	"C-j": changing((editor) => edit.justify(editor, false)),
	"C-k": changing(edit.cut),
	"C-l": (editor) => {
		editor.buffer.view.centre();
		editor.terminal.screen.invalidate();
	},
	"C-n": down,
	"C-o": changing(writeOut),
	"C-p": up,
	"C-q": (editor) => whereIs(editor, true),
	"C-r": changing(readFile),
	"C-s": changing(saveNow),
	"C-u": changing(edit.paste),
	"C-v": page(1),
	"C-w": (editor) => whereIs(editor, false),
	"C-x": leave,
	"C-y": page(-1),
	"C-z": (editor) => editor.terminal.suspend(),
	Delete: changing(edit.deleteForward),
	Down: down,
	End: end,
	Enter: changing(edit.newLine),
	F1: help,
	F2: leave,
	F3: changing(writeOut),
	F6: (editor) => whereIs(editor, false),
	F9: changing(edit.cut),
	F10: changing(edit.paste),
	Home: home,
	Left: left,
	"M-/": last,
	"M-3": changing(edit.comment),
	"M-6": edit.copy,
	"M-<": switchBuffer(-1),
	"M->": switchBuffer(1),
	"M-Backspace": changing((editor) => edit.deleteWord(editor, -1)),
	"M-\\": first,
	"M-]": edit.matchBracket,
	"M-^": edit.copy,
	"M-a": edit.toggleMark,
	"M-c": toggle("Constant cursor position display", (editor) => {
		editor.settings.constant = !editor.settings.constant;
		return editor.settings.constant;
	}),
	"M-d": edit.count,
	"M-e": redo,
	"M-g": goToLine,
	"M-i": toggle("Auto indent", (editor) => {
		editor.settings.autoindent = !editor.settings.autoindent;
		return editor.settings.autoindent;
	}),
	"M-j": changing((editor) => edit.justify(editor, true)),
	"M-n": numbers,
	"M-q": (editor) => again(editor, true),
	"M-r": changing(replace),
	"M-s": softwrap,
	"M-t": changing(edit.cutToEnd),
	"M-u": undo,
	"M-v": changing(verbatim),
	"M-w": (editor) => again(editor, false),
	"M-x": toggle("Help lines", (editor) => {
		editor.helpShown = !editor.helpShown;
		return editor.helpShown;
	}),
	"M-y": toggle("Colours", (editor) => {
		editor.settings.colours = !editor.settings.colours;
		editor.recolour();
		return editor.settings.colours;
	}),
	"M-{": changing((editor) => edit.indent(editor, -1)),
	"M-}": changing((editor) => edit.indent(editor, 1)),
	PageDown: page(1),
	PageUp: page(-1),
	Right: right,
	"S-Tab": changing((editor) => edit.indent(editor, -1)),
	Tab: changing(edit.tab),
	Up: up,
};

/** Keys after which a cut adds to what was cut before. */
const CUT_KEYS = ["C-k", "F9", "M-6", "M-^"];

/** The key that was meant: Escape is the same as Alt held with the next one. */
async function meant(editor: Editor, event: KeyEvent): Promise<KeyEvent | undefined> {
	if (event.name !== "Escape") return event;
	const next = await editor.event();
	return next?.kind === "key" && next.name !== "Escape" ? { ...next, name: `M-${next.name}`, text: "" } : undefined;
}

/** Does what one key says. */
export async function act(editor: Editor, typed: KeyEvent): Promise<void> {
	const event = await meant(editor, typed);
	if (event === undefined) return;
	if (!CUT_KEYS.includes(event.name)) editor.cutting = false;
	const name = /^M-[A-Z]$/.test(event.name) ? event.name.toLowerCase().replace("m-", "M-") : event.name;
	const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
	try {
		if (command !== undefined) await command(editor);
		else if (event.text !== "") changing(() => edit.typeText(editor, event.text))(editor);
		else editor.message = `Unbound key: ${event.name}`;
	} catch (error) {
		if (!(error instanceof Cancelled)) throw error;
		editor.message = error.message;
	}
}

/** Edits until the last buffer is left. */
export async function interact(editor: Editor): Promise<number> {
	while (!editor.done) {
		if (!editor.terminal.busy) await editor.draw();
		const event = await editor.event();
		if (event === undefined || event.kind === "redraw") continue;
		if (event.kind === "end") {
			await rescue(editor);
			return 1;
		}
		editor.message = "";
		if (event.kind === "key") await act(editor, event);
		else if (editor.settings.viewOnly) editor.message = "Key is invalid in view mode";
		else edit.typeText(editor, event.text);
	}
	return 0;
}
