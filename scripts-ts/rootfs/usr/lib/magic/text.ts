/** What kind of text bytes are: in which characters, with which line ends. */

/** A text's kind. */
export interface TextKind {
	/** `ASCII`, `Unicode text, UTF-8`, `ISO-8859`, `Non-ISO extended-ASCII`. */
	charset: string;
	/** As MIME has it. */
	encoding: string;
	/** What is remarkable: long lines, line ends, escapes. */
	notes: string[];
}

const LONG_LINE = 300;
/** Bytes that texts have: printable ones, BEL BS TAB LF VT FF CR ESC. */
const TEXT_BYTES = new Set([7, 8, 9, 10, 12, 13, 27]);

/** Whether bytes are UTF-8; a character that the end cuts in two is forgiven. */
function isUtf8(bytes: Uint8Array): boolean {
	for (let cut = 0; cut < 4; cut++) {
		try {
			new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, bytes.length - cut));
			return true;
		} catch {
			// Three bytes less may end at a character.
			if ((bytes.at(-1 - cut) ?? 0) < 0x80) return false;
		}
	}
	return false;
}

function notesOf(bytes: Uint8Array): string[] {
	let [lf, crlf, cr, longest, since] = [0, 0, 0, 0, 0];
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at];
		if (byte !== 10 && byte !== 13) continue;
		longest = Math.max(longest, at - since);
		since = at + 1;
		if (byte === 10) lf++;
		else if (bytes[at + 1] === 10) {
			crlf++;
			at++;
			since = at + 1;
		} else cr++;
	}
	longest = Math.max(longest, bytes.length - since);
	const notes: string[] = [];
	if (longest > LONG_LINE) notes.push(`with very long lines (${longest})`);
	const ends = [crlf > 0 ? "CRLF" : "", cr > 0 ? "CR" : "", lf > 0 ? "LF" : ""].filter((end) => end !== "");
	if (ends.length === 0) notes.push("with no line terminators");
	else if (ends.length > 1 || ends[0] !== "LF") notes.push(`with ${ends.join(", ")} line terminators`);
	if (bytes.includes(27)) notes.push("with escape sequences");
	if (bytes.includes(8)) notes.push("with overstriking");
	return notes;
}

/** The kind of text that bytes are, or `undefined` where they are none. */
export function textKind(bytes: Uint8Array): TextKind | undefined {
	let [high, controls] = [false, false];
	for (const byte of bytes) {
		if (byte >= 0x80) {
			high = true;
			if (byte < 0xa0) controls = true;
		} else if ((byte < 32 && !TEXT_BYTES.has(byte)) || byte === 127) return undefined;
	}
	const notes = notesOf(bytes);
	if (!high) return { charset: "ASCII", encoding: "us-ascii", notes };
	if (isUtf8(bytes)) {
		const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
		return { charset: `Unicode text, UTF-8${marked ? " (with BOM)" : ""}`, encoding: "utf-8", notes };
	}
	if (controls) return { charset: "Non-ISO extended-ASCII", encoding: "unknown-8bit", notes };
	return { charset: "ISO-8859", encoding: "iso-8859-1", notes };
}
