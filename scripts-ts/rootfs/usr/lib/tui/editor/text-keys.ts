/** The keys of Emacs that are about the text alone: the line editor has them, and every other field to type in. */

import type { EditBuffer } from "/usr/lib/tui/editor/buffer.ts";
import type { KeyEvent } from "/usr/lib/tui/keys.ts";

type Action = (buffer: EditBuffer) => unknown;

function capitalised(word: string): string {
	return word.toLowerCase().replace(/\p{L}|\p{N}/u, (first) => first.toUpperCase());
}

const wordRight: Action = (buffer) => buffer.moveTo(buffer.wordEnd());
const wordLeft: Action = (buffer) => buffer.moveTo(buffer.wordStart());
const toStart: Action = (buffer) => buffer.moveTo(buffer.lineStart());
const toEnd: Action = (buffer) => buffer.moveTo(buffer.lineEnd());

const TEXT_KEYS: Record<string, Action> = {
	Backspace: (buffer) => buffer.deleteBack(),
	"C-Left": wordLeft,
	"C-Right": wordRight,
	"C-_": (buffer) => buffer.undo(),
	"C-a": toStart,
	"C-b": (buffer) => buffer.left(),
	"C-d": (buffer) => buffer.deleteForward(),
	"C-e": toEnd,
	"C-f": (buffer) => buffer.right(),
	"C-h": (buffer) => buffer.deleteBack(),
	"C-k": (buffer) => {
		const end = buffer.lineEnd();
		buffer.killTo(end === buffer.cursor ? Math.min(end + 1, buffer.text.length) : end);
	},
	"C-t": (buffer) => buffer.transposeChars(),
	"C-u": (buffer) => buffer.killTo(buffer.lineStart()),
	"C-w": (buffer) => buffer.killTo(buffer.blankStart()),
	"C-y": (buffer) => buffer.yank(),
	Delete: (buffer) => buffer.deleteForward(),
	End: toEnd,
	Home: toStart,
	Left: (buffer) => buffer.left(),
	"M-Backspace": (buffer) => buffer.killTo(buffer.wordStart()),
	"M-Left": wordLeft,
	"M-Right": wordRight,
	"M-b": wordLeft,
	"M-c": (buffer) => buffer.changeCase(capitalised),
	"M-d": (buffer) => buffer.killTo(buffer.wordEnd()),
	"M-f": wordRight,
	"M-l": (buffer) => buffer.changeCase((word) => word.toLowerCase()),
	"M-t": (buffer) => buffer.transposeWords(),
	"M-u": (buffer) => buffer.changeCase((word) => word.toUpperCase()),
	"M-y": (buffer) => buffer.yankPop(),
	Right: (buffer) => buffer.right(),
};

/** Does what a key does to a text; answers whether it does anything. */
export function editText(buffer: EditBuffer, event: KeyEvent): boolean {
	const action = Object.hasOwn(TEXT_KEYS, event.name) ? TEXT_KEYS[event.name] : undefined;
	if (action !== undefined) action(buffer);
	else if (event.text !== "") buffer.insert(event.text);
	else return false;
	return true;
}
