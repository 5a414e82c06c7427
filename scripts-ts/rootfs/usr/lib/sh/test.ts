/** Evaluates the expressions of `test` and `[`. */

import { isDevice, isDirectory, isFifo, isFile, isSymlink, lstat, MODE, type Stat, stat } from "helios:fs";
import { info } from "helios:process";
import { isatty } from "helios:tty";
import { type Co, wait } from "/usr/lib/sh/co.ts";

/** What an expression may ask about besides files. */
export interface TestScope {
	/** An absolute path. */
	resolve(path: string): string;
	/** The process's descriptor, if it is open. */
	descriptor(fd: number): number | undefined;
	/** Whether a variable is set, and an option. */
	isSet(name: string): boolean;
	hasOption(name: string): boolean;
	/** Whether a variable stands for another one. */
	isReference(name: string): boolean;
}

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
	"-a": () => true,
	"-b": () => false,
	"-c": isDevice,
	"-d": isDirectory,
	"-e": () => true,
	"-f": isFile,
	"-g": (about) => (about.mode & MODE.SETGID) !== 0,
	"-G": async (about) => about.gid === (await info()).egid,
	"-h": isSymlink,
	"-k": (about) => (about.mode & MODE.STICKY) !== 0,
	"-L": isSymlink,
	"-N": () => true,
	"-O": async (about) => about.uid === (await info()).euid,
	"-p": isFifo,
	"-r": (about) => may(about, 4),
	"-s": (about) => about.size > 0,
	"-S": (about) => (about.mode & MODE.TYPE) === MODE.SOCKET,
	"-u": (about) => (about.mode & MODE.SETUID) !== 0,
	"-w": (about) => may(about, 2),
	"-x": (about) => may(about, 1),
};
const OTHER_UNARY = new Set(["-n", "-z", "-t", "-v", "-o", "-R"]);

const NUMBERS: Record<string, (a: bigint, b: bigint) => boolean> = {
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

function isUnary(word: string): boolean {
	return Object.hasOwn(FILES, word) || OTHER_UNARY.has(word);
}

function isBinary(word: string): boolean {
	return (
		Object.hasOwn(TEXTS, word) || Object.hasOwn(NUMBERS, word) || word === "-nt" || word === "-ot" || word === "-ef"
	);
}

function toNumber(text: string): bigint {
	const trimmed = text.trim();
	if (!/^[-+]?\d+$/.test(trimmed)) throw new TestError(`${text}: integer expression expected`);
	return trimmed.startsWith("-") ? -BigInt(trimmed.slice(1)) : BigInt(trimmed.replace("+", ""));
}

function* look(path: string, link: boolean, scope: TestScope): Co<Stat | undefined> {
	if (path === "") return undefined;
	const full = scope.resolve(path);
	return yield* wait((link ? lstat(full) : stat(full)).catch(() => undefined));
}

/** Whether what an operator says of a text is true. */
export function* unary(operator: string, text: string, scope: TestScope): Co<boolean> {
	switch (operator) {
		case "-n":
			return text !== "";
		case "-z":
			return text === "";
		case "-v":
			return scope.isSet(text);
		case "-o":
			return scope.hasOption(text);
		case "-R":
			return scope.isReference(text);
		case "-t": {
			const fd = scope.descriptor(Number(toNumber(text)));
			return fd !== undefined && (yield* wait(isatty(fd)));
		}
		default: {
			const about = yield* look(text, operator === "-L" || operator === "-h", scope);
			const holds = about === undefined ? false : (FILES[operator] as Predicate)(about);
			return typeof holds === "boolean" ? holds : yield* wait(holds);
		}
	}
}

/** Compares two files: `-nt`, `-ot`, `-ef`. */
export function* compareFiles(left: string, operator: string, right: string, scope: TestScope): Co<boolean> {
	const one = yield* look(left, false, scope);
	const two = yield* look(right, false, scope);
	if (operator === "-ef") return one !== undefined && one.ino === two?.ino;
	const [newer, older] = operator === "-nt" ? [one, two] : [two, one];
	return newer !== undefined && (older === undefined || newer.mtimeMs > older.mtimeMs);
}

function* binary(left: string, operator: string, right: string, scope: TestScope): Co<boolean> {
	const text = TEXTS[operator];
	if (text !== undefined) return text(left, right);
	const number = NUMBERS[operator];
	if (number !== undefined) return number(toNumber(left), toNumber(right));
	return yield* compareFiles(left, operator, right, scope);
}

/** A parser by recursive descent: or, and, not, primary. POSIX has it only beyond four words. */
class Expression {
	readonly #words: readonly string[];
	readonly #scope: TestScope;
	#at = 0;

	constructor(words: readonly string[], scope: TestScope) {
		this.#words = words;
		this.#scope = scope;
	}

	*value(): Co<boolean> {
		const value = yield* this.#or();
		if (this.#at < this.#words.length) throw new TestError("too many arguments");
		return value;
	}

	*#or(): Co<boolean> {
		let value = yield* this.#and();
		while (this.#words[this.#at] === "-o") {
			this.#at++;
			value = (yield* this.#and()) || value;
		}
		return value;
	}

	*#and(): Co<boolean> {
		let value = yield* this.#not();
		while (this.#words[this.#at] === "-a") {
			this.#at++;
			value = (yield* this.#not()) && value;
		}
		return value;
	}

	*#not(): Co<boolean> {
		if (this.#words[this.#at] !== "!") return yield* this.#primary();
		this.#at++;
		return !(yield* this.#not());
	}

	*#primary(): Co<boolean> {
		const first = this.#words[this.#at++];
		if (first === undefined) throw new TestError("argument expected");
		const operator = this.#words[this.#at];
		const right = this.#words[this.#at + 1];
		if (operator !== undefined && right !== undefined && isBinary(operator)) {
			this.#at += 2;
			return yield* binary(first, operator, right, this.#scope);
		}
		if (first === "(") {
			const value = yield* this.#or();
			if (this.#words[this.#at++] !== ")") throw new TestError("`)' expected");
			return value;
		}
		if (operator === undefined || !isUnary(first)) return first !== "";
		this.#at++;
		return yield* unary(first, operator, this.#scope);
	}
}

/** Whether the first `count` words are true, where that is quickly said: texts, and numbers in their usual form. */
export function quickly(words: readonly string[], count: number): boolean | undefined {
	if (count === 1) return words[0] !== "";
	if (count === 2) return words[0] === "-n" ? words[1] !== "" : words[0] === "-z" ? words[1] === "" : undefined;
	if (count !== 3) return undefined;
	const [left, operator, right] = words as [string, string, string];
	if (operator === "=" || operator === "==") return left === right;
	if (operator === "!=") return left !== right;
	const [a, b] = [Number(left), Number(right)];
	if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b) || String(a) !== left || String(b) !== right)
		return undefined;
	switch (operator) {
		case "-eq":
			return a === b;
		case "-ne":
			return a !== b;
		case "-lt":
			return a < b;
		case "-le":
			return a <= b;
		case "-gt":
			return a > b;
		case "-ge":
			return a >= b;
		default:
			return undefined;
	}
}

/** Whether an expression is true. POSIX says what up to four words mean by their number. */
export function* evaluate(words: readonly string[], scope: TestScope): Co<boolean> {
	const [a = "", b = "", c = ""] = words;
	switch (words.length) {
		case 0:
			return false;
		case 1:
			return a !== "";
		case 2:
			if (a === "!") return b === "";
			if (isUnary(a)) return yield* unary(a, b, scope);
			throw new TestError(`${a}: unary operator expected`);
		case 3:
			if (isBinary(b)) return yield* binary(a, b, c, scope);
			if (b === "-a") return a !== "" && c !== "";
			if (b === "-o") return a !== "" || c !== "";
			if (a === "!") return !(yield* evaluate([b, c], scope));
			if (a === "(" && c === ")") return b !== "";
			throw new TestError(`${b}: binary operator expected`);
		case 4:
			if (a === "!") return !(yield* evaluate(words.slice(1), scope));
			if (a === "(" && words[3] === ")") return yield* evaluate([b, c], scope);
			return yield* new Expression(words, scope).value();
		default:
			return yield* new Expression(words, scope).value();
	}
}
