/** Reads patches: unified and normal differences, with whatever text stands around them. */

/** A hunk: lines that shall be there, and what they become. */
export interface Hunk {
	/** Where it begins in the old and in the new file, counted from 1. */
	oldStart: number;
	newStart: number;
	/** Lines, each with ` `, `-` or `+` before it. */
	lines: string[];
	/** The last line of the old and of the new side has no newline. */
	oldOpen: boolean;
	newOpen: boolean;
	normal: boolean;
}

/** What a patch does to one file. */
export interface FilePatch {
	/** The lines before its first hunk, the header among them. */
	lead: string[];
	oldName: string | undefined;
	newName: string | undefined;
	/** The name of an `Index:` line. */
	indexName: string | undefined;
	hunks: Hunk[];
}

/** A patch that breaks off or makes no sense; the line is counted from 1. */
export class MalformedPatch extends Error {}

function nameOf(header: string): string {
	const name = header.slice(4).split("\t")[0] as string;
	return name.trimEnd();
}

const UNIFIED = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
const NORMAL = /^(\d+)(?:,(\d+))?([acd])(\d+)(?:,(\d+))?$/;

/** Goes through the lines of a patch. */
class Reader {
	readonly #lines: readonly string[];
	#at = 0;

	constructor(lines: readonly string[]) {
		this.#lines = lines;
	}

	parse(): FilePatch[] {
		const patches: FilePatch[] = [];
		let lead: string[] = [];
		let index: string | undefined;
		const begin = (oldName: string | undefined, newName: string | undefined): FilePatch => {
			const patch = { lead, oldName, newName, indexName: index, hunks: [] };
			lead = [];
			index = undefined;
			patches.push(patch);
			return patch;
		};
		let current: FilePatch | undefined;
		for (; this.#at < this.#lines.length; ) {
			const line = this.#lines[this.#at] as string;
			const next = this.#lines[this.#at + 1] ?? "";
			if (line.startsWith("--- ") && next.startsWith("+++ ")) {
				lead.push(line, next);
				this.#at += 2;
				current = begin(nameOf(line), nameOf(next));
			} else if (UNIFIED.test(line) && current !== undefined && lead.length === 0) current.hunks.push(this.#unified());
			else if (UNIFIED.test(line)) {
				current = begin(undefined, undefined);
				current.hunks.push(this.#unified());
			} else if (NORMAL.test(line) && /^[<>]/.test(next)) {
				if (current === undefined || lead.length > 0 || current.hunks[0]?.normal === false)
					current = begin(undefined, undefined);
				current.hunks.push(this.#normal());
			} else {
				if (line.startsWith("Index: ")) index = line.slice(7).trim();
				lead.push(line);
				this.#at++;
			}
		}
		return patches.filter(({ hunks }) => hunks.length > 0);
	}

	#malformed(): never {
		throw new MalformedPatch(`malformed patch at line ${this.#at + 1}: ${this.#lines[this.#at] ?? ""}`);
	}

	#unified(): Hunk {
		const match = UNIFIED.exec(this.#lines[this.#at++] as string) as RegExpExecArray;
		const hunk: Hunk = {
			oldStart: Number(match[1]),
			newStart: Number(match[3]),
			lines: [],
			oldOpen: false,
			newOpen: false,
			normal: false,
		};
		let [oldLeft, newLeft] = [Number(match[2] ?? 1), Number(match[4] ?? 1)];
		while (oldLeft > 0 || newLeft > 0 || (this.#lines[this.#at] ?? "").startsWith("\\")) {
			const line = this.#lines[this.#at];
			if (line === undefined) {
				if (oldLeft > 0 || newLeft > 0)
					throw new MalformedPatch(`malformed patch at line ${this.#at}: ${this.#lines[this.#at - 1]}`);
				break;
			}
			const mark = line === "" ? " " : line.charAt(0);
			if (mark === "\\") {
				const last = hunk.lines.at(-1)?.charAt(0);
				if (last !== "+") hunk.oldOpen = true;
				if (last !== "-") hunk.newOpen = true;
			} else if (mark === " " || mark === "-" || mark === "+") {
				hunk.lines.push(line === "" ? " " : line);
				if (mark !== "+") oldLeft--;
				if (mark !== "-") newLeft--;
				if (oldLeft < 0 || newLeft < 0) this.#malformed();
			} else this.#malformed();
			this.#at++;
		}
		return hunk;
	}

	#taken(mark: string, count: number, sign: string, hunk: Hunk): boolean {
		for (let index = 0; index < count; index++) {
			const line = this.#lines[this.#at] ?? "";
			if (!line.startsWith(mark)) this.#malformed();
			hunk.lines.push(sign + line.slice(2));
			this.#at++;
		}
		if (!(this.#lines[this.#at] ?? "").startsWith("\\")) return false;
		this.#at++;
		return true;
	}

	#normal(): Hunk {
		const match = NORMAL.exec(this.#lines[this.#at++] as string) as RegExpExecArray;
		const [from, to, kind, newFrom, newTo] = match.slice(1) as [string, string?, string?, string?, string?];
		const removed = kind === "a" ? 0 : Number(to ?? from) - Number(from) + 1;
		const added = kind === "d" ? 0 : Number(newTo ?? newFrom) - Number(newFrom) + 1;
		const hunk: Hunk = {
			oldStart: Number(from),
			newStart: Number(newFrom),
			lines: [],
			oldOpen: false,
			newOpen: false,
			normal: true,
		};
		hunk.oldOpen = this.#taken("<", removed, "-", hunk);
		if (kind === "c") {
			if (!(this.#lines[this.#at] ?? "").startsWith("---")) this.#malformed();
			this.#at++;
		}
		hunk.newOpen = this.#taken(">", added, "+", hunk);
		return hunk;
	}
}

/** The files that a patch changes. @throws {MalformedPatch} */
export function parsePatch(lines: readonly string[]): FilePatch[] {
	return new Reader(lines).parse();
}

/** The hunk that undoes a hunk. */
export function reversed(hunk: Hunk): Hunk {
	const turned = hunk.lines.map(
		(line) => (line.startsWith("-") ? "+" : line.startsWith("+") ? "-" : " ") + line.slice(1),
	);
	// Within a run of changes, what goes stands before what comes.
	const lines: string[] = [];
	const added: string[] = [];
	for (const line of turned) {
		if (line.startsWith("+")) added.push(line);
		else {
			if (line.startsWith(" ")) lines.push(...added.splice(0));
			lines.push(line);
		}
	}
	lines.push(...added);
	return {
		...hunk,
		oldStart: hunk.newStart,
		newStart: hunk.oldStart,
		lines,
		oldOpen: hunk.newOpen,
		newOpen: hunk.oldOpen,
	};
}
