/** The text of a line editor: moving, cutting, exchanging, undo. `|` is the cursor. */

import { EditBuffer, KillRing } from "/usr/lib/tui/editor/buffer.ts";
import { editText } from "/usr/lib/tui/editor/text-keys.ts";

function at(text: string): EditBuffer {
	const buffer = new EditBuffer(new KillRing());
	buffer.cursor = text.indexOf("|");
	buffer.text = text.replace("|", "");
	return buffer;
}

const show = (buffer: EditBuffer): string =>
	`${buffer.text.slice(0, buffer.cursor)}|${buffer.text.slice(buffer.cursor)}`;

const CASES: [text: string, keys: string][] = [
	["one two three|", "M-b M-b C-k C-a C-y"],
	["one two| three", "C-w M-d"],
	["one two three|", "C-w C-w C-y"],
	["a b|", "C-w C-a C-k C-y M-y"],
	["ab|", "C-t"],
	["a|bc", "C-t C-t"],
	["one two|", "M-t"],
	["one, two| three", "M-t"],
	["|hello wORLD", "M-u M-c"],
	["|HELLO", "M-l"],
	["e\u0301x|", "Left Left Delete"],
	["👩‍🚀!|", "Backspace Backspace"],
	["first\nse|cond", "C-a C-k"],
	["first|\nsecond", "C-k"],
	["path/to/file|", "M-Backspace"],
	["a|", "b c Left C-_ C-_"],
	["|", "x y C-_"],
	["|", "Backspace C-d C-w C-t M-t C-y M-y C-_"],
];
for (const [text, keys] of CASES) {
	const buffer = at(text);
	for (const name of keys.split(" ")) editText(buffer, { kind: "key", name, text: name.length === 1 ? name : "" });
	console.log(JSON.stringify(text), keys, "=>", JSON.stringify(show(buffer)));
}
