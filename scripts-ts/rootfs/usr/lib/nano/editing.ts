/** What the editor's keys do to the text. */

import type { Editor } from "/usr/lib/nano/app.ts";
import { compare } from "/usr/lib/nano/document.ts";
import { justified, type Paragraph, paragraphAt, paragraphsIn } from "/usr/lib/nano/justify.ts";
import { shownWidth } from "/usr/lib/tui/showable.ts";

/** Puts typed text in, in the place of nothing: a mark is only for cutting and copying. */
export function typeText(editor: Editor, text: string): void {
	const { document } = editor;
	document.replace(document.cursor, document.cursor, text, text.includes("\n") ? "other" : "type");
}

/** Begins a line, with the blanks that the one before begins with. */
export function newLine(editor: Editor): void {
	const { document } = editor;
	const { cursor } = document;
	const indent = editor.settings.autoindent ? (/^[ \t]*/.exec(document.line())?.[0] ?? "") : "";
	document.replace(cursor, cursor, `\n${indent.slice(0, cursor.at)}`);
}

export function tab(editor: Editor): void {
	if (editor.document.mark !== undefined) {
		indent(editor, 1);
		return;
	}
	if (!editor.settings.blanks) {
		typeText(editor, "\t");
		return;
	}
	const { document, view } = editor.buffer;
	const column = view.columnOf(document.line(), document.cursor.at);
	typeText(editor, " ".repeat(view.tab - (column % view.tab)));
}

/** Lines of the region, or the one with the cursor. */
function chosenLines(editor: Editor): [first: number, last: number] {
	const { document } = editor;
	const region = document.region();
	if (region === undefined) return [document.cursor.line, document.cursor.line];
	const last = region.to.at === 0 && region.to.line > region.from.line ? region.to.line - 1 : region.to.line;
	return [region.from.line, last];
}

/** Changes each chosen line, in one step for undo; the cursor and the mark stay in their lines. */
function changeLines(editor: Editor, change: (line: string) => string): void {
	const { document } = editor;
	const [first, last] = chosenLines(editor);
	const { cursor, mark } = document;
	document.together(() => {
		for (let line = first; line <= last; line++) {
			const text = document.line(line);
			const changed = change(text);
			if (changed !== text) document.replace({ line, at: 0 }, { line, at: text.length }, changed);
		}
	});
	document.moveTo(cursor.line, cursor.at);
	document.mark = mark;
}

/** Moves lines to the right, or to the left. */
export function indent(editor: Editor, by: 1 | -1): void {
	const { tab: width } = editor.buffer.view;
	const unit = editor.settings.blanks ? " ".repeat(width) : "\t";
	changeLines(editor, (line) => {
		if (by > 0) return line === "" ? line : unit + line;
		if (line.startsWith("\t")) return line.slice(1);
		return line.replace(/^ +/, (blanks) => blanks.slice(width));
	});
}

/** Fills the paragraph at the cursor, those of the region, or all of them, and goes behind what was filled. */
export function justify(editor: Editor, everything: boolean): void {
	const { document } = editor;
	const { lines } = document;
	const region = everything ? undefined : document.region();
	const one = region === undefined && !everything;
	let found: Paragraph[];
	if (one) {
		const paragraph = paragraphAt(lines, document.cursor.line);
		found = paragraph === undefined ? [] : [paragraph];
	} else {
		const [first, last] = region === undefined ? [0, lines.length - 1] : chosenLines(editor);
		found = paragraphsIn(lines, first, last + 1);
	}
	if (found.length === 0) {
		editor.message = "Nothing to justify";
		return;
	}
	const { fill } = editor.settings;
	const width = Math.max(1, fill > 0 ? fill : editor.terminal.columns + fill);
	let end = 0;
	document.together(() => {
		// From the last one back: what is changed below moves nothing above.
		for (const [from, to] of found.toReversed()) {
			const made = justified(lines.slice(from, to), width, (text) => shownWidth(text, editor.buffer.view.tab));
			const last = { line: to - 1, at: document.line(to - 1).length };
			document.replace({ line: from, at: 0 }, last, made.join("\n"));
			end = end === 0 ? from + made.length : end + made.length - (to - from);
		}
	});
	document.mark = undefined;
	document.moveTo(end, end < document.lines.length ? 0 : Number.MAX_SAFE_INTEGER);
	const what = one ? "paragraph" : everything ? "file" : "selection";
	editor.message = `Justified ${what}`;
}

/** Makes lines comments, or comments lines again. */
export function comment(editor: Editor): void {
	const { document, path } = editor.buffer;
	const slashes =
		/\.[mc]?[jt]s$/.test(path) || document.line(0).startsWith("/**") || /^#!.*\bts\b/.test(document.line(0));
	const mark = slashes ? "// " : "# ";
	const bare = mark.trimEnd();
	const [first, last] = chosenLines(editor);
	const lines = document.lines.slice(first, last + 1).filter((line) => line.trim() !== "");
	const undone = lines.length > 0 && lines.every((line) => line.trimStart().startsWith(bare));
	changeLines(editor, (line) => {
		if (line.trim() === "") return line;
		const blanks = /^\s*/.exec(line)?.[0] ?? "";
		const rest = line.slice(blanks.length);
		if (!undone) return blanks + mark + rest;
		return blanks + (rest.startsWith(mark) ? rest.slice(mark.length) : rest.slice(bare.length));
	});
}

export function deleteBack(editor: Editor): void {
	const { document } = editor;
	document.replace(document.before(), document.cursor, "", "delete");
}

export function deleteForward(editor: Editor): void {
	const { document } = editor;
	const { cursor } = document;
	document.replace(cursor, document.after(), "", "delete");
	document.cursor = cursor;
}

/** Deletes to the start of a word, or to its end, without keeping it. */
export function deleteWord(editor: Editor, by: 1 | -1): void {
	const { document } = editor;
	const place = document.wordPlace(by);
	if (by > 0) document.replace(document.cursor, place, "");
	else document.replace(place, document.cursor, "");
}

/** Cuts the region, or the line; lines cut one after the other are kept together. */
export function cut(editor: Editor): void {
	const { document } = editor;
	const region = document.region();
	if (region !== undefined) {
		editor.cutText = document.slice(region.from, region.to);
		document.replace(region.from, region.to, "");
		document.mark = undefined;
		editor.cutting = false;
		return;
	}
	const { line } = document.cursor;
	const last = line === document.lines.length - 1;
	if (last && document.line() === "") {
		editor.message = "Nothing was cut";
		return;
	}
	const from = { line, at: 0 };
	const to = last ? { line, at: document.line().length } : { line: line + 1, at: 0 };
	keep(editor, document.slice(from, to));
	document.replace(from, to, "");
	editor.cutting = true;
}

function keep(editor: Editor, text: string): void {
	editor.cutText = editor.cutting ? editor.cutText + text : text;
}

/** Cuts from the cursor to the end of the text. */
export function cutToEnd(editor: Editor): void {
	const { document } = editor;
	const last = document.lines.length - 1;
	const to = { line: last, at: document.line(last).length };
	editor.cutText = document.slice(document.cursor, to);
	document.replace(document.cursor, to, "");
}

/** Copies the region, or the line. */
export function copy(editor: Editor): void {
	const { document } = editor;
	const region = document.region();
	if (region !== undefined) {
		editor.cutText = document.slice(region.from, region.to);
		document.mark = undefined;
		editor.message = "Copied the region";
		return;
	}
	keep(editor, `${document.line()}\n`);
	document.moveTo(document.cursor.line + 1, document.cursor.at);
	editor.cutting = true;
}

export function paste(editor: Editor): void {
	if (editor.cutText === "") {
		editor.message = "Cutbuffer is empty";
		return;
	}
	const { document } = editor;
	document.replace(document.cursor, document.cursor, editor.cutText);
}

export function toggleMark(editor: Editor): void {
	const { document } = editor;
	document.mark = document.mark === undefined ? document.cursor : undefined;
	editor.message = document.mark === undefined ? "Mark Unset" : "Mark Set";
}

const BRACKETS = "(){}[]<>";

/** Goes to the bracket that belongs to the one under the cursor. */
export function matchBracket(editor: Editor): void {
	const { document } = editor;
	let { line, at } = document.cursor;
	const own = document.line().charAt(at);
	const index = own === "" ? -1 : BRACKETS.indexOf(own);
	if (index < 0) {
		editor.message = "Not a bracket";
		return;
	}
	const other = BRACKETS.charAt(index ^ 1);
	const step = index % 2 === 0 ? 1 : -1;
	for (let depth = 0; line >= 0 && line < document.lines.length; ) {
		const text = document.line(line);
		for (; at >= 0 && at < text.length; at += step) {
			const char = text.charAt(at);
			if (char === own) depth++;
			else if (char === other && --depth === 0) {
				document.moveTo(line, at);
				return;
			}
		}
		line += step;
		at = step > 0 ? 0 : document.line(line).length - 1;
	}
	editor.message = "No matching bracket";
}

/** Counts lines, words and characters of the region or of everything. */
export function count(editor: Editor): void {
	const { document } = editor;
	const region = document.region();
	const marked = region !== undefined && compare(region.from, region.to) !== 0;
	const text = marked ? document.slice(region.from, region.to) : document.text;
	const words = text.split(/\s+/).filter((word) => word !== "").length;
	const lines = marked ? text.split("\n").length : document.lines.length - (document.lines.at(-1) === "" ? 1 : 0);
	editor.message = `${marked ? "In Selection: " : ""}${lines} lines, ${words} words, ${Array.from(text).length} chars`;
}
