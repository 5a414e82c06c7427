/** What the compiler and the kernel do for a session: outlining what was typed, and running it in this process. */

import { load } from "helios:process";
import { outline } from "helios:script";
import type { Statement } from "/usr/lib/repl/transform.ts";

/** What was typed, statement by statement; or what is wrong with it, and whether more might mend that. */
export type Outlined = { statements: readonly Statement[] } | { incomplete: boolean; message: string };

/** Outlines a text; `name` is what messages call it. */
export function outlined(text: string, name: string): Outlined {
	const found = outline(text, name);
	return found.ok ? { statements: found.statements } : { incomplete: found.incomplete, message: found.message };
}

/** Runs a module in this process; the promise is rejected with what its top level throws. */
export async function runModule(code: string, name: string): Promise<void> {
	await load(code, name);
}
