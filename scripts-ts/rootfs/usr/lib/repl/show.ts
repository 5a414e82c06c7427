/** How a session shows values and errors. */

import { inspect } from "helios:web/inspect";
import type { Session } from "/usr/lib/repl/session.ts";
import { highlight } from "/usr/lib/tui/highlight.ts";
import { DIM, fg, render } from "/usr/lib/tui/style.ts";

/** A longer text is shown without colours: nobody waits for them. */
const MAX_COLOURED_UNITS = 20_000;

/** A value as it is printed. */
export function shownValue(value: unknown, columns: number, colours: boolean): string {
	const text = inspect(value, { breakLength: Math.max(40, columns) });
	if (!colours || text.length > MAX_COLOURED_UNITS) return text;
	if (value === undefined) return render([[text, DIM]]);
	return render(highlight(text, "typescript"));
}

/** Lines of a trace that are the session's own business. */
const INTERNAL = /^\s+at .*(?:\/usr\/lib\/repl\/|\/usr\/lib\/helios\/)/;

/** An error as it is printed, with its trace. */
export function shownError(error: unknown, session: Session, colours: boolean, what = "Uncaught"): string {
	const text = error instanceof Error ? inspect(error) : `${inspect(error)}`;
	const lines = session.places(text).split("\n");
	const shown = `${what} ${lines.filter((line) => !INTERNAL.test(line)).join("\n")}`;
	return colours ? render([[shown, fg("red")]]) : shown;
}
