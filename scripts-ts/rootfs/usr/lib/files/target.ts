/** Where the operands of `cp`, `mv` and `ln` go. */

import { isDirectory } from "helios:fs";
import { look } from "/usr/lib/files/look.ts";
import { basename, Failure, fail, failedWith, type Given, join, quote, reason, UsageError } from "/usr/lib/sh/cli.ts";

/** One thing to do: from where, to where. */
export type Pair = readonly [from: string, to: string];

/** Checks that there are as many operands as it takes; `-t` and `-T` need fewer and no more. */
export function checkOperands(given: Given): void {
	const { operands } = given;
	const [first, second, third] = operands;
	const [into, exact] = [given.has("t"), given.has("T")];
	if (first === undefined) throw new UsageError("missing file operand");
	if (into && exact) throw new Failure("cannot combine --target-directory (-t) and --no-target-directory (-T)");
	if (second === undefined && !into) throw new UsageError(`missing destination file operand after ${quote(first)}`);
	if (exact && third !== undefined) throw new UsageError(`extra operand ${quote(third)}`);
}

/** The directory that is named as a target, or why it is none. */
async function checkDirectory(path: string, what: string, style: TargetStyle): Promise<boolean> {
	try {
		const there = await look(path, true);
		if (there !== undefined && isDirectory(there)) return true;
		if (there !== undefined && what === style.complaint) await fail(`target ${quote(path)} is not a directory`);
		else await fail(`${what} ${quote(path)}: ${there === undefined ? "No such file or directory" : "Not a directory"}`);
	} catch (error) {
		if (!failedWith(error)) throw error;
		await fail(`${what} ${quote(path)}: ${reason(error)}`);
	}
	return false;
}

/** Whether links that lead to directories count as such: `ln -n` says no. */
export interface TargetStyle {
	follow: boolean;
	/** What is said of a named directory that cannot be looked at. */
	complaint?: string;
	/** What is left of a source below the directory; by default its last component. */
	keep?: (source: string) => string;
}

/**
 * Where each source goes: into the last operand, or that of `-t`, if it is a directory; else to that very name.
 *
 * `null` after a mistake, which has been said.
 */
export async function destinations(given: Given, style: TargetStyle = { follow: true }): Promise<Pair[] | null> {
	checkOperands(given);
	const named = given.value("t");
	const target = named ?? (given.operands.at(-1) as string);
	const sources = named === undefined ? given.operands.slice(0, -1) : given.operands;
	const keep = style.keep ?? basename;
	if (named !== undefined) {
		if (!(await checkDirectory(named, style.complaint ?? "target directory", style))) return null;
		return sources.map((source) => [source, join(named, keep(source))]);
	}
	if (given.has("T")) return [[sources[0] as string, target]];
	if (sources.length > 1 && !(await checkDirectory(target, "target", style))) return null;
	const there = await look(target, style.follow || target.endsWith("/")).catch(() => undefined);
	const into = there !== undefined && isDirectory(there);
	return sources.map((source) => [source, into ? join(target, keep(source)) : target]);
}
