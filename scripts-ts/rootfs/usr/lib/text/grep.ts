/** The search of `grep` through one input, and what it prints of it. */

import type { File } from "helios:fs";
import { flush, overfull, put, warn } from "/usr/lib/sh/cli.ts";
import { encode, hasEscapes } from "/usr/lib/text/bytes.ts";
import { blocks, linesOf } from "/usr/lib/text/lines.ts";
import type { Matcher } from "/usr/lib/text/matcher.ts";

/** What is printed of a file. */
export type Report = "lines" | "parts" | "count" | "with" | "without" | "nothing";

/** How to search. */
export interface SearchStyle {
	matcher: Matcher;
	invert: boolean;
	report: Report;
	/** Selected lines after which a file is done with. */
	most: number;
	before: number;
	after: number;
	/** Context was asked for, so that groups of lines are kept apart. */
	groups: boolean;
	/** Lines are printed with their numbers. */
	numbers: boolean;
	/** Lines are printed with where they begin, in bytes. */
	offsets: boolean;
	names: boolean;
	color: boolean;
	/** Binary files are searched as text, or not at all. */
	binary: "report" | "text" | "skip";
	/** What ends a line. */
	delimiter: "\n" | "\0";
	/** What stands between groups of lines; `undefined`: nothing. */
	separator: string | undefined;
	/** What ends a file's name in output. */
	nameEnd: string;
}

const RESET = "\x1b[m\x1b[K";
const NAME_COLOR = "\x1b[35m\x1b[K";
const NUMBER_COLOR = "\x1b[32m\x1b[K";
const SEPARATOR_COLOR = "\x1b[36m\x1b[K";
const MATCH_COLOR = "\x1b[01;31m\x1b[K";

/** Whether groups of lines have been printed, so that the next wants `--` before it. */
let grouped = false;

class Search {
	readonly #style: SearchStyle;
	readonly #name: string;
	selected = 0;
	#number = 0;
	/** Numbers and texts of lines that may be printed before a selected one. */
	#held: [number: number, line: string, offset: number][] = [];
	#printed = 0;
	#after = 0;
	#binary = false;
	/** Where the line under way begins, in bytes. */
	#offset = 0;

	constructor(style: SearchStyle, name: string) {
		this.#style = style;
		this.#name = name;
	}

	/** Whether nothing more needs to be read. */
	get done(): boolean {
		const { report, most } = this.#style;
		if (this.selected > 0 && (report === "with" || report === "without" || report === "nothing" || this.#binary))
			return report !== "count";
		return this.selected >= most && this.#after === 0;
	}

	/** Where the lines end that have been looked at, in bytes from where the search began; known where only so many are wanted. */
	get end(): number {
		return this.#offset;
	}

	#colored(color: string, text: string): string {
		return this.#style.color ? `${color}${text}${RESET}` : text;
	}

	/** What comes before a line: the file's name and the line's number, each followed by `separator`. */
	#prefix(number: number, separator: string, offset: number): string {
		const { names, numbers, offsets, nameEnd } = this.#style;
		let out = "";
		const mark = this.#colored(SEPARATOR_COLOR, separator);
		if (names) out += this.#colored(NAME_COLOR, this.#name) + (nameEnd === "" ? mark : nameEnd);
		if (numbers) out += this.#colored(NUMBER_COLOR, String(number)) + mark;
		if (offsets) out += this.#colored(NUMBER_COLOR, String(offset)) + mark;
		return out;
	}

	#marked(line: string): string {
		const { matcher } = this.#style;
		let out = "";
		let from = 0;
		for (let match = matcher.find(line, 0); match !== undefined; match = matcher.find(line, from)) {
			out += line.slice(from, match[0]) + this.#colored(MATCH_COLOR, line.slice(match[0], match[1]));
			from = match[1];
		}
		return out + line.slice(from);
	}

	#printParts(line: string, number: number): void {
		const { matcher, invert, delimiter, before, after, offsets, groups } = this.#style;
		if (invert) return;
		if (groups && (this.#printed === 0 ? grouped : number > this.#printed + before + after + 1)) this.#separate();
		grouped = true;
		this.#printed = number;
		for (let match = matcher.find(line, 0); match !== undefined; match = matcher.find(line, match[1])) {
			const prefix = this.#prefix(number, ":", offsets ? this.#offset + encode(line.slice(0, match[0])).length : 0);
			put(prefix + this.#colored(MATCH_COLOR, line.slice(match[0], match[1])) + delimiter);
		}
	}

	#separate(): void {
		const { separator } = this.#style;
		if (separator !== undefined) put(`${this.#colored(SEPARATOR_COLOR, separator)}\n`);
	}

	#printLine(line: string, number: number, chosen: boolean, offset: number): void {
		const { groups, color, invert, delimiter } = this.#style;
		if (groups && (this.#printed === 0 ? grouped : number > this.#printed + 1)) this.#separate();
		grouped = true;
		this.#printed = number;
		put(this.#prefix(number, chosen ? ":" : "-", offset));
		put(color && chosen !== invert ? this.#marked(line) : line);
		put(delimiter);
	}

	#select(line: string): void {
		this.selected++;
		const { report, after } = this.#style;
		if (report !== "lines" && report !== "parts") return;
		if (this.#binary) return;
		if (report === "parts") {
			this.#printParts(line, this.#number);
			return;
		}
		for (const [number, text, offset] of this.#held) this.#printLine(text, number, false, offset);
		this.#held = [];
		this.#printLine(line, this.#number, true, this.#offset);
		this.#after = after;
	}

	#pass(line: string): void {
		const { before, report } = this.#style;
		if (report !== "lines" || this.#binary) return;
		if (this.#after > 0) {
			this.#after--;
			this.#printLine(line, this.#number, false, this.#offset);
		} else if (before > 0) {
			this.#held.push([this.#number, line, this.#offset]);
			if (this.#held.length > before) this.#held.shift();
		}
	}

	/** Whether a block can be left out without looking at its lines. */
	#skips(block: string): boolean {
		const { matcher, invert, numbers, offsets, most, before, delimiter } = this.#style;
		if (
			invert ||
			offsets ||
			most < Number.POSITIVE_INFINITY ||
			this.#after > 0 ||
			before > 0 ||
			matcher.prefilter === undefined
		)
			return false;
		if (matcher.prefilter.test(block)) return false;
		if (numbers) this.#number += linesOf(block, delimiter).lines.length;
		return true;
	}

	/** Whether lines are only counted, or printed as they are. */
	get #isPlain(): boolean {
		const { report, groups, numbers, offsets, color, most } = this.#style;
		if (report !== "count" && (report !== "lines" || this.#binary)) return false;
		return !groups && !numbers && !offsets && !color && most === Number.POSITIVE_INFINITY;
	}

	/** Many lines at a time, where nothing has to be known of each. */
	#all(lines: readonly string[]): void {
		const { matcher, invert, report, delimiter } = this.#style;
		const chosen = matcher.select(lines, invert);
		this.selected += chosen.length;
		if (report === "count" || chosen.length === 0) return;
		const prefix = this.#prefix(0, ":", 0);
		put(prefix + chosen.join(delimiter + prefix) + delimiter);
		grouped = true;
	}

	/** Looks through the lines of a block. */
	async block(text: string): Promise<void> {
		const { matcher, invert, most, binary, delimiter, offsets } = this.#style;
		if (!this.#binary && binary !== "text" && ((delimiter === "\n" && text.includes("\0")) || hasEscapes(text))) {
			this.#binary = true;
		}
		if (this.#binary && binary === "skip") return;
		if (this.#skips(text)) return;
		if (this.#isPlain) {
			this.#all(linesOf(text, delimiter).lines);
			return;
		}
		for (const line of linesOf(text, delimiter).lines) {
			this.#number++;
			if (this.selected < most && matcher.test(line) !== invert) this.#select(line);
			else this.#pass(line);
			if (offsets || most < Number.POSITIVE_INFINITY) this.#offset += encode(line).length + 1;
			if (this.done) break;
			if (overfull()) await flush();
		}
	}

	/** Prints what is known at the end. */
	async finish(): Promise<void> {
		const { report, names, nameEnd, binary } = this.#style;
		const name = this.#colored(NAME_COLOR, this.#name);
		const end = nameEnd === "" ? "\n" : nameEnd;
		const mark = nameEnd === "" ? this.#colored(SEPARATOR_COLOR, ":") : nameEnd;
		if (report === "count") put(`${names ? name + mark : ""}${this.selected}\n`);
		else if (report === "with" && this.selected > 0) put(name + end);
		else if (report === "without" && this.selected === 0) put(name + end);
		else if (this.#binary && this.selected > 0 && binary === "report" && (report === "lines" || report === "parts"))
			await warn(`${this.#name}: binary file matches`);
	}
}

/** Searches `file` and prints what it shall; answers whether a line was selected. */
export async function search(file: File, name: string, style: SearchStyle): Promise<boolean> {
	const found = new Search(style, name);
	// With -m, standard input is left right behind the last line that was looked at, where it can be.
	const leaves = file.fd === 0 && style.most < Number.POSITIVE_INFINITY && style.before + style.after === 0;
	const start = leaves ? await file.seek(0, "current").catch(() => -1) : -1;
	if (!found.done) {
		for await (const block of blocks(file, { delimiter: style.delimiter.charCodeAt(0) })) {
			await found.block(block);
			await flush();
			if (found.done) break;
		}
	}
	if (start >= 0 && found.selected >= style.most) await file.seek(start + found.end, "start").catch(() => 0);
	await found.finish();
	return found.selected > 0;
}
