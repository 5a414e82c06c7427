/** `test` and `[`. */

import { isDevice, isDirectory, isFifo, isFile, isSymlink, lstat, type Stat, stat } from "helios:fs";
import { info } from "helios:process";
import { isatty } from "helios:tty";
import type { Shell } from "/usr/lib/sh/shell.ts";

/** An expression that is none. */
export class TestError extends Error {}

type Predicate = (about: Stat) => boolean | Promise<boolean>;

/** Whether this process may read (4), write (2) or execute (1) a file, by its permission bits. */
async function may(about: Stat, bit: number): Promise<boolean> {
	const { euid, egid, groups } = await info();
	if (euid === 0) return bit !== 1 || isDirectory(about) || (about.mode & 0o111) !== 0;
	const shift = about.uid === euid ? 6 : about.gid === egid || groups.includes(about.gid) ? 3 : 0;
	return ((about.mode >>> shift) & bit) !== 0;
}

const FILES: Record<string, Predicate> = {
	"-e": () => true,
	"-f": isFile,
	"-d": isDirectory,
	"-c": isDevice,
	"-p": isFifo,
	"-s": (about) => about.size > 0,
	"-u": (about) => (about.mode & 0o4000) !== 0,
	"-g": (about) => (about.mode & 0o2000) !== 0,
	"-r": (about) => may(about, 4),
	"-w": (about) => may(about, 2),
	"-x": (about) => may(about, 1),
	"-L": isSymlink,
	"-h": isSymlink,
};

const NUMBERS: Record<string, (a: number, b: number) => boolean> = {
	"-eq": (a, b) => a === b,
	"-ne": (a, b) => a !== b,
	"-lt": (a, b) => a < b,
	"-le": (a, b) => a <= b,
	"-gt": (a, b) => a > b,
	"-ge": (a, b) => a >= b,
};

const TEXTS: Record<string, (a: string, b: string) => boolean> = {
	"=": (a, b) => a === b,
	"==": (a, b) => a === b,
	"!=": (a, b) => a !== b,
	"<": (a, b) => a < b,
	">": (a, b) => a > b,
};

function toNumber(text: string): number {
	if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError(`${text}: bad number`);
	return Number(text);
}

/** A parser by recursive descent: or, and, not, primary. */
class Expression {
	readonly #words: readonly string[];
	readonly #shell: Shell;
	#at = 0;

	constructor(words: readonly string[], shell: Shell) {
		this.#words = words;
		this.#shell = shell;
	}

	async value(): Promise<boolean> {
		const value = await this.#or();
		const extra = this.#words[this.#at];
		if (extra !== undefined) throw new TestError(`${extra}: unexpected operator`);
		return value;
	}

	async #or(): Promise<boolean> {
		let value = await this.#and();
		while (this.#words[this.#at] === "-o") {
			this.#at++;
			value = (await this.#and()) || value;
		}
		return value;
	}

	async #and(): Promise<boolean> {
		let value = await this.#not();
		while (this.#words[this.#at] === "-a") {
			this.#at++;
			value = (await this.#not()) && value;
		}
		return value;
	}

	async #not(): Promise<boolean> {
		const left = this.#words.length - this.#at;
		if (this.#words[this.#at] !== "!" || left < 2 || (left >= 3 && this.#isBinary(this.#at + 1)))
			return this.#primary();
		this.#at++;
		return !(await this.#not());
	}

	#isBinary(at: number): boolean {
		const word = this.#words[at] ?? "";
		const known = Object.hasOwn(TEXTS, word) || Object.hasOwn(NUMBERS, word) || /^-(nt|ot|ef)$/.test(word);
		return known && at + 1 < this.#words.length;
	}

	async #primary(): Promise<boolean> {
		const first = this.#words[this.#at++];
		if (first === undefined) throw new TestError("argument expected");
		if (this.#isBinary(this.#at)) {
			const operator = this.#words[this.#at++] as string;
			return this.#binary(first, operator, this.#words[this.#at++] as string);
		}
		if (first === "(" && this.#words.length > this.#at) {
			const value = await this.#or();
			if (this.#words[this.#at++] !== ")") throw new TestError("closing paren expected");
			return value;
		}
		const operand = this.#words[this.#at];
		if (operand === undefined || !(Object.hasOwn(FILES, first) || /^-[nzt]$/.test(first))) return first !== "";
		this.#at++;
		if (first === "-n") return operand !== "";
		if (first === "-z") return operand === "";
		if (first === "-t") {
			const fd = this.#shell.fds.get(toNumber(operand));
			return fd !== undefined && isatty(fd);
		}
		const about = await this.#look(operand, first === "-L" || first === "-h");
		return about !== undefined && (FILES[first] as Predicate)(about);
	}

	async #look(path: string, link = false): Promise<Stat | undefined> {
		if (path === "") return undefined;
		const full = this.#shell.resolve(path);
		return (link ? lstat(full) : stat(full)).catch(() => undefined);
	}

	async #binary(left: string, operator: string, right: string): Promise<boolean> {
		const text = TEXTS[operator];
		if (text !== undefined) return text(left, right);
		const number = NUMBERS[operator];
		if (number !== undefined) return number(toNumber(left), toNumber(right));
		const [one, two] = [await this.#look(left), await this.#look(right)];
		if (operator === "-ef") return one !== undefined && one.ino === two?.ino;
		const [newer, older] = operator === "-nt" ? [one, two] : [two, one];
		return newer !== undefined && (older === undefined || newer.mtimeMs > older.mtimeMs);
	}
}

/** Whether an expression is true. No words are false. */
export function evaluate(words: readonly string[], shell: Shell): Promise<boolean> {
	return words.length === 0 ? Promise.resolve(false) : new Expression(words, shell).value();
}
