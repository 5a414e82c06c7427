/** The sets of `tr`: lists of bytes, from ranges, classes, escapes and repetitions. */

import { encode } from "/usr/lib/text/bytes.ts";

/** A set that cannot be understood. */
export class SetError extends Error {}

/** A set, and what has to be known of how it was written. */
export interface ByteSet {
	bytes: number[];
	/** Where `[c*]` stands, which fills up to the length of the other set. */
	filler: { at: number; byte: number } | undefined;
	/** Classes in it, with where they begin. */
	classes: { name: string; at: number }[];
}

const BYTES = 256;
const BACKSLASH = 92;
const CONTROLS: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

function range(from: number, to: number): number[] {
	return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

const CLASSES: Record<string, number[]> = {
	alnum: [...range(48, 57), ...range(65, 90), ...range(97, 122)],
	alpha: [...range(65, 90), ...range(97, 122)],
	blank: [9, 32],
	cntrl: [...range(0, 31), 127],
	digit: range(48, 57),
	graph: range(33, 126),
	lower: range(97, 122),
	print: range(32, 126),
	punct: [...range(33, 47), ...range(58, 64), ...range(91, 96), ...range(123, 126)],
	space: [...range(9, 13), 32],
	upper: range(65, 90),
	xdigit: [...range(48, 57), ...range(65, 70), ...range(97, 102)],
};

interface Unit {
	byte: number;
	escaped: boolean;
}

/** The bytes of a text, with its escapes resolved. */
function unitsOf(text: string): Unit[] {
	const bytes = encode(text);
	const units: Unit[] = [];
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at] as number;
		if (byte !== BACKSLASH || at + 1 >= bytes.length) {
			units.push({ byte, escaped: false });
			continue;
		}
		const rest = String.fromCharCode(...bytes.subarray(at + 1, at + 4));
		const octal = /^[0-3]?[0-7]{1,2}/.exec(rest)?.[0];
		if (octal !== undefined) {
			units.push({ byte: Number.parseInt(octal, 8), escaped: true });
			at += octal.length;
		} else {
			const next = bytes[++at] as number;
			units.push({ byte: CONTROLS[String.fromCharCode(next)] ?? next, escaped: true });
		}
	}
	return units;
}

function shown(byte: number): string {
	return byte > 32 && byte < 127 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
}

/** Reads a set. @throws {SetError} */
export function parseSet(text: string): ByteSet {
	const units = unitsOf(text);
	const plain = units.map(({ byte, escaped }) => (escaped ? "\xff" : String.fromCharCode(byte))).join("");
	const set: ByteSet = { bytes: [], filler: undefined, classes: [] };
	for (let at = 0; at < units.length; ) {
		const named = /^\[:(.*?):\]/s.exec(plain.slice(at));
		if (named !== null) {
			const name = named[1] as string;
			if (!Object.hasOwn(CLASSES, name))
				throw new SetError(name === "" ? "missing character class name '[::]'" : `invalid character class '${name}'`);
			set.classes.push({ name, at: set.bytes.length });
			set.bytes.push(...(CLASSES[name] as number[]));
			at += named[0].length;
			continue;
		}
		const same = /^\[=([\s\S]*?)=\]/.exec(plain.slice(at));
		if (same !== null && (same[1] as string).length > 0) {
			if ((same[1] as string).length > 1)
				throw new SetError(`${same[1]}: equivalence class operand must be a single character`);
			set.bytes.push((units[at + 2] as Unit).byte);
			at += same[0].length;
			continue;
		}
		const repeated = /^\[[\s\S]\*(\d*)\]/.exec(plain.slice(at));
		const { byte } = units[at] as Unit;
		const odd = /^\[[\s\S]\*([^\]]+)\]/.exec(plain.slice(at));
		if (repeated === null && odd !== null) throw new SetError(`invalid repeat count '${odd[1]}' in [c*n] construct`);
		if (repeated !== null) {
			const digits = repeated[1] as string;
			const count = Number.parseInt(digits === "" ? "0" : digits, digits.startsWith("0") ? 8 : 10);
			const filling = (units[at + 1] as Unit).byte;
			if (count === 0) {
				if (set.filler !== undefined) throw new SetError("only one [c*] repeat construct may appear in string2");
				set.filler = { at: set.bytes.length, byte: filling };
			} else for (let index = 0; index < Math.min(count, BYTES * BYTES); index++) set.bytes.push(filling);
			at += repeated[0].length;
			continue;
		}
		const to = units[at + 2];
		if (plain.charAt(at + 1) === "-" && to !== undefined) {
			if (to.byte < byte)
				throw new SetError(
					`range-endpoints of '${shown(byte)}-${shown(to.byte)}' are in reverse collating sequence order`,
				);
			set.bytes.push(...range(byte, to.byte));
			at += 3;
			continue;
		}
		set.bytes.push(byte);
		at++;
	}
	return set;
}

/** All bytes that are not in a set. */
export function complementOf(bytes: readonly number[]): number[] {
	const members = new Set(bytes);
	return range(0, BYTES - 1).filter((byte) => !members.has(byte));
}

/** The second set, made as long as the first. */
export function stretched(second: ByteSet, length: number): number[] {
	const bytes = [...second.bytes];
	if (second.filler !== undefined) {
		const { at, byte } = second.filler;
		while (bytes.length < length) bytes.splice(at, 0, byte);
	}
	const last = bytes.at(-1) as number;
	while (bytes.length < length) bytes.push(last);
	return bytes;
}
