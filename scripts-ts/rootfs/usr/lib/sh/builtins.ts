/** Commands of the shell itself. */

import type { Assignment } from "/usr/lib/sh/ast.ts";
import { DIRECTORIES } from "/usr/lib/sh/builtins/directories.ts";
import { FLOW } from "/usr/lib/sh/builtins/flow.ts";
import { HISTORY } from "/usr/lib/sh/builtins/history.ts";
import { INFORMATION } from "/usr/lib/sh/builtins/information.ts";
import { JOBS } from "/usr/lib/sh/builtins/jobs.ts";
import { LIMITS } from "/usr/lib/sh/builtins/limits.ts";
import { OUTPUT } from "/usr/lib/sh/builtins/output.ts";
import { READING } from "/usr/lib/sh/builtins/reading.ts";
import { SETTINGS } from "/usr/lib/sh/builtins/settings.ts";
import { TRAPS } from "/usr/lib/sh/builtins/traps.ts";
import { VARIABLES } from "/usr/lib/sh/builtins/variables.ts";
import type { Co } from "/usr/lib/sh/co.ts";
import type { Redirected } from "/usr/lib/sh/redirect.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";

/** Arguments that are arrays, by their place. */
export type Compounds = Map<number, Assignment>;

/** What a builtin may want to know of its call, besides the arguments. */
export interface Call {
	/** What it was called as. */
	name: string;
	compounds: Compounds;
	/** Its redirections. */
	redirected?: Redirected;
}

/** A builtin. */
export interface Builtin {
	/** Its form, without the name. */
	usage: string;
	/** What it does, in a line. */
	about: string;
	/** Runs it at once, where it can; answers its status. */
	quick?(shell: Shell, args: readonly string[], name: string): number | undefined;
	/** Runs it; answers its status. */
	run(shell: Shell, args: readonly string[], call: Call): number | Co<number>;
}

/** Every builtin by its name. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
	[DIRECTORIES, FLOW, HISTORY, INFORMATION, JOBS, LIMITS, OUTPUT, READING, SETTINGS, TRAPS, VARIABLES]
		.flatMap((group) => Object.entries(group))
		.sort(([a], [b]) => (a < b ? -1 : 1)),
);
