/** Lists files and directories as the options of `ls` say. */

import {
	type DirEntry,
	isDevice,
	isDirectory,
	isFifo,
	isFile,
	isSymlink,
	lstat,
	MODE,
	readdir,
	readlink,
	type Stat,
	stat,
} from "helios:fs";
import { formatDate } from "/usr/lib/dates/format.ts";
import { permissions, typeLetter } from "/usr/lib/files/modes.ts";
import { displayWidth, type NameStyle, padTo, showName } from "/usr/lib/files/names.ts";
import { inParallel } from "/usr/lib/files/parallel.ts";
import { diskBytes, human } from "/usr/lib/files/sizes.ts";
import { fullTime, isRecent, listedTime } from "/usr/lib/files/times.ts";
import type { Colors } from "/usr/lib/ls/colors.ts";
import { type Cell, inColumns, withCommas } from "/usr/lib/ls/columns.ts";
import { directoriesFirst, type Entry, type Order, sortEntries } from "/usr/lib/ls/sort.ts";
import { fail, failedWith, join, OutputError, print, quote, reason } from "/usr/lib/sh/cli.ts";
import type { names } from "/usr/lib/users/accounts.ts";

/** How to list. */
export interface ListStyle {
	format: "long" | "one" | "down" | "across" | "commas";
	/** Names that begin with `.`: none, all but `.` and `..`, all. */
	hidden: "none" | "almost" | "all";
	/** Whether a name is left out. */
	ignored(name: string): boolean;
	order: Order;
	reverse: boolean;
	directoriesFirst: boolean;
	recursive: boolean;
	/** Directories themselves, not what is in them. */
	asFiles: boolean;
	/** Links that are followed: those named, if they lead to directories or anywhere; all; none. */
	follow: "none" | "directories" | "named" | "all";
	/** Marks behind names: `/`; `/` and all but `*`; all. */
	marks: "none" | "slash" | "types" | "all";
	inode: boolean;
	blocks: boolean;
	owner: boolean;
	group: boolean;
	numeric: boolean;
	/** Sizes in units; 1 means bytes. */
	sizes: "bytes" | "human" | "si" | "kib";
	/** Which time is shown and sorted by. */
	time: "mtime" | "ctime";
	/** How times are written: as usual, `full`, `iso`, or by a format. */
	timeStyle: string | undefined;
	names: NameStyle;
	/** What ends a line. */
	end: string;
	colors: Colors | undefined;
	/** Columns of the terminal. */
	width: number;
	/** Columns between tabs; 0: no tabs. */
	tab: number;
}

type Names = Awaited<ReturnType<typeof names>>;

/** Directories that are read ahead of being listed. */
const READ_AHEAD = 64;
const SERIOUS = 2;

/** A directory's contents, or why there are none. */
type Listing = { entries: DirEntry[] } | { error: unknown };

async function listing(path: string): Promise<Listing> {
	try {
		return { entries: await readdir(path) };
	} catch (error) {
		return { error };
	}
}

/** Lists, one thing after another. */
export class Lister {
	readonly #style: ListStyle;
	readonly #names: Names | undefined;
	readonly #looks: boolean;
	#first = true;
	#coloured = false;

	constructor(style: ListStyle, owners: Names | undefined) {
		this.#style = style;
		this.#names = owners;
		// A directory tells names, types and inodes itself; all else is asked for, file by file.
		this.#looks =
			style.format === "long" ||
			style.order === "size" ||
			style.order === "time" ||
			style.blocks ||
			style.marks === "all" ||
			style.follow === "all" ||
			style.colors !== undefined;
	}

	#timeOf = (about: Stat): number => (this.#style.time === "ctime" ? about.ctimeMs : about.mtimeMs);

	#sorted(entries: Entry[]): Entry[] {
		sortEntries(entries, this.#style.order, this.#timeOf);
		const sorted = this.#style.reverse ? entries.reverse() : entries;
		return this.#style.directoriesFirst ? directoriesFirst(sorted) : sorted;
	}

	#wants(name: string): boolean {
		const { hidden, ignored } = this.#style;
		return (hidden !== "none" || !name.startsWith(".")) && !ignored(name);
	}

	/** What is known of a file in a directory. */
	async #entry(directory: string, { name, ino, kind }: DirEntry): Promise<Entry> {
		const entry: Entry = { name, path: join(directory, name), mode: kind, ino, about: undefined };
		if (!this.#looks) return entry;
		const follow = this.#style.follow === "all";
		try {
			const about = await (follow ? stat(entry.path).catch(() => lstat(entry.path)) : lstat(entry.path));
			return this.#withTarget({ ...entry, mode: about.mode, ino: about.ino, about });
		} catch (error) {
			await fail(`cannot access ${quote(entry.path)}: ${reason(error)}`);
			return entry;
		}
	}

	/** Looks where a link leads, where that shows. */
	async #withTarget(entry: Entry): Promise<Entry> {
		const { colors, format, directoriesFirst: first, marks } = this.#style;
		const shows = (format === "long" && (colors !== undefined || marks === "all")) || first || colors?.followsLinks;
		if (!isSymlink(entry) || shows !== true) return entry;
		return {
			...entry,
			target: await stat(entry.path)
				.then(({ mode }) => mode)
				.catch(() => null),
		};
	}

	#mark(mode: number): string {
		const { marks } = this.#style;
		if (marks === "none") return "";
		if (isDirectory({ mode })) return "/";
		if (marks === "slash") return "";
		if (isSymlink({ mode })) return this.#style.format === "long" ? "" : "@";
		if (isFifo({ mode })) return "|";
		if ((mode & MODE.TYPE) === MODE.SOCKET) return "=";
		return marks === "all" && isFile({ mode }) && (mode & 0o111) !== 0 ? "*" : "";
	}

	#paint(shown: string, color: string | undefined): string {
		if (color === undefined) return shown;
		const start = this.#coloured ? "" : "\x1b[0m";
		this.#coloured = true;
		return `${start}\x1b[${color}m${shown}\x1b[0m`;
	}

	/** A name as it is shown. Beside names in quotes the others stand back by a column. */
	#name(entry: Entry, aligned: boolean): Cell {
		const { colors, names: style } = this.#style;
		const shown = showName(entry.name, style);
		const back = aligned && shown === entry.name ? " " : "";
		const mark = this.#mark(entry.mode);
		const text = back + this.#paint(shown, colors?.of(entry.name, entry.mode, entry.target)) + mark;
		return { text, width: displayWidth(back + shown + mark) };
	}

	#someQuoted(entries: readonly Entry[]): boolean {
		const { format, names: style } = this.#style;
		if (style !== "shell" || format === "commas" || format === "one") return false;
		return entries.some(({ name }) => showName(name, style) !== name);
	}

	#blocks(about: Stat | undefined): string {
		if (about === undefined) return "?";
		const bytes = diskBytes(about);
		const { sizes } = this.#style;
		return sizes === "human" ? human(bytes) : sizes === "si" ? human(bytes, 1000) : String(bytes / 1024);
	}

	#size(about: Stat): string {
		const { sizes } = this.#style;
		if (isDevice(about)) return `${about.rdev >>> 8}, ${about.rdev & 255}`;
		if (sizes === "human") return human(about.size);
		if (sizes === "si") return human(about.size, 1000);
		return String(sizes === "kib" ? Math.ceil(about.size / 1024) : about.size);
	}

	#when(about: Stat): string {
		const time = this.#timeOf(about);
		// Asked for now: what was changed meanwhile, as all in /proc, is not from the future.
		const now = Date.now();
		const { timeStyle } = this.#style;
		if (timeStyle === "full") return fullTime(time);
		if (timeStyle === "iso") return formatDate(isRecent(time, now) ? "%m-%d %H:%M" : "%Y-%m-%d ", time);
		return timeStyle === undefined ? listedTime(time, now) : formatDate(timeStyle, time);
	}

	#owners(about: Stat): string[] {
		const { owner, group, numeric } = this.#style;
		const named = numeric ? undefined : this.#names;
		return [
			...(owner ? [named?.user(about.uid) ?? String(about.uid)] : []),
			...(group ? [named?.group(about.gid) ?? String(about.gid)] : []),
		];
	}

	async #arrow(entry: Entry): Promise<string> {
		if (!isSymlink(entry)) return "";
		const said = await readlink(entry.path).catch((error: unknown) =>
			fail(`cannot read symbolic link ${quote(entry.path)}: ${reason(error)}`),
		);
		if (said === undefined) return "";
		const { colors, names: style } = this.#style;
		const { target } = entry;
		const color = typeof target === "number" ? colors?.of(said, target) : undefined;
		const mark = typeof target === "number" ? this.#mark(target) : "";
		return ` -> ${this.#paint(showName(said, style), color)}${mark}`;
	}

	async #showLong(entries: readonly Entry[]): Promise<void> {
		const { inode, blocks } = this.#style;
		const lead = [...(inode ? [0] : []), ...(blocks ? [1] : [])].length;
		const rows = entries.map(({ about, ino }): string[] => {
			const front = [...(inode ? [String(ino)] : []), ...(blocks ? [this.#blocks(about)] : [])];
			if (about === undefined) return [...front, "?", "?", ...this.#unknownOwners(), "?", "?"];
			return [
				...front,
				typeLetter(about.mode) + permissions(about.mode),
				String(about.nlink),
				...this.#owners(about),
				this.#size(about),
				this.#when(about),
			];
		});
		const widths: number[] = [];
		for (const row of rows)
			row.forEach((cell, at) => {
				widths[at] = Math.max(widths[at] ?? 0, displayWidth(cell));
			});
		const size = widths.length - 2;
		const right = (at: number): boolean => at < lead || at === lead + 1 || at === size;
		const aligned = this.#someQuoted(entries);
		const arrows = await inParallel(entries, (entry) => this.#arrow(entry));
		for (const [at, entry] of entries.entries()) {
			const cells = (rows[at] ?? []).map((cell, column) =>
				right(column)
					? cell.padStart(widths[column] ?? 0)
					: column === size + 1
						? cell
						: padTo(cell, widths[column] ?? 0),
			);
			await print(`${cells.join(" ")} ${this.#name(entry, aligned).text}${arrows[at] ?? ""}${this.#style.end}`);
		}
	}

	#unknownOwners(): string[] {
		return [...(this.#style.owner ? ["?"] : []), ...(this.#style.group ? ["?"] : [])];
	}

	/** What stands before a name that is not listed long: inode and blocks. */
	#cells(entries: readonly Entry[]): Cell[] {
		const { inode, blocks } = this.#style;
		const aligned = this.#someQuoted(entries);
		if (!inode && !blocks) return entries.map((entry) => this.#name(entry, aligned));
		const fronts = entries.map(({ about, ino }) => [
			...(inode ? [String(ino)] : []),
			...(blocks ? [this.#blocks(about)] : []),
		]);
		const widths = [0, 1].map((column) =>
			fronts.reduce((most, cells) => Math.max(most, cells[column]?.length ?? 0), 0),
		);
		const pad = this.#style.format !== "commas";
		return entries.map((entry, at) => {
			const { text, width } = this.#name(entry, aligned);
			const cells = (fronts[at] ?? []).map((cell, column) => (pad ? cell.padStart(widths[column] ?? 0) : cell));
			const front = `${cells.join(" ")} `;
			return { text: front + text, width: front.length + width };
		});
	}

	async #show(entries: readonly Entry[]): Promise<void> {
		const { format, width, tab, end } = this.#style;
		if (format === "long") return this.#showLong(entries);
		const cells = this.#cells(entries);
		if (format === "one") for (const { text } of cells) await print(text + end);
		else {
			const lines = format === "commas" ? withCommas(cells, width) : inColumns(cells, width, format === "down", tab);
			for (const line of lines) await print(line + end);
		}
	}

	/** Lists what is in a directory, and with -R what is in those below it; `above` are the inodes that led here. */
	async #directory(path: string, title: boolean, read: Promise<Listing>, above: readonly number[]): Promise<void> {
		const listed = await read;
		if ("error" in listed)
			return fail(`cannot open directory ${quote(path)}: ${reason(listed.error)}`, above.length === 0 ? SERIOUS : 1);
		const { style, wanted } = { style: this.#style, wanted: listed.entries.filter(({ name }) => this.#wants(name)) };
		if (style.hidden === "all") {
			const [own, parent] = await Promise.all([this.#inodeOf(path), this.#inodeOf(join(path, ".."))]);
			wanted.unshift({ name: ".", ino: own, kind: MODE.DIR }, { name: "..", ino: parent, kind: MODE.DIR });
		}
		const entries = this.#sorted(await inParallel(wanted, (entry) => this.#entry(path, entry)));
		if (title) await print(`${this.#first ? "" : "\n"}${showName(path, style.names)}:${style.end}`);
		this.#first = false;
		if (style.format === "long" || style.blocks) await print(`total ${this.#total(entries)}${style.end}`);
		await this.#show(entries);
		if (style.recursive) await this.#below(entries, above);
	}

	async #inodeOf(path: string): Promise<number> {
		return this.#style.inode ? (await lstat(path)).ino : 0;
	}

	#total(entries: readonly Entry[]): string {
		const bytes = entries.reduce((sum, { about }) => sum + (about === undefined ? 0 : diskBytes(about)), 0);
		const { sizes } = this.#style;
		return sizes === "human" ? human(bytes) : sizes === "si" ? human(bytes, 1000) : String(bytes / 1024);
	}

	async #below(entries: readonly Entry[], above: readonly number[]): Promise<void> {
		const below = entries.filter((entry) => isDirectory(entry) && entry.name !== "." && entry.name !== "..");
		const reads: Promise<Listing>[] = [];
		for (const [at, { path, ino }] of below.entries()) {
			// The next ones are read while this one is shown.
			while (reads.length < Math.min(below.length, at + READ_AHEAD))
				reads.push(listing((below[reads.length] as Entry).path));
			if (above.includes(ino)) await fail(`${path}: not listing already-listed directory`, SERIOUS);
			else await this.#directory(path, true, reads[at] as Promise<Listing>, [...above, ino]);
		}
	}

	/** Looks at an operand as the options say: links are followed where they lead to directories. */
	async #operand(path: string): Promise<Entry | undefined> {
		const { follow } = this.#style;
		try {
			let about = await (follow === "all" || follow === "named" ? stat(path) : lstat(path));
			if (follow === "directories" && isSymlink(about)) {
				const target = await stat(path).catch(() => undefined);
				if (target !== undefined && isDirectory(target)) about = target;
			}
			return await this.#withTarget({ name: path, path, mode: about.mode, ino: about.ino, about });
		} catch (error) {
			if (error instanceof OutputError || !failedWith(error)) throw error;
			await fail(`cannot access ${quote(path)}: ${reason(error)}`, SERIOUS);
			return undefined;
		}
	}

	/** Lists the operands: files first, then what is in the directories. */
	async operands(paths: readonly string[]): Promise<void> {
		const found = (await inParallel(paths, (path) => this.#operand(path))).filter((entry) => entry !== undefined);
		const opened = (entry: Entry): boolean => isDirectory(entry) && !this.#style.asFiles;
		const files = found.filter((entry) => !opened(entry));
		if (files.length > 0) {
			await this.#show(this.#sorted(files));
			this.#first = false;
		}
		const titles = paths.length > 1 || this.#style.recursive;
		for (const { path, ino } of this.#sorted(found.filter(opened))) {
			await this.#directory(path, titles, listing(path), this.#style.recursive ? [ino] : []);
		}
	}
}
