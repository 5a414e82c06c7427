/** What the editor asks about searching, replacing and going to a line. */

import { Cancelled, type Editor, type Hint } from "/usr/lib/nano/app.ts";
import { BadPattern, type Found, find, patternOf, replacement } from "/usr/lib/nano/search.ts";

function searchHints(editor: Editor, replacing: boolean): Hint[] {
	return [
		["^C", "Cancel"],
		["M-C", "Case Sens"],
		["M-R", "Reg.exp."],
		["M-B", "Backwards"],
		["^R", replacing ? "No Replace" : "Replace"],
		["^T", "Go To Line"],
		...(editor.searches.length > 0 ? [["Up", "Older"] as const] : []),
	];
}

function label(editor: Editor, replacing: boolean): string {
	const { caseSensitive, regexp, backward } = editor.search;
	const flags = `${caseSensitive ? " [Case Sensitive]" : ""}${regexp ? " [Regexp]" : ""}${backward ? " [Backwards]" : ""}`;
	const last = editor.searches.at(-1);
	const before = last === undefined ? "" : ` [${last.length > 24 ? `${last.slice(0, 24)}...` : last}]`;
	return `${replacing ? "Search (to replace)" : "Search"}${flags}${before}: `;
}

/** Asks for something to search for; `undefined` where another command took over. */
async function askPattern(editor: Editor, replacing: boolean): Promise<string | undefined> {
	let kept = "";
	for (;;) {
		const { text, key } = await editor.ask(
			label(editor, replacing),
			kept,
			editor.searches,
			searchHints(editor, replacing),
			["M-c", "M-r", "M-b", "C-r", "C-t", "C-\\"],
		);
		kept = text;
		if (key === "M-c") editor.search.caseSensitive = !editor.search.caseSensitive;
		else if (key === "M-r") editor.search.regexp = !editor.search.regexp;
		else if (key === "M-b") editor.search.backward = !editor.search.backward;
		else if (key === "C-t") {
			await goToLine(editor);
			return undefined;
		} else if (key === "C-r" || key === "C-\\") {
			if (replacing) await whereIs(editor, editor.search.backward);
			else await replace(editor);
			return undefined;
		} else {
			const wanted = text === "" ? editor.searches.at(-1) : text;
			if (wanted === undefined) throw new Cancelled("Cancelled");
			return wanted;
		}
	}
}

/** Searches for something new. */
export async function whereIs(editor: Editor, backward: boolean): Promise<void> {
	editor.search.backward = backward;
	const text = await askPattern(editor, false);
	if (text !== undefined) seek(editor, text, editor.search.backward);
}

/** Searches for the same again. */
export function again(editor: Editor, backward: boolean): void {
	const text = editor.searches.at(-1);
	if (text === undefined) editor.message = "No current search pattern";
	else seek(editor, text, backward);
}

function seek(editor: Editor, text: string, backward: boolean): void {
	const { document } = editor;
	try {
		const pattern = patternOf(text, editor.search);
		const from = backward ? document.cursor : { line: document.cursor.line, at: document.cursor.at + 1 };
		const found = find(document, pattern, backward, from);
		if (found === undefined) {
			editor.message = `"${text}" not found`;
			return;
		}
		const same = found.place.line === document.cursor.line && found.place.at === document.cursor.at;
		document.moveTo(found.place.line, found.place.at);
		editor.buffer.view.follow(true);
		editor.message = same ? "This is the only occurrence" : found.wrapped ? "Search Wrapped" : "";
	} catch (error) {
		editor.message = error instanceof BadPattern ? error.message : "The pattern cannot be searched for here";
	}
}

/** Replaces, asking at each place. */
export async function replace(editor: Editor): Promise<void> {
	const text = await askPattern(editor, true);
	if (text === undefined) return;
	let pattern: RegExp;
	try {
		pattern = patternOf(text, editor.search);
	} catch (error) {
		if (!(error instanceof BadPattern)) throw error;
		editor.message = error.message;
		return;
	}
	const { text: by } = await editor.ask("Replace with: ", "", editor.replacements);
	const count = await replaceEach(editor, pattern, by, text);
	editor.message = `Replaced ${count} occurrence${count === 1 ? "" : "s"}`;
}

const ANSWERS: readonly Hint[] = [
	[" Y", "Yes"],
	[" N", "No"],
	[" A", "All"],
];

async function replaceEach(editor: Editor, pattern: RegExp, by: string, text: string): Promise<number> {
	const { document } = editor;
	let count = 0;
	let from = document.cursor;
	let found = find(document, pattern, false, from);
	if (found === undefined) {
		editor.message = `"${text}" not found`;
		throw new Cancelled(`"${text}" not found`);
	}
	// Once round the end of the text, and not beyond the place that it began at.
	const start = document.cursor;
	let wrapped = false;
	while (found !== undefined) {
		wrapped ||= found.wrapped;
		if (wrapped && (found.place.line > start.line || (found.place.line === start.line && found.place.at >= start.at)))
			break;
		document.moveTo(found.place.line, found.place.at);
		const end = { line: found.place.line, at: found.place.at + found.length };
		document.mark = end;
		let answer: string;
		try {
			answer = await editor.choose("Replace this instance? ", "yna", ANSWERS);
		} catch (error) {
			if (error instanceof Cancelled) break;
			throw error;
		} finally {
			document.mark = undefined;
		}
		if (answer === "a") return count + replaceAll(editor, pattern, by, found);
		if (answer === "y") {
			document.replace(found.place, end, replacement(by, found, editor.search.regexp));
			count++;
			from = document.cursor;
		} else from = { line: end.line, at: Math.max(end.at, found.place.at + 1) };
		found = find(document, pattern, false, from);
	}
	return count;
}

/** Replaces what is left, in one step for undo. */
function replaceAll(editor: Editor, pattern: RegExp, by: string, first: Found): number {
	const { document } = editor;
	const { regexp } = editor.search;
	let count = 0;
	const line = (index: number, from: number, to: number): void => {
		const text = document.line(index);
		const part = text.slice(from, to);
		const changed = part.replace(pattern, (...args: unknown[]) => {
			const [whole] = args as [string];
			if (whole === "") return "";
			count++;
			const groups = args.slice(0, -2).map(String);
			return replacement(by, { place: first.place, length: whole.length, wrapped: false, groups }, regexp);
		});
		if (changed !== part)
			document.replace({ line: index, at: from }, { line: index, at: Math.min(to, text.length) }, changed);
	};
	document.together(() => {
		const { place } = first;
		const { length } = document.lines;
		line(place.line, place.at, Number.MAX_SAFE_INTEGER);
		for (let index = place.line + 1; index < length; index++) line(index, 0, Number.MAX_SAFE_INTEGER);
		for (let index = 0; index < place.line; index++) line(index, 0, Number.MAX_SAFE_INTEGER);
		line(place.line, 0, place.at);
	});
	document.moveTo(first.place.line, first.place.at);
	return count;
}

/** Goes to a line and a column that are asked for. */
export async function goToLine(editor: Editor): Promise<void> {
	const { text } = await editor.ask("Enter line number, column number: ");
	const match = /^\s*(-?\d+)?\s*(?:[,;.: ]\s*(-?\d+))?\s*$/.exec(text);
	if (match === null || text.trim() === "") {
		editor.message = "Invalid line or column number";
		return;
	}
	goTo(
		editor,
		match[1] === undefined ? undefined : Number(match[1]),
		match[2] === undefined ? undefined : Number(match[2]),
	);
}

/** Goes to a line and a column, both from 1; negative ones count from the end. */
export function goTo(editor: Editor, line: number | undefined, column: number | undefined): void {
	const { document, view } = editor.buffer;
	const row = line === undefined ? document.cursor.line : line < 0 ? document.lines.length + line : line - 1;
	document.moveTo(row, 0);
	if (column !== undefined) {
		const text = document.line();
		const wanted = column < 0 ? view.columnOf(text, text.length) + column + 1 : column - 1;
		document.moveTo(row, view.placeOf(text, Math.max(0, wanted)));
	}
	view.rows = editor.textRows;
	view.follow(true);
}
