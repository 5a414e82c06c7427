/** What the programs share that print bytes as numbers: reading in rows, and leaving out rows that repeat. */

import type { File } from "helios:fs";
import { fail, flush, OutputError, openInput, overfull, reason } from "/usr/lib/sh/cli.ts";

const BLOCK_BYTES = 65_536;

/** Which part of the input is shown. */
export interface Window {
	skip: number;
	length: number;
}

/**
 * The bytes of files as one stream, less what is left out. What cannot be opened is said; `onShort` is called where there
 * are fewer bytes than are left out.
 */
export async function* bytesOf(
	paths: readonly string[],
	window: Window,
	wording = (path: string, why: string): string => `${path}: ${why}`,
	onShort: () => Promise<void> = () => Promise.resolve(),
): AsyncGenerator<Uint8Array, void, undefined> {
	let { skip, length } = window;
	for (const path of paths.length === 0 ? ["-"] : paths) {
		let file: File | undefined;
		try {
			file = await openInput(path);
			while (length > 0) {
				const block = await file.read(Math.min(BLOCK_BYTES, skip + length));
				if (block === null) break;
				const kept = block.subarray(Math.min(skip, block.length)).subarray(0, length);
				skip -= Math.min(skip, block.length);
				length -= kept.length;
				if (kept.length > 0) yield kept;
			}
		} catch (error) {
			if (error instanceof OutputError) throw error;
			await fail(wording(path, reason(error)));
		} finally {
			if (file !== undefined && file.fd !== 0) await file.close();
		}
	}
	if (skip > 0) await onShort();
}

/**
 * Calls `show` for each row of so many bytes; the last may be shorter. Of equal full rows only the first is shown, and
 * `star` is called once for the others, unless `all` are wanted. Answers how many bytes there were.
 */
export async function overRows(
	source: AsyncIterable<Uint8Array>,
	size: number,
	all: boolean,
	show: (row: Uint8Array, at: number) => void,
	star: () => void,
): Promise<number> {
	let held = new Uint8Array(0);
	let at = 0;
	let last: string | undefined;
	let starred = false;
	const emit = (row: Uint8Array): void => {
		if (!all && row.length === size) {
			const text = row.join();
			if (text === last) {
				if (!starred) star();
				starred = true;
				at += size;
				return;
			}
			last = text;
			starred = false;
		}
		show(row, at);
		at += row.length;
	};
	for await (const block of source) {
		const bytes = new Uint8Array(held.length + block.length);
		bytes.set(held);
		bytes.set(block, held.length);
		let from = 0;
		for (; from + size <= bytes.length; from += size) {
			emit(bytes.subarray(from, from + size));
			if (overfull()) await flush();
		}
		held = bytes.slice(from);
		await flush();
	}
	if (held.length > 0) emit(held);
	return at;
}

/** A byte as it is printed beside its number. */
export function printable(byte: number): string {
	return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".";
}

/** A number of bytes: decimal, octal with 0, hexadecimal with 0x, and with b, k or m behind it. */
export function parseCount(text: string): number | undefined {
	const match = /^(0[xX][0-9a-fA-F]+|\d+)([bkKmMgG]?)B?$/.exec(text);
	if (match === null) return undefined;
	const digits = match[1] as string;
	const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
	const units: Record<string, number> = { "": 1, b: 512, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
	return value * (units[(match[2] as string).toLowerCase()] as number);
}
