/** `gzip`, `gunzip` and `zcat`: one command under three names. */

import { strerror } from "helios:errors";
import {
	chmod,
	chown,
	type File,
	fromFd,
	isDirectory,
	isFile,
	isSymlink,
	lstat,
	open,
	readdir,
	type Stat,
	unlink,
	utimes,
} from "helios:fs";
import { concat } from "helios:io";
import { stderr } from "helios:process";
import { isatty } from "helios:tty";
import {
	basename,
	type Command,
	Failure,
	failedWith,
	flush,
	type Given,
	join,
	OutputError,
	print,
	printBytes,
	put,
	reason,
	run,
} from "/usr/lib/sh/cli.ts";
import { decode, encode } from "/usr/lib/text/bytes.ts";
import { CorruptData, compress, decompress, headerOf, MEMBER_BYTES, TRAILER_BYTES } from "/usr/lib/text/compress.ts";
import { readUpTo } from "/usr/lib/text/lines.ts";

const STATUS_WARNING = 2;
const BLOCK_BYTES = 262_144;
const MAX_BYTES = 24 * 1024 * 1024;
/** What files are called when they are decompressed, by what they were called. */
const SUFFIXES: readonly [compressed: string, plain: string][] = [
	[".tgz", ".tar"],
	[".taz", ".tar"],
	[".gz", ""],
	["-gz", ""],
	[".z", ""],
	["-z", ""],
	["_z", ""],
];

const LEVELS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

function description(name: string): Command {
	const levels = LEVELS.map(
		(level) =>
			[
				level,
				[
					level === "1" ? "fast" : level === "9" ? "best" : `level-${level}`,
					"accepted: there is one way of compressing",
				] as const,
			] as const,
	);
	return {
		name,
		usage: ["[OPTION]... [FILE]..."],
		about:
			name === "gzip"
				? "Compress each FILE into FILE.gz. With no FILE, or where FILE is -, compress standard input."
				: name === "gunzip"
					? "Decompress each FILE. With no FILE, or where FILE is -, decompress standard input."
					: "Decompress each FILE to standard output. With no FILE, decompress standard input.",
		options: {
			c: ["stdout", "write to standard output and keep the files"],
			d: ["decompress", "decompress"],
			f: ["force", "replace what is there, and follow links"],
			k: ["keep", "keep the files"],
			l: ["list", "list how much compressed files hold"],
			n: ["no-name", "neither store nor use name and time"],
			N: ["name", "store and use name and time"],
			q: ["quiet", "say nothing of what is left out"],
			r: ["recursive", "go through directories"],
			S: ["suffix", "compressed files end with SUF instead of .gz", "SUF"],
			t: ["test", "check compressed files"],
			v: ["verbose", "say what is done"],
			...Object.fromEntries(levels),
		},
	};
}

function percent(small: number, large: number): string {
	const ratio = large === 0 ? 0 : (100 * (large - small)) / large;
	return `${ratio.toFixed(1).padStart(5)}%`;
}

class Session {
	status = 0;
	readonly #name: string;
	readonly #given: Given;
	readonly #decompresses: boolean;
	readonly #toOutput: boolean;
	readonly #suffix: string;
	#listed = 0;
	#totals: [number, number] = [0, 0];

	constructor(name: string, given: Given) {
		this.#name = name;
		this.#given = given;
		this.#decompresses = name !== "gzip" || given.has("d") || given.has("t") || given.has("l");
		this.#toOutput = name === "zcat" || given.has("c");
		this.#suffix = given.value("S") ?? ".gz";
	}

	async #warn(message: string): Promise<void> {
		if (!this.#given.has("q")) await say(message);
		if (this.status === 0) this.status = STATUS_WARNING;
	}

	/** Says that a file is broken: on a line of its own, as gzip does, since `-v` may have begun one. */
	async #corrupt(path: string, error: CorruptData): Promise<void> {
		await warnPlain("\n");
		await this.#fail(`${path}: ${error.message}`);
	}

	async #fail(message: string): Promise<void> {
		this.status = 1;
		await say(message);
	}

	async #read(file: File): Promise<Uint8Array> {
		const bytes = await readUpTo(file, MAX_BYTES);
		if (bytes === undefined) throw new CorruptData("memory exhausted");
		return bytes;
	}

	/**
	 * Compresses a file, member by member, giving each to `emit`; answers the sizes before and after,
	 * the latter less headers and trailers, which the ratio leaves out.
	 */
	async #compress(
		file: File,
		name: string,
		mtimeMs: number,
		emit: (bytes: Uint8Array) => Promise<void>,
	): Promise<[number, number]> {
		const plain = this.#given.last("n", "N") === "n";
		const level = Number(this.#given.last(...LEVELS) ?? 6);
		let [before, after] = [0, 0];
		let held: Uint8Array[] = [];
		let heldBytes = 0;
		const end = async (): Promise<void> => {
			const label = plain || before > 0 ? new Uint8Array(0) : encode(name);
			const made = await compress(concat(held), label, plain ? 0 : Math.floor(mtimeMs / 1000), level);
			before += heldBytes;
			after += made.length - headerOf(made).length - TRAILER_BYTES;
			held = [];
			heldBytes = 0;
			await emit(made);
		};
		for (let chunk = await file.read(BLOCK_BYTES); chunk !== null; chunk = await file.read(BLOCK_BYTES)) {
			held.push(chunk);
			heldBytes += chunk.length;
			if (heldBytes >= MEMBER_BYTES) await end();
		}
		if (heldBytes > 0 || before === 0) await end();
		return [before, after];
	}

	async standard(): Promise<void> {
		const given = this.#given;
		try {
			if (!this.#decompresses) {
				if (!given.has("f") && (await isatty(1)))
					throw new Failure(
						`compressed data not written to a terminal. Use -f to force compression.\nFor help, type: ${this.#name} -h`,
					);
				await this.#compress(fromFd(0), "", 0, printBytes);
				return;
			}
			const bytes = await this.#read(fromFd(0));
			if (given.has("l")) {
				await this.#list(bytes, "stdout");
				return;
			}
			const plain = await this.#plain(bytes);
			if (!given.has("t")) await printBytes(plain);
		} catch (error) {
			if (!(error instanceof CorruptData)) throw error;
			await this.#corrupt("stdin", error);
		}
	}

	/** Decompressed bytes; with `-cf`, what is not compressed comes as it is. */
	#plain(bytes: Uint8Array): Promise<Uint8Array> {
		const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
		if (!compressed && this.#toOutput && this.#given.has("f")) return Promise.resolve(bytes);
		return decompress(bytes);
	}

	async #list(bytes: Uint8Array, name: string): Promise<void> {
		headerOf(bytes);
		const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true);
		if (this.#listed++ === 0 && !this.#given.has("q"))
			await print("         compressed        uncompressed  ratio uncompressed_name\n");
		this.#totals = [this.#totals[0] + bytes.length, this.#totals[1] + size];
		await print(
			`${String(bytes.length).padStart(19)} ${String(size).padStart(19)} ${percent(bytes.length - headerOf(bytes).length - TRAILER_BYTES, size)} ${name}\n`,
		);
	}

	/** The sums of `-l`. */
	async finish(): Promise<void> {
		if (this.#listed < 2) return;
		const [small, large] = this.#totals;
		put(`${String(small).padStart(19)} ${String(large).padStart(19)} ${percent(small, large)} (totals)\n`);
		await flush();
	}

	async operand(path: string): Promise<void> {
		let about: Stat;
		try {
			about = await lstat(path);
			if (
				isSymlink(about) &&
				(this.#given.has("f") || this.#toOutput || this.#given.has("t") || this.#given.has("l"))
			) {
				const file = await open(path);
				about = await file.stat();
				await file.close();
			}
		} catch (error) {
			const compressed = `${path}${this.#suffix}`;
			if (this.#decompresses && failedWith(error, "ENOENT") && !path.endsWith(this.#suffix)) {
				const there = await lstat(compressed).catch(() => undefined);
				if (there !== undefined) {
					await this.operand(compressed);
					return;
				}
				await this.#fail(`${compressed}: ${reason(error)}`);
				return;
			}
			await this.#fail(`${path}: ${reason(error)}`);
			return;
		}
		if (isDirectory(about)) {
			if (!this.#given.has("r")) await this.#warn(`${path} is a directory -- ignored`);
			else for (const { name } of await readdir(path)) await this.operand(join(path, name));
			return;
		}
		if (isSymlink(about)) {
			await this.#fail(`${path}: ${strerror("ELOOP")}`);
			return;
		}
		if (!isFile(about) && !this.#toOutput) {
			await this.#warn(`${path} is not a directory or a regular file - ignored`);
			return;
		}
		try {
			await (this.#decompresses ? this.#unpack(path, about) : this.#pack(path, about));
		} catch (error) {
			if (error instanceof OutputError || error instanceof Failure) throw error;
			if (error instanceof CorruptData) await this.#corrupt(path, error);
			else await this.#fail(`${path}: ${reason(error)}`);
		}
	}

	async #create(target: string, about: Stat): Promise<File | undefined> {
		const there = await lstat(target).catch(() => undefined);
		if (there !== undefined && !this.#given.has("f")) {
			await this.#warn(`${target} already exists;\tnot overwritten`);
			return undefined;
		}
		if (there !== undefined) await unlink(target);
		return open(target, "wx", about.mode & 0o600);
	}

	/** Gives a finished file what the original had, and removes the original. */
	async #settle(target: string, path: string, about: Stat): Promise<void> {
		await chown(target, about.uid, about.gid).catch(() => undefined);
		await chmod(target, about.mode & 0o777);
		await utimes(target, about.mtimeMs);
		if (!this.#given.has("k")) await unlink(path);
	}

	async #pack(path: string, about: Stat): Promise<void> {
		const suffixes = [this.#suffix, ".gz", ".tgz", ".taz", "-gz", ".z", "-z", "_z"];
		const own = suffixes.find((suffix) => path.endsWith(suffix) && basename(path).length > suffix.length);
		if (own !== undefined && !this.#toOutput && !this.#given.has("f")) {
			if (!this.#given.has("q")) await say(`${path} already has ${own} suffix -- unchanged`);
			return;
		}
		const source = await open(path);
		try {
			if (this.#toOutput) {
				await this.#compress(source, basename(path), about.mtimeMs, printBytes);
				return;
			}
			const target = path + this.#suffix;
			const made = await this.#create(target, about);
			if (made === undefined) return;
			const sizes = await this.#filled(made, target, (file) =>
				this.#compress(source, basename(path), about.mtimeMs, (bytes) => file.write(bytes)),
			);
			await this.#settle(target, path, about);
			if (this.#given.has("v"))
				await warnPlain(
					`${path}:\t${percent(sizes[1], sizes[0])} -- ${this.#given.has("k") ? "created" : "replaced with"} ${target}\n`,
				);
		} finally {
			await source.close();
		}
	}

	/** Fills a file; one that cannot be finished is removed. */
	async #filled<T>(file: File, path: string, fill: (file: File) => Promise<T>): Promise<T> {
		try {
			const result = await fill(file);
			await file.close();
			return result;
		} catch (error) {
			await file.close();
			await unlink(path).catch(() => undefined);
			throw error;
		}
	}

	#plainName(path: string): string | undefined {
		const list: readonly [string, string][] = [[this.#suffix, ""], ...SUFFIXES];
		const lower = path.toLowerCase();
		const found = list.find(
			([suffix]) => (path.endsWith(suffix) || lower.endsWith(suffix)) && basename(path).length > suffix.length,
		);
		return found === undefined ? undefined : path.slice(0, path.length - found[0].length) + found[1];
	}

	async #unpack(path: string, about: Stat): Promise<void> {
		const given = this.#given;
		const reads = this.#toOutput || given.has("t") || given.has("l");
		let target = this.#plainName(path);
		if (target === undefined && !reads) {
			await this.#warn(`${path}: unknown suffix -- ignored`);
			return;
		}
		const source = await open(path);
		let bytes: Uint8Array;
		try {
			bytes = await this.#read(source);
		} finally {
			await source.close();
		}
		if (given.has("l")) {
			await this.#list(bytes, target ?? path);
			return;
		}
		const plain = await this.#plain(bytes);
		if (given.has("t")) {
			if (given.has("v")) await warnPlain(`${path}:\t OK\n`);
			return;
		}
		if (this.#toOutput) {
			await printBytes(plain);
			return;
		}
		const header = headerOf(bytes);
		if (given.last("n", "N") === "N" && header.name !== undefined)
			target = path.slice(0, path.length - basename(path).length) + basename(decode(header.name));
		const made = await this.#create(target as string, about);
		if (made === undefined) return;
		await this.#filled(made, target as string, (file) => file.write(plain));
		const mtimeMs =
			given.last("n", "N") === "N" && header.mtimeSeconds > 0 ? header.mtimeSeconds * 1000 : about.mtimeMs;
		await this.#settle(target as string, path, { ...about, mtimeMs });
		if (given.has("v"))
			await warnPlain(
				`${path}:\t${percent(bytes.length - header.length - TRAILER_BYTES, plain.length)} -- ${given.has("k") ? "created" : "replaced with"} ${target}\n`,
			);
	}
}

/** Says something under the name that all three commands have in common. */
async function say(message: string): Promise<void> {
	await warnPlain(`gzip: ${message}\n`);
}

async function warnPlain(text: string): Promise<void> {
	await flush();
	await stderr.write(text);
}

/** The whole of `gzip`, `gunzip` or `zcat`. */
export async function gzipCommand(name: "gzip" | "gunzip" | "zcat"): Promise<void> {
	await run(description(name), async (given) => {
		const session = new Session(name, given);
		for (const path of given.operands.length === 0 ? ["-"] : given.operands) {
			if (path === "-") await session.standard();
			else await session.operand(path);
		}
		await session.finish();
		return session.status;
	});
}
