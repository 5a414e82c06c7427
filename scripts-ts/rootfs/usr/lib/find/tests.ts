/** The tests of `find` that look at a file: size, times, permissions, owner. */

import { isDirectory, isFile, isSymlink, lstat, MODE, readdir, readlink, stat } from "helios:fs";
import { info } from "helios:process";
import { parseDate } from "/usr/lib/dates/parse.ts";
import { parseMode } from "/usr/lib/files/modes.ts";
import { groupNumber, permits, userNumber } from "/usr/lib/files/owners.ts";
import { patternTest } from "/usr/lib/files/pattern.ts";
import type { Follow, RegexType, Test } from "/usr/lib/find/node.ts";
import { Failure, failedWith, quote, reason } from "/usr/lib/sh/cli.ts";
import { PatternError, toRegExp, translate } from "/usr/lib/text/regex.ts";
import { groups, users } from "/usr/lib/users/accounts.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const TYPES: Record<string, number> = {
	f: MODE.FILE,
	d: MODE.DIR,
	l: MODE.SYMLINK,
	c: MODE.DEVICE,
	p: MODE.FIFO,
	s: MODE.SOCKET,
};
const UNITS: Record<string, number> = { "": 512, b: 512, c: 1, w: 2, k: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** What a test is made from: its argument, and what came before it in the expression. */
export interface Making {
	name: string;
	argument: string;
	/** Ages count from the end of today. */
	dayStart: boolean;
	/** When links are followed. */
	follow: Follow;
	/** How the regular expressions of `-regex` are written. */
	regexType: RegexType;
	nowMs: number;
}

/** A number with a sign: `+5` more than five, `-5` less. */
export interface Bound {
	sign: string;
	number: number;
}

export function boundOf(text: string, name: string, fraction = false): Bound {
	const match = (fraction ? /^([-+]?)(\d+(?:\.\d*)?|\.\d+)$/ : /^([-+]?)(\d+)$/).exec(text);
	if (match === null) throw new Failure(`invalid argument \`${text}' to \`${name}'`);
	return { sign: match[1] ?? "", number: Number(match[2]) };
}

function within({ sign, number }: Bound, value: number): boolean {
	return sign === "+" ? value > number : sign === "-" ? value < number : value === number;
}

function typeTest({ argument, name }: Making): Test {
	const letters = argument.split(",");
	for (const letter of letters) {
		if (letter.length > 1) throw new Failure(`Must separate multiple arguments to ${name} using: ','`);
		if (letter !== "" && !Object.hasOwn(TYPES, letter) && letter !== "b")
			throw new Failure(`Unknown argument to ${name}: ${letter}`);
		if (letter === "")
			throw new Failure(
				argument === ""
					? `Arguments to ${name} should contain at least one letter`
					: `Last file type in list argument to ${name} is missing, i.e., list is ending on: ','`,
			);
	}
	const types = letters.map((letter) => TYPES[letter]);
	return async (node) => types.includes(await (name === "-xtype" ? node.otherType() : node.type()));
}

function sizeTest({ argument }: Making): Test {
	if (!/[bcwkMG\d]$/.test(argument)) throw new Failure(`invalid -size type \`${argument.slice(-1)}'`);
	const [, number = "", unit = ""] = /^([-+]?\d+)([bcwkMG]?)$/.exec(argument) ?? [];
	if (number === "") throw new Failure(`Invalid argument \`${argument}' to -size`);
	const bound = boundOf(number, "-size");
	const bytes = UNITS[unit] ?? 512;
	return async (node) => within(bound, Math.ceil((await node.about()).size / bytes));
}

/** Tests of age: `-mtime` in days that are over, `-mmin` in minutes. */
function ageTest({ name, argument, nowMs, dayStart }: Making): Test {
	const { sign, number } = boundOf(argument, name, true);
	const unit = name.endsWith("min") ? MINUTE_MS : DAY_MS;
	const changed = name.startsWith("-c");
	const origin = dayStart ? nowMs - (nowMs % DAY_MS) + DAY_MS : nowMs;
	// A day counts when it is over, a minute when it has begun.
	const over = unit === DAY_MS ? 1 : 0;
	return async (node) => {
		const about = await node.about();
		const age = origin - (changed ? about.ctimeMs : about.mtimeMs);
		if (sign === "-") return age < number * unit;
		if (sign === "+") return over === 1 ? age >= (number + 1) * unit : age > number * unit;
		return over === 1
			? age >= number * unit && age < (number + 1) * unit
			: age < number * unit && age >= (number - 1) * unit;
	};
}

async function newerTest({ name, argument, nowMs }: Making): Promise<Test> {
	const [own, other] =
		name === "-newer" ? ["m", "m"] : name === "-cnewer" ? ["c", "m"] : [name.charAt(6), name.charAt(7)];
	let time: number | undefined;
	if (other === "t") {
		time = parseDate(argument, nowMs);
		if (time === undefined)
			throw new Failure(`I cannot figure out how to interpret ${quote(argument)} as a date or time`);
	} else {
		const about = await stat(argument).catch((error: unknown) => {
			if (!failedWith(error)) throw error;
			throw new Failure(`${quote(argument)}: ${reason(error)}`);
		});
		time = other === "c" ? about.ctimeMs : about.mtimeMs;
	}
	const limit = time;
	return async (node) => {
		const about = await node.about();
		return (own === "c" ? about.ctimeMs : about.mtimeMs) > limit;
	};
}

function permTest({ argument }: Making): Test {
	const [kind, text] = /^[-/]/.test(argument) ? [argument.charAt(0), argument.slice(1)] : ["", argument];
	const change = parseMode(text);
	if (change === undefined) throw new Failure(`invalid mode ${quote(argument)}`);
	const wanted = change(0, false, 0);
	return async (node) => {
		const bits = (await node.about()).mode & MODE.PERMS;
		if (kind === "-") return (bits & wanted) === wanted;
		return kind === "/" ? wanted === 0 || (bits & wanted) !== 0 : bits === wanted;
	};
}

async function ownerTest({ name, argument }: Making): Promise<Test> {
	const [byUser, numbers] = [/user|uid/.test(name), name.endsWith("id")];
	if (numbers) {
		const bound = boundOf(argument, name);
		return async (node) => within(bound, byUser ? (await node.about()).uid : (await node.about()).gid);
	}
	const number = await (byUser ? userNumber(argument) : groupNumber(argument));
	if (number === undefined)
		throw new Failure(
			byUser
				? `${quote(argument)} is not the name of a known user`
				: `${quote(argument)} is not the name of an existing group`,
		);
	return async (node) => (byUser ? (await node.about()).uid : (await node.about()).gid) === number;
}

async function nobodyTest({ name }: Making): Promise<Test> {
	const known = name === "-nouser" ? (await users()).map(({ uid }) => uid) : (await groups()).map(({ gid }) => gid);
	return async (node) => !known.includes(name === "-nouser" ? (await node.about()).uid : (await node.about()).gid);
}

const emptyTest: Test = async (node) => {
	const about = await node.about();
	if (isFile(about)) return about.size === 0;
	return isDirectory(about) && (await readdir(node.path)).length === 0;
};

async function accessTest({ name }: Making): Promise<Test> {
	const may = permits(await info(), name === "-readable" ? 4 : name === "-writable" ? 2 : 1);
	return async (node) => may(await stat(node.path).catch(() => node.about()));
}

async function sameTest({ argument, follow }: Making): Promise<Test> {
	const about = await (follow === "never" ? lstat(argument) : stat(argument)).catch((error: unknown) => {
		if (!failedWith(error)) throw error;
		throw new Failure(`${quote(argument)}: ${reason(error)}`);
	});
	return async (node) => (await node.about()).ino === about.ino;
}

async function linkTest({ name, argument }: Making): Promise<Test> {
	const matches = patternTest(argument, name === "-ilname");
	return async (node) => isSymlink({ mode: await node.type() }) && matches(await readlink(node.path));
}

function nameTest({ name, argument }: Making): Test {
	const fold = name.startsWith("-i");
	const matches = patternTest(argument, fold);
	if (name.endsWith("path") || name.endsWith("wholename")) return (node) => matches(node.path);
	return (node) => matches(node.name);
}

/** An expression in the style of Emacs, where `+` and `?` are operators without a backslash, as a basic one. */
function basicOfEmacs(pattern: string): string {
	return pattern.replace(/\\[\s\S]|\[\^?\]?[^\]]*\]|[+?]/g, (part) =>
		part === "+" || part === "?" ? `\\${part}` : part === "\\+" || part === "\\?" ? part.slice(1) : part,
	);
}

/** `-regex`: the whole path has to match. */
function regexTest({ name, argument, regexType }: Making): Test {
	try {
		const pattern = regexType === "emacs" ? basicOfEmacs(argument) : argument;
		const { source } = translate(pattern, { extended: regexType === "extended" });
		const expression = toRegExp(`^(?:${source})$`, name === "-iregex" ? "i" : "");
		return (node) => expression.test(node.path);
	} catch (error) {
		if (!(error instanceof PatternError)) throw error;
		throw new Failure(`failed to compile regular expression '${argument}': ${error.message}`);
	}
}

function countTest({ name, argument }: Making): Test {
	const bound = boundOf(argument, name);
	return async (node) => within(bound, name === "-links" ? (await node.about()).nlink : (await node.about()).ino);
}

/** A test, whether it takes an argument, and whether it looks further than name and type. */
type Maker = { takes: boolean; looks: boolean; make: (making: Making) => Test | Promise<Test> };

function makers(names: string, takes: boolean, looks: boolean, make: Maker["make"]): [string, Maker][] {
	return names.split(" ").map((name) => [`-${name}`, { takes, looks, make }]);
}

/** Every test by its name. */
export const TESTS: ReadonlyMap<string, Maker> = new Map([
	...makers("name iname path ipath wholename iwholename", true, false, nameTest),
	...makers("regex iregex", true, false, regexTest),
	...makers("lname ilname", true, false, linkTest),
	...makers("type xtype", true, false, typeTest),
	...makers("size", true, true, sizeTest),
	...makers("mtime mmin ctime cmin", true, true, ageTest),
	...makers("newer cnewer newermt newerct newermm newercm newermc newercc", true, true, newerTest),
	...makers("perm", true, true, permTest),
	...makers("user group uid gid", true, true, ownerTest),
	...makers("nouser nogroup", false, true, nobodyTest),
	...makers("links inum", true, true, countTest),
	...makers("samefile", true, true, sameTest),
	...makers("empty", false, true, () => emptyTest),
	...makers("readable writable executable", false, true, accessTest),
	...makers("true", false, false, () => () => true),
	...makers("false", false, false, () => () => false),
]);
