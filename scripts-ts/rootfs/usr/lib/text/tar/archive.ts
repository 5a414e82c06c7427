/** Archives as streams: reading members one after another, and writing them. */

import type { File } from "helios:fs";
import { concat } from "helios:io";
import { decode } from "/usr/lib/text/bytes.ts";
import {
	amend,
	BLOCK,
	headerOf,
	isHeader,
	type Member,
	memberOf,
	padding,
	recordsOf,
} from "/usr/lib/text/tar/header.ts";

/** Archives end at a multiple of this. */
const RECORD = 10_240;
const READ_BYTES = 65_536;
/** Longest header of pax, and longest name of GNU. */
const MAX_EXTENSION = 1_048_576;

/** An archive that makes no sense. */
export class BadArchive extends Error {}

/** Where bytes come from: a file, or bytes that are there already. */
export interface Source {
	read(count: number): Promise<Uint8Array | null>;
}

/** Bytes as a source. */
export function sourceOf(bytes: Uint8Array): Source {
	let at = 0;
	return {
		read: (count) => {
			const part = bytes.subarray(at, at + count);
			at += part.length;
			return Promise.resolve(part.length === 0 ? null : part);
		},
	};
}

/** Reads an archive. */
export class Reader {
	readonly #source: Source;
	#held: Uint8Array = new Uint8Array(0);
	/** Bytes of the current member's contents that were not read, and what pads them. */
	#left = 0;
	#padding = 0;
	#globals: Record<string, string> = {};
	#any = false;

	constructor(source: Source) {
		this.#source = source;
	}

	/** Exactly so many bytes, or `undefined` at the end. */
	async #take(count: number): Promise<Uint8Array | undefined> {
		const pieces = [this.#held];
		let length = this.#held.length;
		while (length < count) {
			const more = await this.#source.read(READ_BYTES);
			if (more === null) {
				this.#held = concat(pieces);
				return undefined;
			}
			pieces.push(more);
			length += more.length;
		}
		const all = concat(pieces);
		this.#held = all.subarray(count);
		return all.subarray(0, count);
	}

	/** A piece of the current member's contents, or `null` at their end. */
	async contents(): Promise<Uint8Array | null> {
		if (this.#left === 0) return null;
		const piece = this.#held.length > 0 ? this.#held : await this.#source.read(READ_BYTES);
		if (piece === null) throw new BadArchive("Unexpected EOF in archive");
		const part = piece.subarray(0, this.#left);
		this.#held = piece.subarray(part.length);
		this.#left -= part.length;
		return part;
	}

	async #skip(): Promise<void> {
		while ((await this.contents()) !== null);
		if (this.#padding > 0 && (await this.#take(this.#padding)) === undefined)
			throw new BadArchive("Unexpected EOF in archive");
		this.#padding = 0;
	}

	async #extension(size: number): Promise<Uint8Array> {
		if (size > MAX_EXTENSION) throw new BadArchive("Extended header is too long");
		const body = await this.#take(size);
		if (body === undefined || (await this.#take(padding(size).length)) === undefined)
			throw new BadArchive("Unexpected EOF in archive");
		return body;
	}

	/** The next member, or `undefined` at the end of the archive. @throws {BadArchive} */
	async next(): Promise<Member | undefined> {
		await this.#skip();
		let records: Record<string, string> = {};
		for (;;) {
			const header = await this.#take(BLOCK);
			if (header === undefined) {
				if (!this.#any && this.#held.length > 0) throw new BadArchive("This does not look like a tar archive");
				return undefined;
			}
			if (header.every((byte) => byte === 0)) return undefined;
			if (!isHeader(header))
				throw new BadArchive(this.#any ? "Skipping to next header" : "This does not look like a tar archive");
			this.#any = true;
			const { member, flag } = memberOf(header);
			if (flag === "x" || flag === "g") {
				const found = recordsOf(await this.#extension(member.size));
				if (flag === "x") records = { ...records, ...found };
				else this.#globals = { ...this.#globals, ...found };
				continue;
			}
			if (flag === "L" || flag === "K") {
				const name = decode(await this.#extension(member.size)).replace(/\0[\s\S]*$/, "");
				records = { ...records, [flag === "L" ? "path" : "linkpath"]: name };
				continue;
			}
			amend(member, { ...this.#globals, ...records });
			this.#left = member.kind === "file" ? member.size : 0;
			this.#padding = padding(this.#left).length;
			return member;
		}
	}
}

/** Writes an archive. */
export class Writer {
	readonly #write: (bytes: Uint8Array) => Promise<void>;
	#length = 0;

	constructor(write: (bytes: Uint8Array) => Promise<void>) {
		this.#write = write;
	}

	async #put(bytes: Uint8Array): Promise<void> {
		this.#length += bytes.length;
		await this.#write(bytes);
	}

	/** Adds a member. A file that shrinks meanwhile is filled up with zeros: its header has said how long it is. */
	async add(member: Member, file: File | undefined): Promise<{ missing: number }> {
		await this.#put(headerOf(member));
		let left = member.kind === "file" ? member.size : 0;
		while (left > 0 && file !== undefined) {
			const piece = await file.read(Math.min(left, READ_BYTES));
			if (piece === null) break;
			await this.#put(piece);
			left -= piece.length;
		}
		const missing = left;
		for (; left > 0; left -= Math.min(left, READ_BYTES)) await this.#put(new Uint8Array(Math.min(left, READ_BYTES)));
		if (member.kind === "file") await this.#put(padding(member.size));
		return { missing };
	}

	/** Ends the archive. */
	async end(): Promise<void> {
		await this.#put(new Uint8Array(2 * BLOCK));
		await this.#put(new Uint8Array((RECORD - (this.#length % RECORD)) % RECORD));
	}
}
