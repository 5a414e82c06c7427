/** The expressions of `find`: tests and actions, joined by `!`, `-a`, `-o`, `,` and parentheses. */

import { exists, open } from "helios:fs";
import { batchAction, commandWords, deleteAction, execAction, lsAction, printfAction } from "/usr/lib/find/actions.ts";
import { type Expression, type Follow, Quit, type RegexType, type Test } from "/usr/lib/find/node.ts";
import { TESTS } from "/usr/lib/find/tests.ts";
import { systemOf } from "/usr/lib/find/walk.ts";
import { Failure, failedWith, flush, print, quote, reason } from "/usr/lib/sh/cli.ts";
import { encode } from "/usr/lib/text/bytes.ts";

const PRINT: Test = async (node) => {
	await print(`${node.path}\n`);
	return true;
};
const PRUNE: Test = (node) => {
	node.pruned = true;
	return true;
};
const QUIT: Test = async () => {
	await flush();
	throw new Quit();
};
const ALWAYS: Test = () => true;

const SIMPLE: Record<string, Test> = { "-ls": lsAction, "-quit": QUIT };
/** Types of expressions by the names that `-regextype` takes. */
const REGEX_TYPES: Record<string, RegexType> = {
	"findutils-default": "emacs",
	emacs: "emacs",
	ed: "basic",
	egrep: "extended",
	grep: "basic",
	"posix-basic": "basic",
	"posix-egrep": "extended",
	"posix-extended": "extended",
	sed: "basic",
};
const REGEX_NAMES = Object.keys(REGEX_TYPES).map(quote).join(", ");
/** Output that waits before it goes to the file of `-fprint`, in UTF-16 units. */
const FILE_BUFFER_UNITS = 16_384;
const COMMANDS = ["-exec", "-execdir", "-ok", "-okdir"];

/** Whether a word begins the expression, so that no operand follows. */
export function beginsExpression(word: string): boolean {
	return (word.startsWith("-") && word.length > 1) || word === "(" || word === "!";
}

/** Reads an expression. */
export class ExpressionParser {
	readonly #words: readonly string[];
	#at = 0;
	/** Some action prints or changes something, so that nothing is printed by itself. */
	#acts = false;
	#dayStart = false;
	/** How the regular expressions of `-regex` are written, from where `-regextype` stands on. */
	#regexType: RegexType = "emacs";
	readonly #nowMs = Date.now();
	readonly #expression: Expression;
	#deletes = false;

	constructor(words: readonly string[], follow: Follow) {
		this.#words = words;
		this.#expression = {
			test: ALWAYS,
			looks: false,
			depthFirst: false,
			minDepth: 0,
			maxDepth: Number.POSITIVE_INFINITY,
			follow,
			oneSystem: false,
			finish: [],
		};
	}

	/** Reads all of it. */
	async parse(): Promise<Expression> {
		if (this.#words.length > 0) {
			const test = await this.#list();
			if (this.#peek() === ")") throw new Failure("you have too many ')'");
			this.#expression.test = test;
		}
		if (this.#deletes) this.#expression.depthFirst = true;
		const { test } = this.#expression;
		if (!this.#acts) this.#expression.test = async (node) => (await test(node)) && PRINT(node);
		return this.#expression;
	}

	#peek(): string | undefined {
		return this.#words[this.#at];
	}

	#accept(...words: string[]): boolean {
		if (!words.includes(this.#peek() ?? "\0")) return false;
		this.#at++;
		return true;
	}

	async #list(): Promise<Test> {
		let left = await this.#or();
		while (this.#accept(",")) {
			const [first, second] = [left, await this.#or()];
			left = async (node) => {
				await first(node);
				return second(node);
			};
		}
		return left;
	}

	async #or(): Promise<Test> {
		let left = await this.#and();
		while (this.#accept("-o", "-or")) {
			const [first, second] = [left, await this.#and()];
			left = async (node) => (await first(node)) || second(node);
		}
		return left;
	}

	async #and(): Promise<Test> {
		const tests = [await this.#not()];
		for (;;) {
			const joined = this.#accept("-a", "-and");
			const next = this.#peek();
			if (!joined && (next === undefined || next === ")" || next === "," || next === "-o" || next === "-or")) break;
			tests.push(await this.#not());
		}
		const [only] = tests;
		if (tests.length === 1 && only !== undefined) return only;
		return async (node) => {
			for (const test of tests) if (!(await test(node))) return false;
			return true;
		};
	}

	async #not(): Promise<Test> {
		const negation = this.#peek();
		if (this.#accept("!", "-not")) {
			if (this.#peek() === undefined) throw new Failure(`expected an expression after '${negation}'`);
			const test = await this.#not();
			return async (node) => !(await test(node));
		}
		if (this.#accept("(")) {
			if (this.#accept(")")) throw new Failure("invalid expression; empty parentheses are not allowed.");
			const test = await this.#list();
			if (!this.#accept(")"))
				throw new Failure("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
			return test;
		}
		return this.#primary();
	}

	#argument(name: string): string {
		const argument = this.#words[this.#at++];
		if (argument === undefined) throw new Failure(`missing argument to \`${name}'`);
		return argument;
	}

	#number(name: string): number {
		const text = this.#argument(name);
		if (!/^\d+$/.test(text))
			throw new Failure(`Expected a positive decimal integer argument to ${name}, but got '${text}'`);
		return Number(text);
	}

	/** Options, which are true wherever they stand. */
	#option(name: string): boolean {
		const expression = this.#expression;
		if (name === "-maxdepth") expression.maxDepth = this.#number(name);
		else if (name === "-mindepth") expression.minDepth = this.#number(name);
		else if (name === "-depth" || name === "-d") expression.depthFirst = true;
		else if (name === "-xdev" || name === "-mount") expression.oneSystem = true;
		else if (name === "-follow") expression.follow = "always";
		else if (name === "-daystart") this.#dayStart = true;
		else if (name === "-regextype") this.#regexType = this.#regexTypeOf(name);
		else return ["-warn", "-nowarn", "-noleaf", "-ignore_readdir_race", "-noignore_readdir_race"].includes(name);
		return true;
	}

	#regexTypeOf(name: string): RegexType {
		const type = this.#argument(name);
		const found = REGEX_TYPES[type];
		if (found === undefined || !Object.hasOwn(REGEX_TYPES, type))
			throw new Failure(`Unknown regular expression type ${quote(type)}; valid types are ${REGEX_NAMES}.`);
		return found;
	}

	async #primary(): Promise<Test> {
		const name = this.#words[this.#at++];
		if (name === undefined || name === ")" || name === "-o" || name === "-a" || name === ",")
			return this.#misplaced(name);
		if (!name.startsWith("-")) throw new Failure(`paths must precede expression: \`${name}'${await this.#hint(name)}`);
		if (this.#option(name)) return name === "-xdev" || name === "-mount" ? this.#sameSystem() : ALWAYS;
		const maker = TESTS.get(name);
		if (maker !== undefined) {
			const argument = maker.takes ? this.#argument(name) : "";
			this.#expression.looks ||= maker.looks;
			const { follow } = this.#expression;
			const making = { dayStart: this.#dayStart, nowMs: this.#nowMs, follow, regexType: this.#regexType };
			return maker.make({ name, argument, ...making });
		}
		return this.#action(name);
	}

	/** A file's name behind a pattern: the shell has put names in the pattern's place. */
	async #hint(name: string): Promise<string> {
		const before = this.#words[this.#at - 3] ?? "";
		const found = TESTS.get(before)?.takes === true && (await exists(name).catch(() => false));
		return found ? `\nfind: possible unquoted pattern after predicate \`${before}'?` : "";
	}

	#misplaced(name: string | undefined): never {
		const before = this.#words[this.#at - 2];
		if (name === undefined) throw new Failure(`expected an expression after '${before ?? ""}'`);
		if (name === ")" && before !== "(")
			throw new Failure(`${before === undefined ? "invalid expression; " : ""}you have too many ')'`);
		throw new Failure(`invalid expression; you have used a binary operator '${name}' with nothing before it.`);
	}

	/** `-xdev`: what is on another file system than its operand is not gone into. */
	#sameSystem(): Test {
		const systems = new Map<string, string>();
		return async (node) => {
			let own = systems.get(node.start);
			if (own === undefined) {
				own = await systemOf(node.start);
				systems.set(node.start, own);
			}
			if ((await systemOf(node.path).catch(() => own)) !== own) node.pruned = true;
			return true;
		};
	}

	/** `-printf FORMAT`, and `-fprint FILE` with its kind, which write to a file. */
	async #print(name: string): Promise<Test> {
		this.#acts = true;
		const write = name.startsWith("-f") ? await this.#file(this.#argument(name)) : print;
		if (!name.endsWith("f")) {
			const end = name.endsWith("0") ? "\0" : "\n";
			return async (node) => {
				await write(node.path + end);
				return true;
			};
		}
		const format = this.#argument(name);
		this.#expression.looks ||= /%[-+ #0-9.]*[sbkmMuUgGintcATC]/.test(format);
		return printfAction(format, write);
	}

	/** Empties a file that an action writes to; what is written goes out at the end at the latest. */
	async #file(path: string): Promise<(text: string) => Promise<void>> {
		const file = await open(path, "w").catch((error: unknown) => {
			throw failedWith(error) ? new Failure(`${quote(path)}: ${reason(error)}`) : error;
		});
		let waiting: string[] = [];
		let units = 0;
		const settle = async (): Promise<void> => {
			await file.write(encode(waiting.join("")));
			waiting = [];
			units = 0;
		};
		this.#expression.finish.push(async () => {
			await settle();
			await file.close();
		});
		return async (text) => {
			waiting.push(text);
			units += text.length;
			if (units >= FILE_BUFFER_UNITS) await settle();
		};
	}

	#action(name: string): Test | Promise<Test> {
		if (name === "-prune") return PRUNE;
		if (Object.hasOwn(SIMPLE, name)) {
			if (name !== "-quit") this.#acts = true;
			this.#expression.looks ||= name === "-ls";
			return SIMPLE[name] as Test;
		}
		if (/^-f?print(?:f|0)?$/.test(name)) return this.#print(name);
		if (name === "-delete") {
			this.#acts = true;
			this.#deletes = true;
			this.#expression.finish.push(async () => undefined);
			return deleteAction;
		}
		if (COMMANDS.includes(name)) return this.#command(name);
		throw new Failure(`unknown predicate \`${name}'`);
	}

	#command(name: string): Test {
		this.#acts = true;
		const [command, taken, batch] = commandWords(name, this.#words.slice(this.#at));
		this.#at += taken;
		const inDirectory = name.endsWith("dir");
		if (!batch) {
			this.#expression.finish.push(async () => undefined);
			return execAction(command, inDirectory, name.startsWith("-ok"));
		}
		const [test, finish] = batchAction(command, inDirectory);
		this.#expression.finish.push(finish);
		return test;
	}
}
