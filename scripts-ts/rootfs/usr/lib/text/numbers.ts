/** Numbers as commands read them: with suffixes of size, and as keys that sort like what they stand for. */

const POWERS = "KMGTPEZY";

/**
 * A size such as `10`, `4k`, `2MB` or `1MiB`; `undefined` where it is none.
 *
 * `b` is 512; a letter is a power of 1024, or of 1000 where `B` follows.
 */
export function parseSize(text: string): number | undefined {
	const match = /^(\d+)(?:(b)|(?:([kKMGTPEZY])(B|iB)?))?$/.exec(text);
	if (match === null) return undefined;
	const [, digits, blocks, letter, unit] = match;
	const power = letter === undefined ? 0 : POWERS.indexOf(letter.toUpperCase()) + 1;
	const scale = blocks === undefined ? (unit === "B" ? 1000 : 1024) ** power : 512;
	return Math.min(Number(digits) * scale, Number.MAX_SAFE_INTEGER);
}

/** A character for each digit, so that 9's complement is one lookup. */
function complement(digits: string): string {
	let out = "";
	for (let at = 0; at < digits.length; at++) out += String.fromCharCode(105 - digits.charCodeAt(at));
	return out;
}

/**
 * A text that sorts as the decimal number `digits.fraction` does, however long it is: its sign, how many digits it has,
 * and the digits; of a negative number, all of it turned round.
 */
export function decimalKey(negative: boolean, whole: string, fraction: string): string {
	const digits = whole.replace(/^0+/, "");
	const rest = fraction.replace(/0+$/, "");
	if (digits === "" && rest === "") return "5";
	const length = digits.length;
	if (!negative) return `6${String.fromCharCode(0x100 + length)}${digits}.${rest}`;
	// A shorter fraction of a negative number is the greater one: `~` sorts behind every digit.
	return `4${String.fromCharCode(0xd000 - Math.min(length, 0xc000))}${complement(digits)}.${complement(rest)}~`;
}

/** The key of the number that a text begins with, as `sort -n` reads it. */
export function numericKey(text: string): string {
	// Most numbers are plain.
	if (/^[1-9]\d*$/.test(text)) return `6${String.fromCharCode(0x100 + text.length)}${text}.`;
	const match = /^[ \t\n]*(-?)(\d*)(?:\.(\d*))?/.exec(text) as RegExpExecArray;
	return decimalKey(match[1] === "-", match[2] as string, match[3] ?? "");
}

/** The key of a number with a suffix of size, as `sort -h` reads it: the suffix counts first. */
export function humanKey(text: string): string {
	const match = /^[ \t\n]*(-?)(\d*)(?:\.(\d*))?([kKMGTPEZYRQ]?)/.exec(text) as RegExpExecArray;
	const negative = match[1] === "-";
	const key = decimalKey(negative, match[2] as string, match[3] ?? "");
	if (key === "5") return key;
	const order = "KMGTPEZYRQ".indexOf((match[4] as string).toUpperCase()) + 1;
	const rank = match[4] === "" ? 0 : order;
	return key.charAt(0) + String.fromCharCode(negative ? 0x7a - rank : 0x30 + rank) + key.slice(1);
}

/** The key of a floating-point number, as `sort -g` reads it: what is none comes first, then NaN, then numbers. */
export function generalKey(text: string): string {
	const match = /^[ \t\n]*([-+]?(?:inf(?:inity)?|nan|0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?))/i.exec(text);
	if (match === null) return "0";
	const word = (match[1] as string).toLowerCase();
	if (word.includes("nan")) return "1";
	if (word.includes("inf")) return word.startsWith("-") ? "2" : "9";
	const value = Number(word);
	if (value === 0) return "5";
	const [mantissa, exponent] = Math.abs(value).toExponential(17).split("e") as [string, string];
	const digits = mantissa.replace(".", "");
	const power = String.fromCharCode(0x1000 + Number(exponent));
	if (value > 0) return `6${power}${digits}`;
	return `4${String.fromCharCode(0x1000 - Number(exponent))}${complement(digits)}~`;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** The key of a month's name, as `sort -M` reads it: what is none comes first. */
export function monthKey(text: string): string {
	const name = text.trimStart().slice(0, 3).toUpperCase();
	return String.fromCharCode(0x40 + MONTHS.indexOf(name) + 1);
}

/** How a character of a version ranks: the end and `~` before everything, letters before the rest. */
function versionRank(character: string): string {
	if (character === "~") return "\x01";
	if (/[A-Za-z]/.test(character)) return character;
	return String.fromCharCode(character.charCodeAt(0) + 0x100);
}

/** The key of a text with version numbers in it, as `sort -V` reads it: runs of digits count as numbers. */
export function versionKey(text: string): string {
	if (text === "") return "\x00";
	if (text === ".") return "\x00a";
	if (text === "..") return "\x00b";
	const hidden = text.startsWith(".");
	return (hidden ? "\x00c" : "\x00d") + versionParts(hidden ? text.slice(1) : text);
}

/** A suffix such as `.tar.gz` counts only where the rest is the same. */
function versionParts(text: string): string {
	const suffix = /(?:\.[A-Za-z~][A-Za-z0-9~]*)*$/.exec(text)?.[0] ?? "";
	const stem = text.slice(0, text.length - suffix.length);
	const part = (piece: string): string => {
		let out = "";
		for (const run of piece.match(/\d+|\D+/g) ?? []) {
			if (!/\d/.test(run)) for (const character of run) out += versionRank(character);
			else {
				const digits = run.replace(/^0+/, "");
				out += `\x03${String.fromCharCode(0x30 + digits.length)}${digits}`;
			}
		}
		return `${out}\x02`;
	};
	return part(stem === "" ? text : stem) + part(text);
}
