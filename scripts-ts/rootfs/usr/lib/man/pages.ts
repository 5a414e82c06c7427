/** The manual: which pages there are, and what each says of itself. */

import { open, readdir } from "helios:fs";
import { env } from "helios:process";
import { inOrder } from "/usr/lib/man/order.ts";

/** Where pages are, where `$MANPATH` does not say otherwise. */
const FOLDER = "/usr/share/man";
/** Bytes at a page's beginning that hold its name and its one line. */
const HEAD_BYTES = 1024;

/** A page. */
export interface Page {
	name: string;
	section: string;
	path: string;
}

/** What a page says of itself in one line. */
export interface Summary {
	page: Page;
	names: string[];
	about: string;
}

/** Every page, by name and then by section. */
export async function pages(): Promise<Page[]> {
	const found: Page[] = [];
	for (const folder of (env.MANPATH ?? FOLDER).split(":").filter((each) => each !== "")) {
		const entries = await readdir(folder).catch(() => []);
		for (const { name } of entries) {
			const match = /^(.+)\.(\d\w*)\.md$/.exec(name);
			if (match === null) continue;
			found.push({ name: match[1] as string, section: match[2] as string, path: `${folder}/${name}` });
		}
	}
	return found.sort(inOrder);
}

/** The pages of a name, in the order in which they are shown; only those of one section where one is given. */
export async function pagesOf(name: string, section: string | undefined): Promise<Page[]> {
	const all = await pages();
	return all.filter((page) => page.name === name && (section === undefined || page.section === section));
}

/** What a page says of itself; `undefined` where it does not. */
export async function summaryOf(page: Page): Promise<Summary | undefined> {
	const file = await open(page.path);
	try {
		const text = new TextDecoder().decode(await file.readAt(0, HEAD_BYTES));
		const match = /^## NAME\s*\n+([^\n]+)/m.exec(text);
		const line = match?.[1]?.replace(/[*`\\]/g, "") ?? "";
		const dash = line.search(/ [-–—] /);
		if (dash < 0) return undefined;
		return { page, names: line.slice(0, dash).split(/,\s*/), about: line.slice(dash + 3).trim() };
	} finally {
		await file.close();
	}
}

/** What all pages say of themselves. */
export async function summaries(): Promise<Summary[]> {
	const found: Summary[] = [];
	for (const page of await pages()) {
		const summary = await summaryOf(page).catch(() => undefined);
		if (summary !== undefined) found.push(summary);
	}
	return found;
}

/** A summary as `whatis` prints it. */
export function summaryLine({ page, about }: Summary): string {
	return `${`${page.name} (${page.section})`.padEnd(20)} - ${about}`;
}
