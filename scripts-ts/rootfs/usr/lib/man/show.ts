/** Showing a page of the manual: through a pager on a terminal, else as plain text. */

import { close, fromFd, pipe, readTextFile } from "helios:fs";
import { env } from "helios:process";
import { isatty, size } from "helios:tty";
import type { Page } from "/usr/lib/man/pages.ts";
import { print } from "/usr/lib/sh/cli.ts";
import { launch } from "/usr/lib/sh/launch.ts";
import { renderMarkdown, threeParts } from "/usr/lib/tui/markdown.ts";
import { render, type Span } from "/usr/lib/tui/style.ts";

const MAX_COLUMNS = 100;
const INDENT = 7;

async function columnsWanted(terminal: boolean): Promise<number> {
	const wanted = Number(env.MANWIDTH ?? "");
	if (Number.isInteger(wanted) && wanted >= 20) return wanted;
	if (!terminal) return 80;
	const { columns } = await size(1);
	return Math.max(20, Math.min(columns || 80, MAX_COLUMNS));
}

/** The rows of a page. */
function rowsOf(page: Page, text: string, columns: number): Span[][] {
	const title = `${page.name.toUpperCase()}(${page.section})`;
	// The first heading is the title, which stands at both ends of the first line.
	const body = text.replace(/^# [^\n]*\n/, "");
	const rows = renderMarkdown(body, { columns: columns - 1, indent: INDENT });
	return [threeParts(title, "Helios Manual", title, columns), [], ...rows, []];
}

/** Shows pages one after the other. */
export async function show(chosen: readonly Page[]): Promise<number> {
	const terminal = await isatty(1);
	const columns = await columnsWanted(terminal);
	for (const page of chosen) {
		const rows = rowsOf(page, await readTextFile(page.path), columns);
		if (!terminal)
			await print(
				rows
					.map(
						(row) =>
							`${row
								.map(([text]) => text)
								.join("")
								.trimEnd()}\n`,
					)
					.join(""),
			);
		else {
			const status = await throughPager(rows.map((row) => `${render(row)}\n`).join(""));
			if (status !== 0) return status;
		}
	}
	return 0;
}

/** Gives a text to a pager; answers its status. */
async function throughPager(text: string): Promise<number> {
	const ends = await pipe();
	const fds = [
		{ to: 0, from: ends.read },
		{ to: 1, from: 1 },
		{ to: 2, from: 2 },
	];
	const [program = "less", ...args] = (env.MANPAGER ?? env.PAGER ?? "less -R -s")
		.split(/\s+/)
		.filter((word) => word !== "");
	const pager = await launch(program, { args, fds, env });
	await close(ends.read);
	// A pager that is left before it has read everything closes the pipe.
	await fromFd(ends.write)
		.write(text)
		.catch(() => undefined);
	await close(ends.write);
	const { code, signal } = await pager.wait();
	return code ?? 128 + (signal ?? 0);
}
