/**
 * Input by whole lines: blocks of text that end where a line ends, so that a program looks at many lines at a time and
 * waits once for all of them.
 */

import type { File } from "helios:fs";
import { concat } from "helios:io";
import { Failure } from "/usr/lib/sh/cli.ts";
import { binary, decode } from "/usr/lib/text/bytes.ts";

/** Bytes that one read asks for. */
const BLOCK_BYTES = 131_072;
/** Longest line, and longest input of a program that needs all of it: built-ins take no longer texts. */
export const MAX_TEXT_BYTES = 16_000_000;

/** How input becomes blocks. */
export interface BlockOptions {
	/** What ends a line; a newline by default. */
	delimiter?: number;
	/** A character for each byte instead of UTF-8. */
	binary?: boolean;
	/** Is told how many bytes each block has. */
	onBytes?: (length: number) => void;
}

/** What is said where a line or an input is longer than a program can hold. */
export class TooLong extends Failure {
	constructor() {
		super("memory exhausted");
	}
}

/** The bytes of `file` in pieces that end with a delimiter; the last may lack it. */
export async function* byteBlocks(file: File, delimiter = 10): AsyncGenerator<Uint8Array, void, undefined> {
	let held: Uint8Array[] = [];
	let heldBytes = 0;
	for (let chunk = await file.read(BLOCK_BYTES); chunk !== null; chunk = await file.read(BLOCK_BYTES)) {
		const end = chunk.lastIndexOf(delimiter) + 1;
		if (end === 0) {
			held.push(chunk);
			heldBytes += chunk.length;
			if (heldBytes > MAX_TEXT_BYTES) throw new TooLong();
			continue;
		}
		held.push(chunk.subarray(0, end));
		const block = concat(held);
		held = end < chunk.length ? [chunk.subarray(end)] : [];
		heldBytes = chunk.length - end;
		yield block;
	}
	if (heldBytes > 0) yield concat(held);
}

/** The text of `file` in pieces that end with a line end; the last may lack it. */
export async function* blocks(file: File, options: BlockOptions = {}): AsyncGenerator<string, void, undefined> {
	const read = options.binary === true ? binary : decode;
	for await (const block of byteBlocks(file, options.delimiter)) {
		options.onBytes?.(block.length);
		yield read(block);
	}
}

/** The lines of a block, without their ends; and whether the last had one. */
export function linesOf(block: string, delimiter = "\n"): { lines: string[]; ended: boolean } {
	const lines = block.split(delimiter);
	if (lines.at(-1) !== "") return { lines, ended: false };
	lines.pop();
	return { lines, ended: true };
}

/** Reads all of `file`; `undefined` where that is more than `most` bytes. */
export async function readUpTo(file: File, most: number): Promise<Uint8Array | undefined> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for (let chunk = await file.read(BLOCK_BYTES); chunk !== null; chunk = await file.read(BLOCK_BYTES)) {
		chunks.push(chunk);
		length += chunk.length;
		if (length > most) return undefined;
	}
	return concat(chunks);
}

/** Reads all of `file`, up to what a text can hold. */
export async function readWhole(file: File): Promise<Uint8Array> {
	const bytes = await readUpTo(file, MAX_TEXT_BYTES);
	if (bytes === undefined) throw new TooLong();
	return bytes;
}
