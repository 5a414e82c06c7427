/**
 * What comes from a keyboard, as events: xterm's sequences (CSI and SS3 with modifiers), the Linux console's, Alt as a
 * prefix, bracketed paste.
 *
 * Keys are named as Emacs names them: `a`, `C-a`, `M-f`, `C-M-x`, `Up`, `C-Left`, `S-Tab`, `F5`, `Enter`, `Escape`.
 */

/** A key. `text` is what it types, empty where it types nothing. */
export interface KeyEvent {
	kind: "key";
	name: string;
	text: string;
}

/** Text that was pasted, line ends as newlines. */
export interface PasteEvent {
	kind: "paste";
	text: string;
}

/** What a terminal's keyboard gives. */
export type InputEvent = KeyEvent | PasteEvent;

const ESCAPE = 0x1b;
const DELETE = 0x7f;
/** Longest sequence that is waited for; what is longer is none. */
const MAX_SEQUENCE_BYTES = 64;
/** A longer paste comes in several events. */
const MAX_PASTE_BYTES = 65_536;
const PASTE_END = [0x1b, 0x5b, 0x32, 0x30, 0x31, 0x7e];

const LETTERS: Record<string, string> = {
	A: "Up",
	B: "Down",
	C: "Right",
	D: "Left",
	E: "Begin",
	F: "End",
	H: "Home",
	M: "Enter",
	P: "F1",
	Q: "F2",
	R: "F3",
	S: "F4",
	I: "Tab",
};
const NUMBERS: Record<number, string> = {
	1: "Home",
	2: "Insert",
	3: "Delete",
	4: "End",
	5: "PageUp",
	6: "PageDown",
	7: "Home",
	8: "End",
	11: "F1",
	12: "F2",
	13: "F3",
	14: "F4",
	15: "F5",
	17: "F6",
	18: "F7",
	19: "F8",
	20: "F9",
	21: "F10",
	23: "F11",
	24: "F12",
};
const CONTROLS: Record<number, string> = { 9: "Tab", 13: "Enter", 27: "Escape", 127: "Backspace" };

function key(name: string, text = ""): KeyEvent {
	return { kind: "key", name, text };
}

/** The prefix of a modifier parameter: one more than shift 1, Alt 2, Ctrl 4. */
function prefix(modifier: number): string {
	const bits = Math.max(0, modifier - 1);
	return `${(bits & 4) !== 0 ? "C-" : ""}${(bits & 10) !== 0 ? "M-" : ""}${(bits & 1) !== 0 ? "S-" : ""}`;
}

/** The key of a single character. */
function charKey(code: number): KeyEvent {
	const name = CONTROLS[code];
	if (name !== undefined) return key(name);
	if (code === 0) return key("C-@");
	if (code < 0x20) return key(`C-${String.fromCharCode(code + 0x40).toLowerCase()}`);
	const text = String.fromCodePoint(code);
	return key(text, text);
}

/** The same key with Alt held. */
function withAlt(event: KeyEvent): KeyEvent {
	const name = event.name;
	return key(name.startsWith("C-") && name.length > 2 ? `C-M-${name.slice(2)}` : `M-${name}`);
}

/** How many bytes a UTF-8 character has, by its first; 0 for a byte that begins none. */
function utf8Length(first: number): number {
	if (first < 0x80) return 1;
	if (first >= 0xc2 && first < 0xe0) return 2;
	if (first >= 0xe0 && first < 0xf0) return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/** A sequence with its end found: the event, if it is one that is known, and its length. 0: more must come. */
interface Found {
	event: InputEvent | undefined;
	length: number;
}

const INCOMPLETE: Found = { event: undefined, length: 0 };

function csiKey(parameters: string, final: string): KeyEvent | undefined {
	const numbers = parameters.split(/[;:]/).map((text) => (text === "" ? 1 : Number(text)));
	const [first = 1, modifier = 1] = numbers;
	if (final === "Z") return key("S-Tab");
	if (final === "u") {
		const plain = charKey(Math.min(first, 0x10ffff));
		const held = prefix(modifier);
		return held === "" ? plain : key(held + plain.name);
	}
	const name = final === "~" ? NUMBERS[first] : LETTERS[final];
	return name === undefined ? undefined : key(prefix(modifier) + name);
}

/** Turns bytes into events, however they are cut. */
export class KeyDecoder {
	#bytes: number[] = [];
	#paste: number[] | undefined;

	/** Whether bytes wait for what may follow them. If nothing does for some milliseconds, `flush` takes them as they are. */
	get waiting(): boolean {
		return this.#bytes.length > 0 && this.#paste === undefined;
	}

	/** Whether a paste has begun and not ended. */
	get pasting(): boolean {
		return this.#paste !== undefined;
	}

	/** Takes bytes and answers the events that are whole. */
	feed(bytes: Uint8Array): InputEvent[] {
		const events: InputEvent[] = [];
		for (const byte of bytes) this.#bytes.push(byte);
		let at = 0;
		while (at < this.#bytes.length) {
			if (this.#paste !== undefined) {
				at = this.#takePaste(at, events);
				if (this.#paste !== undefined) break;
				continue;
			}
			const { event, length } = this.#decode(at);
			if (length === 0) break;
			at += length;
			if (event !== undefined) events.push(event);
		}
		this.#bytes = this.#bytes.slice(at);
		return events;
	}

	/** What waits, taken without what might have followed: a lone ESC is the Escape key. */
	flush(): InputEvent[] {
		if (!this.waiting) return [];
		const bytes = this.#bytes;
		this.#bytes = [];
		if (bytes[0] !== ESCAPE) return [key("\ufffd", "\ufffd")];
		if (bytes.length === 1) return [key("Escape")];
		// ESC and an opening of a sequence that never came: Alt with that key, and the rest as it is.
		const rest = new Uint8Array(bytes.slice(2));
		return [withAlt(charKey(bytes[1] as number)), ...this.feed(rest)];
	}

	#decode(at: number): Found {
		const first = this.#bytes[at] as number;
		if (first === ESCAPE) return this.#escape(at);
		if (first < 0x80) return { event: charKey(first), length: 1 };
		const length = utf8Length(first);
		if (length === 0) return { event: key("\ufffd", "\ufffd"), length: 1 };
		for (let more = 1; more < length; more++) {
			const byte = this.#bytes[at + more];
			if (byte === undefined) return INCOMPLETE;
			if ((byte & 0xc0) !== 0x80) return { event: key("\ufffd", "\ufffd"), length: more };
		}
		const text = new TextDecoder().decode(new Uint8Array(this.#bytes.slice(at, at + length)));
		return { event: key(text, text), length };
	}

	#escape(at: number): Found {
		const second = this.#bytes[at + 1];
		if (second === undefined) return INCOMPLETE;
		if (second === 0x5b) return this.#csi(at);
		if (second === 0x4f) return this.#ss3(at);
		if (second === ESCAPE && this.#bytes[at + 2] !== undefined) {
			const inner = this.#escape(at + 1);
			if (inner.length === 0) return INCOMPLETE;
			const event = inner.event?.kind === "key" ? withAlt(inner.event) : inner.event;
			return { event, length: inner.length + 1 };
		}
		if (second === ESCAPE) return INCOMPLETE;
		const inner = this.#decode(at + 1);
		if (inner.length === 0) return INCOMPLETE;
		return { event: inner.event?.kind === "key" ? withAlt(inner.event) : undefined, length: inner.length + 1 };
	}

	#csi(at: number): Found {
		let end = at + 2;
		// The Linux console sends F1 to F5 as ESC [ [ and a letter.
		if (this.#bytes[end] === 0x5b) {
			const letter = this.#bytes[end + 1];
			if (letter === undefined) return INCOMPLETE;
			const number = letter - 0x40;
			return { event: number >= 1 && number <= 5 ? key(`F${number}`) : undefined, length: 4 };
		}
		for (;;) {
			const byte = this.#bytes[end];
			if (byte === undefined) return INCOMPLETE;
			if (byte >= 0x40 && byte <= 0x7e) break;
			if (byte < 0x20 || byte >= DELETE || end - at > MAX_SEQUENCE_BYTES) {
				return { event: undefined, length: end - at };
			}
			end++;
		}
		const parameters = String.fromCharCode(...this.#bytes.slice(at + 2, end));
		const final = String.fromCharCode(this.#bytes[end] as number);
		const length = end + 1 - at;
		if (final === "~" && parameters === "200") {
			this.#paste = [];
			return { event: undefined, length };
		}
		return { event: csiKey(parameters, final), length };
	}

	#ss3(at: number): Found {
		let end = at + 2;
		while ((this.#bytes[end] ?? 0) >= 0x30 && (this.#bytes[end] as number) <= 0x3b && end - at < MAX_SEQUENCE_BYTES)
			end++;
		const byte = this.#bytes[end];
		if (byte === undefined) return INCOMPLETE;
		const modifier =
			Number(
				String.fromCharCode(...this.#bytes.slice(at + 2, end))
					.split(";")
					.at(-1),
			) || 1;
		const name = LETTERS[String.fromCharCode(byte)];
		// Alt-O and something that is no key of the keypad: two keys.
		if (name === undefined) return { event: key("M-O"), length: 2 };
		return { event: key(prefix(modifier) + name), length: end + 1 - at };
	}

	/** Takes what is pasted up to its end; answers where that is. */
	#takePaste(from: number, events: InputEvent[]): number {
		const paste = this.#paste as number[];
		for (let at = from; at < this.#bytes.length; at++) {
			const byte = this.#bytes[at] as number;
			if (byte === ESCAPE) {
				const length = this.#pasteEnd(at);
				// The end may come in pieces: what there is of it stays.
				if (length === 0) return at;
				if (length === PASTE_END.length) {
					this.#paste = undefined;
					events.push(pasteEvent(paste));
					return at + length;
				}
			}
			paste.push(byte);
			if (paste.length >= MAX_PASTE_BYTES && byte === 0x0a) events.push(pasteEvent(paste.splice(0)));
		}
		return this.#bytes.length;
	}

	/** The length of the mark for a paste's end at `at`; 0 where it may yet become one, -1 where it is none. */
	#pasteEnd(at: number): number {
		for (let index = 0; index < PASTE_END.length; index++) {
			const byte = this.#bytes[at + index];
			if (byte === undefined) return 0;
			if (byte !== PASTE_END[index]) return -1;
		}
		return PASTE_END.length;
	}
}

function pasteEvent(bytes: readonly number[]): PasteEvent {
	const text = new TextDecoder().decode(new Uint8Array(bytes));
	return { kind: "paste", text: text.replace(/\r\n?/g, "\n") };
}
