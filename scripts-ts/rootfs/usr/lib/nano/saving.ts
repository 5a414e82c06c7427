/** Saving, opening and leaving: everything of the editor that asks about files. */

import { env } from "helios:process";
import { type Buffer, Cancelled, type Editor } from "/usr/lib/nano/app.ts";
import { changed, FileProblem, load, onDisk, save } from "/usr/lib/nano/files.ts";

/** A name with `~` at its start made a path. */
function expand(path: string): string {
	return path === "~" || path.startsWith("~/") ? `${env.HOME ?? ""}${path.slice(1)}` : path;
}

function lineCount(count: number): string {
	return `${count} line${count === 1 ? "" : "s"}`;
}

/** How many lines a text has, as they are counted in messages. */
function linesOf(text: string): number {
	const parts = text.split("\n").length;
	return text === "" || text.endsWith("\n") ? parts - 1 : parts;
}

/** Opens a file in a buffer of its own. */
export async function openFile(editor: Editor, path: string): Promise<void> {
	try {
		const loaded = await load(path);
		if (loaded === undefined) {
			editor.add(path, "", false, undefined);
			editor.message = "New File";
			return;
		}
		editor.add(path, loaded.text, loaded.dos, loaded.disk);
		const dos = loaded.dos ? " (converted from DOS format)" : "";
		const locked = loaded.locked ? " - file is not writable" : "";
		editor.message = `Read ${lineCount(linesOf(loaded.text))}${dos}${locked}`;
	} catch (error) {
		if (!(error instanceof FileProblem)) throw error;
		if (editor.buffers.length === 0) editor.add("", "", false, undefined);
		editor.message = error.message;
	}
}

/** Writes a buffer to a file and says so; answers whether it went. */
async function write(editor: Editor, buffer: Buffer, path: string): Promise<boolean> {
	const { document } = buffer;
	const last = document.lines.length - 1;
	// A text ends with a newline; the cursor stays where it is.
	if (document.line(last) !== "") {
		const { cursor } = document;
		const end = { line: last, at: document.line(last).length };
		document.replace(end, end, "\n");
		document.cursor = cursor;
	}
	try {
		buffer.disk = await save(path, document.text, buffer.dos);
	} catch (error) {
		if (!(error instanceof FileProblem)) throw error;
		editor.message = error.message;
		return false;
	}
	const renamed = buffer.path !== path;
	buffer.path = path;
	document.saved();
	if (renamed) editor.recolour();
	editor.message = `Wrote ${lineCount(linesOf(document.text))}`;
	return true;
}

/** Whether a file may be written over, as far as its owner has to be asked. */
async function allowed(editor: Editor, buffer: Buffer, path: string): Promise<boolean> {
	const now = await onDisk(path);
	if (path !== buffer.path && now !== undefined) {
		return editor.confirm(`File "${path}" exists; OVERWRITE? `);
	}
	if (path === buffer.path && changed(buffer.disk, now)) {
		return editor.confirm("File on disk has changed; save anyway? ");
	}
	return true;
}

/** Asks for the name and writes; answers whether it went. */
export async function writeOut(editor: Editor): Promise<boolean> {
	const { buffer } = editor;
	for (;;) {
		const format = buffer.dos ? " [DOS Format]" : "";
		const { text, key } = await editor.ask(
			`File Name to Write${format}: `,
			buffer.path,
			[],
			[
				["^C", "Cancel"],
				["M-D", "DOS Format"],
			],
			["M-d"],
		);
		if (key === "M-d") {
			buffer.dos = !buffer.dos;
			continue;
		}
		if (text === "") throw new Cancelled("Cancelled");
		const path = expand(text);
		if (editor.settings.restricted && buffer.path !== "" && path !== buffer.path) {
			editor.message = "Not allowed in restricted mode";
			return false;
		}
		if (!(await allowed(editor, buffer, path))) continue;
		return write(editor, buffer, path);
	}
}

/** Writes without asking, where the name is known. */
export async function saveNow(editor: Editor): Promise<boolean> {
	const { buffer } = editor;
	if (buffer.path === "") return writeOut(editor);
	if (!(await allowed(editor, buffer, buffer.path))) return false;
	return write(editor, buffer, buffer.path);
}

/** Leaves the current buffer, which is saved first where that is wanted. */
export async function leave(editor: Editor): Promise<void> {
	const { document } = editor;
	if (document.modified && !editor.settings.viewOnly) {
		if ((await editor.confirm("Save modified buffer? ")) && !(await writeOut(editor))) return;
	}
	editor.drop();
}

/** Puts a file's text in at the cursor, or opens it in another buffer. */
export async function readFile(editor: Editor): Promise<void> {
	if (editor.settings.restricted) {
		editor.message = "Not allowed in restricted mode";
		return;
	}
	let another = false;
	for (;;) {
		const label = another ? "File to read into new buffer: " : "File to insert: ";
		const { text, key } = await editor.ask(
			label,
			"",
			[],
			[
				["^C", "Cancel"],
				["M-F", "New Buffer"],
			],
			["M-f"],
		);
		if (key === "M-f") {
			another = !another;
			continue;
		}
		if (text === "") throw new Cancelled("Cancelled");
		if (another) {
			await openFile(editor, expand(text));
			return;
		}
		await insertFile(editor, expand(text));
		return;
	}
}

async function insertFile(editor: Editor, path: string): Promise<void> {
	try {
		const loaded = await load(path);
		if (loaded === undefined) {
			editor.message = `File "${path}" not found`;
			return;
		}
		const { cursor } = editor.document;
		editor.document.replace(cursor, cursor, loaded.text);
		editor.message = `Inserted ${lineCount(linesOf(loaded.text))}`;
	} catch (error) {
		if (!(error instanceof FileProblem)) throw error;
		editor.message = error.message;
	}
}

let rescuing: Promise<void> | undefined;

/** Writes what has not been saved beside its file, as `NAME.save`, for when there is no time to ask; once. */
export function rescue(editor: Editor): Promise<void> {
	rescuing ??= rescueAll(editor);
	return rescuing;
}

async function rescueAll(editor: Editor): Promise<void> {
	if (editor.settings.viewOnly || editor.settings.restricted) return;
	for (const { path, document, dos } of editor.buffers) {
		if (!document.modified) continue;
		const place = await freeName(`${path === "" ? "nano" : path}.save`);
		await save(place, document.text, dos).catch(() => undefined);
	}
}

/** A name that no file has yet: the one given, or with a number. */
async function freeName(path: string): Promise<string> {
	for (let number = 0; number < 1000; number++) {
		const name = number === 0 ? path : `${path}.${number}`;
		if ((await onDisk(name)) === undefined) return name;
	}
	return path;
}
