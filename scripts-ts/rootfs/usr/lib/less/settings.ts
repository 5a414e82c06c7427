/** What a pager was asked for: options, and commands to begin with. */

import type { CaseRule } from "/usr/lib/less/pattern.ts";
import type { ViewOptions } from "/usr/lib/less/view.ts";
import type { Given, Options } from "/usr/lib/sh/cli.ts";
import { UsageError } from "/usr/lib/sh/cli.ts";

/** Options of `less`. */
export const OPTIONS: Options = {
	e: ["quit-at-eof", "end when the end is reached a second time"],
	E: ["QUIT-AT-EOF", "end when the end is reached"],
	F: ["quit-if-one-screen", "print and end where everything fits on one screen"],
	i: ["ignore-case", "searches take small letters for capitals too"],
	I: ["IGNORE-CASE", "searches take no notice of case at all"],
	n: ["line-numbers", "do not count lines"],
	N: ["LINE-NUMBERS", "show the number of each line"],
	p: ["pattern", "begin at the first line that holds PATTERN", "PATTERN"],
	r: ["raw-control-chars", "as -R"],
	R: ["RAW-CONTROL-CHARS", "let colour sequences colour"],
	s: ["squeeze-blank-lines", "show several empty lines as one"],
	S: ["chop-long-lines", "cut long lines instead of going on in the next row"],
	x: ["tabs", "tab stops every NUM columns", "NUM"],
	X: ["no-init", "leave what is shown on the screen at the end"],
};

/** How a pager behaves. */
export interface Settings {
	view: ViewOptions;
	caseRule: CaseRule;
	quitAtEnd: "no" | "second" | "first";
	quitIfShort: boolean;
	alternate: boolean;
	/** Commands to begin with, as they would be typed. */
	commands: string[];
	/** What the prompt says: `less`, or `more`. */
	style: "less" | "more";
}

/** The settings of some options and `+` arguments. */
export function settingsOf(given: Given, commands: readonly string[]): Settings {
	const tab = given.value("x") ?? "8";
	if (!/^[1-9]\d?$/.test(tab)) throw new UsageError(`invalid number of columns: '${tab}'`);
	const pattern = given.value("p");
	return {
		view: {
			numbers: given.has("N"),
			chop: given.has("S"),
			colours: given.has("R") || given.has("r"),
			squeeze: given.has("s"),
			mark: true,
			tab: Number(tab),
			shift: 0,
		},
		caseRule: given.has("I") ? "ignore" : given.has("i") ? "smart" : "exact",
		quitAtEnd: given.has("E") ? "first" : given.has("e") ? "second" : "no",
		quitIfShort: given.has("F"),
		alternate: !given.has("X"),
		commands: [...(pattern === undefined ? [] : [`/${pattern}\r`]), ...commands],
		style: "less",
	};
}

/** Arguments with those that begin with `+` taken out: each is a command to begin with. */
export function splitCommands(operands: readonly string[]): { files: string[]; commands: string[] } {
	const files: string[] = [];
	const commands: string[] = [];
	for (const word of operands) {
		if (!word.startsWith("+") || word === "+") files.push(word);
		else if (/^\+\d+$/.test(word)) commands.push(`${word.slice(1)}g`);
		else commands.push(/^\+[/?&:]/.test(word) ? `${word.slice(1)}\r` : word.slice(1));
	}
	return { files, commands };
}
