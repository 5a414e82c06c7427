/**
 * Markdown as a terminal shows it: headings, paragraphs, lists, definitions of options, code, tables. What manual pages
 * use is understood; anything else is text.
 */

import { BOLD, PLAIN, type Span, type Style, UNDERLINE } from "/usr/lib/tui/style.ts";
import { fit, printable, wrapWords } from "/usr/lib/tui/text.ts";
import { textWidth } from "/usr/lib/tui/wcwidth.ts";

/** How text is laid out. */
export interface MarkdownOptions {
	columns: number;
	/** Columns before text below a heading. */
	indent: number;
}

/** Columns by which the text of an option or of a list's item stands further in. */
const HANG = 7;
const BULLET_HANG = 2;

const INLINE =
	/\\([\\`*_{}[\]()#+\-.!<>|~])|`([^`]+)`|\*\*((?:[^*\\]|\\.)+)\*\*|\*([^*\s](?:[^*\\]|\\.)*)\*|<(https?:[^>]+)>|\[([^\]]*)\]\(([^)]*)\)/g;

/** A paragraph about an option, or a variable: its name in bold, a colon, and what it does. */
const DEFINITION = /^(\*\*[^:]*?(?:\*\*|\*|`|\])):\s+(.*)$/;

function unescaped(text: string): string {
	return text.replace(/\\([\\`*_{}[\]()#+\-.!<>|~])/g, "$1");
}

/** The spans of running text. */
export function inline(text: string, style: Style = PLAIN): Span[] {
	const spans: Span[] = [];
	let at = 0;
	for (const match of text.matchAll(INLINE)) {
		if (match.index > at) spans.push([text.slice(at, match.index), style]);
		const [whole, escaped, code, bold, italic, link, label] = match;
		if (escaped !== undefined) spans.push([escaped, style]);
		else if (code !== undefined) spans.push([code, style | BOLD]);
		else if (bold !== undefined) spans.push(...inline(unescaped(bold), style | BOLD));
		else if (italic !== undefined) spans.push([unescaped(italic), style | UNDERLINE]);
		else if (link !== undefined) spans.push([link, style | UNDERLINE]);
		else if (label !== undefined) spans.push(...inline(label, style | UNDERLINE));
		at = match.index + whole.length;
	}
	if (at < text.length) spans.push([text.slice(at), style]);
	return spans;
}

function widthOf(spans: readonly Span[]): number {
	return spans.reduce((sum, [text]) => sum + textWidth(text), 0);
}

/** Reads blocks one after the other. */
class Renderer {
	readonly #lines: string[];
	readonly #options: MarkdownOptions;
	readonly #out: Span[][] = [];
	#at = 0;
	/** How many rows there were after the last heading. */
	#headed = 0;

	constructor(text: string, options: MarkdownOptions) {
		// Nothing but what can be shown gets on the terminal.
		this.#lines = text.split("\n").map((line) => printable(line.trimEnd()));
		this.#options = options;
	}

	render(): Span[][] {
		while (this.#at < this.#lines.length) this.#block();
		while (this.#out.at(-1)?.length === 0) this.#out.pop();
		return this.#out;
	}

	get #line(): string {
		return this.#lines[this.#at] ?? "";
	}

	/** An empty row, but right under a heading. */
	#gap(): void {
		if (this.#out.length > this.#headed && this.#out.at(-1)?.length !== 0) this.#out.push([]);
	}

	#put(spans: readonly Span[], indent: number, first = indent): void {
		const width = Math.max(16, this.#options.columns - indent);
		for (const [row, line] of wrapWords(spans, width).entries()) {
			const margin = row === 0 ? first : indent;
			this.#out.push(margin > 0 ? [[" ".repeat(margin), PLAIN], ...line] : line);
		}
	}

	#block(): void {
		const line = this.#line;
		const heading = /^(#{1,6})\s+(.*?)#*$/.exec(line);
		if (line.trim() === "") this.#at++;
		else if (heading !== null) this.#heading(heading[1]?.length ?? 1, heading[2] ?? "");
		else if (/^\s*(```|~~~)/.test(line)) this.#fence();
		else if (/^\s*([-*+]|\d+[.)])\s+/.test(line)) this.#list();
		else if (line.startsWith("|")) this.#table();
		else if (/^ {4}/.test(line)) this.#indented();
		else this.#paragraph();
	}

	#heading(level: number, text: string): void {
		this.#at++;
		if (this.#out.length > 0 && this.#out.at(-1)?.length !== 0) this.#out.push([]);
		const indent = level <= 2 ? 0 : 3;
		this.#put(inline(text.trim(), BOLD), indent);
		this.#headed = this.#out.length;
	}

	#fence(): void {
		const mark = this.#line.trim().slice(0, 3);
		this.#at++;
		this.#gap();
		for (; this.#at < this.#lines.length && !this.#line.trim().startsWith(mark); this.#at++) this.#code(this.#line);
		this.#at++;
		this.#out.push([]);
	}

	#indented(): void {
		this.#gap();
		for (; this.#at < this.#lines.length && /^( {4}|$)/.test(this.#line); this.#at++) this.#code(this.#line.slice(4));
	}

	#code(line: string): void {
		this.#out.push(line === "" ? [] : [[`${" ".repeat(this.#options.indent + 4)}${line}`, PLAIN]]);
	}

	/** The lines of a paragraph, joined. */
	#text(): string {
		const parts: string[] = [];
		for (; this.#line.trim() !== "" && !/^(#{1,6}\s|\s*(```|~~~)|\|)/.test(this.#line); this.#at++) {
			if (parts.length > 0 && /^\s*([-*+]|\d+[.)])\s+/.test(this.#line)) break;
			parts.push(this.#line.trim());
		}
		return parts.join(" ");
	}

	#paragraph(): void {
		const text = this.#text();
		const option = DEFINITION.exec(text);
		const { indent } = this.#options;
		if (option === null) {
			this.#gap();
			this.#put(inline(text), indent);
			return;
		}
		this.#definition(inline(option[1] ?? ""), inline(option[2] ?? ""));
	}

	/** An option and what it does: on one line where the option is short enough. */
	#definition(term: Span[], about: Span[]): void {
		const { indent } = this.#options;
		this.#gap();
		if (widthOf(term) < HANG - 1) {
			const before = this.#out.length;
			this.#put(about, indent + HANG, indent + HANG);
			const row = this.#out[before] as Span[];
			const pad = HANG - widthOf(term);
			this.#out[before] = [[" ".repeat(indent), PLAIN], ...term, [" ".repeat(pad), PLAIN], ...row.slice(1)];
			return;
		}
		this.#put(term, indent);
		this.#put(about, indent + HANG);
	}

	#list(): void {
		this.#gap();
		const { indent } = this.#options;
		while (this.#at < this.#lines.length) {
			const match = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/.exec(this.#line);
			if (match === null) break;
			const depth = Math.min(8, Math.floor((match[1]?.length ?? 0) / 2));
			this.#lines[this.#at] = match[3] ?? "";
			const mark = /\d/.test(match[2] ?? "") ? `${match[2]} ` : "• ";
			const at = indent + depth * BULLET_HANG;
			const before = this.#out.length;
			this.#put(inline(this.#text()), at + mark.length);
			const row = this.#out[before] as Span[];
			this.#out[before] = [[" ".repeat(at) + mark, PLAIN], ...row.slice(1)];
			if (this.#line.trim() === "") {
				if (!/^\s*([-*+]|\d+[.)])\s+/.test(this.#lines[this.#at + 1] ?? "")) break;
				this.#at++;
			}
		}
	}

	#table(): void {
		this.#gap();
		const rows: Span[][][] = [];
		for (; this.#line.startsWith("|"); this.#at++) {
			const cells = this.#line
				.replace(/^\||\|$/g, "")
				.replaceAll("\\|", "\u0000")
				.split("|")
				.map((cell) => cell.trim().replaceAll("\u0000", "|"));
			if (cells.every((cell) => /^:?-+:?$/.test(cell))) continue;
			rows.push(cells.map((cell) => inline(cell, rows.length === 0 ? BOLD : PLAIN)));
		}
		const count = Math.max(...rows.map((row) => row.length));
		const widths = Array.from({ length: count }, (_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? []))));
		const { indent, columns } = this.#options;
		for (const row of rows) {
			const last = row.length - 1;
			const used = indent + widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
			const lines = wrapWords(row[last] ?? [], Math.max(16, columns - used));
			const head: Span[] = [[" ".repeat(indent), PLAIN]];
			for (const [at, cell] of row.slice(0, last).entries())
				head.push(...cell, [" ".repeat((widths[at] as number) + 2 - widthOf(cell)), PLAIN]);
			for (const [at, line] of lines.entries())
				this.#out.push(at === 0 ? [...head, ...line] : [[" ".repeat(used), PLAIN], ...line]);
		}
	}
}

/** The rows of a text in Markdown. */
export function renderMarkdown(text: string, options: MarkdownOptions): Span[][] {
	return new Renderer(text, options).render();
}

/** A line with something at its left, in its middle and at its right. */
export function threeParts(left: string, middle: string, right: string, columns: number): Span[] {
	const room = columns - textWidth(left) - textWidth(right);
	if (room < textWidth(middle) + 2) return [[`${left}  ${right}`, PLAIN]];
	const before = Math.floor((columns - textWidth(middle)) / 2) - textWidth(left);
	return [[`${left}${" ".repeat(Math.max(1, before))}${fit(middle, room - Math.max(1, before))}${right}`, PLAIN]];
}
