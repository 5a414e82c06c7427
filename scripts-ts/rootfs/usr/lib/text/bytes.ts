/**
 * Bytes as text and back, without loss.
 *
 * Programs work on strings, whose built-ins are far cheaper than loops over bytes. UTF-8 becomes what it stands for; a
 * byte that is no part of it becomes the lone surrogate U+DC00 + byte, and that byte again on the way out, so that
 * garbage passes through every filter unharmed. Where positions are bytes, `binary` gives a character for each byte.
 */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const pairs = new TextDecoder("utf-16le", { ignoreBOM: true });
const encoder = new TextEncoder();

const ESCAPE = 0xdc00;
/** Characters of UTF-8 in a binary string (RFC 3629, section 4), and every other byte above 0x7F. */
const SEQUENCES =
	/[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}|[\x80-\xff]/g;

/** A string with a character, U+0000 to U+00FF, for each byte. */
export function binary(bytes: Uint8Array): string {
	// Widening to 16 bits is V8's own loop; nothing else makes a string of bytes as fast.
	return pairs.decode(new Uint8Array(new Uint16Array(bytes).buffer));
}

/** The bytes of a string that `binary` made; what lies above U+00FF loses its upper half. */
export function fromBinary(text: string): Uint8Array {
	const encoded = encoder.encode(text);
	if (encoded.length === text.length) return encoded;
	const bytes = new Uint8Array(text.length);
	for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
	return bytes;
}

function character(sequence: string): string {
	if (sequence.length === 1) return String.fromCharCode(ESCAPE + sequence.charCodeAt(0));
	let point = sequence.charCodeAt(0) & (0x7f >> sequence.length);
	for (let at = 1; at < sequence.length; at++) point = (point << 6) | (sequence.charCodeAt(at) & 0x3f);
	return String.fromCodePoint(point);
}

/** Most bytes whose sequences are looked up at a time: each becomes an object for a moment. */
const PIECE_BYTES = 32_768;

function decodeEscaped(bytes: Uint8Array): string {
	let text = "";
	for (let from = 0; from < bytes.length; ) {
		let end = Math.min(from + PIECE_BYTES, bytes.length);
		// No character is cut in two: a piece ends before a byte that begins one.
		for (let back = 0; back < 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80; back++) end--;
		text += binary(bytes.subarray(from, end)).replace(SEQUENCES, character);
		from = end;
	}
	return text;
}

/** Text of UTF-8; bytes that are none are escaped. */
export function decode(bytes: Uint8Array): string {
	try {
		return strict.decode(bytes);
	} catch {
		return decodeEscaped(bytes);
	}
}

function encodeEscaped(text: string): Uint8Array {
	// The escaped bytes are set into the UTF-8 of the rest, piece by piece.
	const bytes = new Uint8Array(text.length * 3);
	let end = 0;
	for (const piece of text.split(/([\udc80-\udcff]+)/u)) {
		const code = piece.charCodeAt(0);
		if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) {
			for (let at = 0; at < piece.length; at++) bytes[end++] = piece.charCodeAt(at) - ESCAPE;
		} else if (piece !== "") {
			const encoded = encoder.encode(piece);
			bytes.set(encoded, end);
			end += encoded.length;
		}
	}
	return bytes.subarray(0, end);
}

/** The bytes of a text that `decode` made, and UTF-8 of any other. */
export function encode(text: string): Uint8Array {
	return text.isWellFormed() ? encoder.encode(text) : encodeEscaped(text);
}

/** Whether there are escaped bytes in a text. */
export function hasEscapes(text: string): boolean {
	return !text.isWellFormed();
}
