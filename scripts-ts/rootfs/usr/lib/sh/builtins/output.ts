/** Builtins that print or test. */

import { now } from "helios:time";
import { formatDate } from "/usr/lib/dates/format.ts";
import { complain, STATUS_USAGE, showUsage, withOptions } from "/usr/lib/sh/builtins/arguments.ts";
import type { Builtin } from "/usr/lib/sh/builtins.ts";
import type { Co } from "/usr/lib/sh/co.ts";
import { echo } from "/usr/lib/sh/echo.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import { evaluate, quickly, TestError } from "/usr/lib/sh/test.ts";
import { splitReference } from "/usr/lib/sh/variables.ts";
import { encode } from "/usr/lib/text/bytes.ts";
import { type Complaint, printf } from "/usr/lib/text/printf.ts";

const PRINTF_USAGE = "[-v var] format [arguments]";

/** Says of what number an argument is not, by how it begins. */
function notNumber(argument: string): string {
	const kind = /^0\d/.test(argument) ? "octal " : /^0[xX]/.test(argument) ? "hex " : "";
	return `${argument}: invalid ${kind}number`;
}

/** What is wrong with an argument, in the builtin's words. */
const WORDS: Record<Complaint["problem"], (argument: string) => string> = {
	"character ignored": (argument) =>
		`warning: ${argument}: character(s) following character constant have been ignored`,
	"more behind": notNumber,
	"no number": notNumber,
	range: (argument) => `warning: ${argument}: Numerical result out of range`,
};

/** `%(…)T`. */
function formatTime(format: string, seconds: number | undefined): string {
	return formatDate(format, seconds === undefined ? now() : seconds * 1000);
}

const print = withOptions(PRINTF_USAGE, "print the arguments as a format says", "v:", function* (shell, parsed) {
	const [format, ...rest] = parsed.operands;
	if (format === undefined) return yield* showUsage(shell, "printf", PRINTF_USAGE);
	const made = printf(format, rest, formatTime);
	const name = parsed.value("v");
	for (const { argument, problem } of made.complaints) yield* shell.complain(`printf: ${WORDS[problem](argument)}`);
	if (name === undefined) yield* shell.print(encode(made.text));
	if (name !== undefined) {
		const [base, index] = splitReference(name);
		if (!/^[A-Za-z_]\w*$/.test(base)) return yield* complain(shell, `printf: \`${name}': not a valid identifier`, 2);
		if (index === undefined) shell.set(base, made.text);
		else shell.variables.setElement(base, index, made.text);
	}
	if (made.bad !== undefined) {
		const wrong = made.bad === "%" ? "`%': missing" : `\`${[...made.bad].at(-1)}': invalid`;
		return yield* complain(shell, `printf: ${wrong} format character`);
	}
	return made.complaints.some(({ problem }) => problem.startsWith("no") || problem.startsWith("more")) ? 1 : 0;
});

function* test(shell: Shell, args: readonly string[], { name }: { name: string }): Co<number> {
	let words = args;
	if (name === "[") {
		if (args.at(-1) !== "]") return yield* complain(shell, "[: missing `]'", STATUS_USAGE);
		words = args.slice(0, -1);
	}
	try {
		return (yield* evaluate(words, shell)) ? 0 : 1;
	} catch (error) {
		if (!(error instanceof TestError)) throw error;
		return yield* complain(shell, `${name}: ${error.message}`, STATUS_USAGE);
	}
}

/** Compares texts and numbers, which needs no waiting. */
function quickTest(_shell: Shell, args: readonly string[], name: string): number | undefined {
	const count = name === "[" ? args.length - 1 : args.length;
	if (name === "[" && args[count] !== "]") return undefined;
	const holds = quickly(args, count);
	return holds === undefined ? undefined : holds ? 0 : 1;
}

/** Builtins that print or test. */
export const OUTPUT: Record<string, Builtin> = {
	"[": { usage: "[expression] ]", about: "succeed if an expression is true", quick: quickTest, run: test },
	echo: {
		usage: "[-neE] [arg ...]",
		about: "print the arguments",
		*run(shell, args) {
			yield* shell.print(echo(args, shell.shopts.has("xpg_echo")));
			return 0;
		},
	},
	printf: print,
	test: { usage: "[expression]", about: "succeed if an expression is true", quick: quickTest, run: test },
};
