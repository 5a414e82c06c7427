/** Patterns of a search, and searching a store for them a block at a time. */

import type { Lines, Piece } from "/usr/lib/less/lines.ts";
import { lineSpans } from "/usr/lib/less/render.ts";
import { escapeLiteral, PatternError, toRegExp, translate } from "/usr/lib/text/regex.ts";
import { decodeLossless } from "/usr/lib/tui/lossless.ts";
import { textOf } from "/usr/lib/tui/wrap.ts";

/** How a search takes the case of letters: as it is, not at all, or only where the pattern has capitals. */
export type CaseRule = "exact" | "ignore" | "smart";

/** A mistake in a pattern. */
export class BadPattern extends Error {}

/** A pattern that was searched for. */
export interface Pattern {
	source: string;
	regexp: RegExp;
	/** The same for a text of many lines. */
	block: RegExp;
	/** Lines that do not fit are meant. */
	inverted: boolean;
}

/**
 * Understands a pattern. A leading `!` means lines that do not fit; `C-r` in front takes the pattern as plain text.
 *
 * @throws {BadPattern} when it is none.
 */
export function parsePattern(text: string, rule: CaseRule): Pattern {
	const inverted = text.startsWith("!");
	const rest = inverted ? text.slice(1) : text;
	const literal = rest.startsWith("\x12");
	const ignore = rule === "ignore" || (rule === "smart" && !/\p{Lu}/u.test(rest));
	try {
		const source = literal ? escapeLiteral(rest.slice(1)) : translate(rest, { extended: true }).source;
		const flags = ignore ? "gi" : "g";
		return { source: rest, regexp: toRegExp(source, flags), block: toRegExp(source, `${flags}m`), inverted };
	} catch (error) {
		if (!(error instanceof PatternError)) throw error;
		throw new BadPattern(error.message);
	}
}

/** Whether a line, as it is shown, fits. */
export function fits(pattern: Pattern, piece: Piece): boolean {
	const text = textOf(lineSpans(piece.bytes, { colours: true, tab: 8 }));
	return text.search(pattern.regexp) >= 0 !== pattern.inverted;
}

const BLOCK_BYTES = 65_536;
const NEWLINE = 10;
/** Lines between two looks at whether the search is to go on. */
const LINES_PER_LOOK = 256;

/**
 * Whether whole lines may hold a line that fits, without looking at each. Bytes that are shown otherwise than they are
 * must be looked at.
 */
function mayFit(bytes: Uint8Array, pattern: Pattern): boolean {
	if (pattern.inverted || bytes.includes(0x08) || bytes.includes(0x1b)) return true;
	return decodeLossless(bytes).search(pattern.block) >= 0;
}

/** The piece to go on with: behind as many lines as certainly do not fit. */
async function skipForward(lines: Lines, piece: Piece, pattern: Pattern): Promise<Piece | undefined> {
	if (piece.continues) return piece;
	await lines.store.until(piece.at + BLOCK_BYTES);
	const block = await lines.store.read(piece.at, BLOCK_BYTES);
	const end = block.lastIndexOf(NEWLINE) + 1;
	if (end === 0 || mayFit(block.subarray(0, end), pattern)) return piece;
	return lines.piece(piece.at + end);
}

/** The piece to go on with backwards. */
async function skipBackward(lines: Lines, piece: Piece, pattern: Pattern): Promise<Piece | undefined> {
	const from = Math.max(0, piece.next - BLOCK_BYTES);
	const block = await lines.store.read(from, piece.next - from);
	// The block begins in the middle of a line, unless it begins the file.
	const start = from === 0 ? 0 : block.indexOf(NEWLINE) + 1;
	if ((start === 0 && from > 0) || from + start >= piece.at) return piece;
	return mayFit(block.subarray(start), pattern) ? piece : lines.before(from + start);
}

/** A way through the lines: over as many as certainly do not fit, and from one to the next. */
interface Way {
	skip: (lines: Lines, piece: Piece, pattern: Pattern) => Promise<Piece | undefined>;
	step: (lines: Lines, piece: Piece) => Promise<Piece | undefined>;
}

const FORWARD: Way = { skip: skipForward, step: (lines, piece) => lines.after(piece) };
const BACKWARD: Way = { skip: skipBackward, step: (lines, piece) => lines.before(piece.at) };

async function search(
	way: Way,
	lines: Lines,
	from: Piece | undefined,
	pattern: Pattern,
	stop: () => boolean,
): Promise<Piece | undefined> {
	let piece = from;
	while (piece !== undefined && !stop()) {
		const next: Piece | undefined = await way.skip(lines, piece, pattern);
		if (next !== piece) {
			piece = next;
			continue;
		}
		for (let left = LINES_PER_LOOK; left > 0 && piece !== undefined; left--) {
			if (fits(pattern, piece)) return piece;
			piece = await way.step(lines, piece);
		}
	}
	return undefined;
}

/** Searches from a piece on; `stop` is asked now and then. */
export function searchForward(
	lines: Lines,
	from: Piece | undefined,
	pattern: Pattern,
	stop: () => boolean,
): Promise<Piece | undefined> {
	return search(FORWARD, lines, from, pattern, stop);
}

/** Searches from a piece back. */
export function searchBackward(
	lines: Lines,
	from: Piece | undefined,
	pattern: Pattern,
	stop: () => boolean,
): Promise<Piece | undefined> {
	return search(BACKWARD, lines, from, pattern, stop);
}
