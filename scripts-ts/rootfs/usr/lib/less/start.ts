/** Starts a pager on files, or copies them where there is no terminal to show them on. */

import { isDirectory } from "helios:fs";
import { isatty, size } from "helios:tty";
import { interact } from "/usr/lib/less/keys.ts";
import { Lines } from "/usr/lib/less/lines.ts";
import { Pager } from "/usr/lib/less/pager.ts";
import type { Settings } from "/usr/lib/less/settings.ts";
import { type Store, storeOf } from "/usr/lib/less/store.ts";
import { View } from "/usr/lib/less/view.ts";
import { chunksOf, fail, OutputError, openInput, print, printBytes, reason, UsageError } from "/usr/lib/sh/cli.ts";
import { atTerminal } from "/usr/lib/tui/app.ts";
import { KeyDecoder } from "/usr/lib/tui/keys.ts";
import { render } from "/usr/lib/tui/style.ts";

/** Copies files to standard output. */
async function copy(files: readonly string[]): Promise<undefined> {
	for (const path of files) {
		try {
			const file = await openInput(path);
			if (isDirectory(await file.stat())) {
				await file.close();
				await fail(`${path} is a directory`);
				continue;
			}
			for await (const chunk of chunksOf(file)) await printBytes(chunk);
		} catch (error) {
			if (error instanceof OutputError) throw error;
			await fail(`${path}: ${reason(error)}`);
		}
	}
	return undefined;
}

/** The rows of a store as text, if all of them fit on a screen of that size. */
async function shortText(store: Store, settings: Settings, rows: number, columns: number): Promise<string | undefined> {
	const view = new View(new Lines(store), settings.view);
	view.columns = columns;
	view.height = Math.max(1, rows - 1);
	const shown = await view.visible();
	return view.atEnd ? shown.map((row) => `${render(row)}\n`).join("") : undefined;
}

/** Shows files. */
export async function page(settings: Settings, operands: readonly string[]): Promise<number | undefined> {
	const piped = !(await isatty(0));
	const files = operands.length > 0 ? operands : piped ? ["-"] : [];
	if (files.length === 0) throw new UsageError("missing file name");
	if (!(await isatty(1))) return copy(files);
	const readable: string[] = [];
	for (const path of files) {
		// A file that cannot be opened is said so before the screen is taken, where there is no other.
		const file =
			path === "-"
				? undefined
				: await openInput(path).catch(async (error: unknown) => fail(`${path}: ${reason(error)}`));
		if (path !== "-" && file === undefined) continue;
		const folder = file !== undefined && isDirectory(await file.stat());
		await file?.close();
		if (folder) await fail(`${path} is a directory`);
		else readable.push(path);
	}
	if (readable.length === 0) return undefined;
	const [first = "-"] = readable;
	let opened: Store | undefined;
	if (settings.quitIfShort && readable.length === 1) {
		const { rows, columns } = await size(1);
		opened = await storeOf(await openInput(first));
		const text = await shortText(opened, settings, rows || 24, columns || 80);
		if (text !== undefined) {
			await print(text);
			return undefined;
		}
	}
	return atTerminal({ alternate: settings.alternate, frugal: true }, async (terminal) => {
		const pager = new Pager(terminal, settings, readable);
		if (opened === undefined) await pager.show(0);
		else {
			await pager.showStore(opened);
			pager.current = 0;
		}
		const typed = new KeyDecoder().feed(new TextEncoder().encode(settings.commands.join("")));
		// Commands go from what is shown, so something must be.
		await pager.draw();
		terminal.unread(typed);
		const status = await interact(pager);
		// A file that could not be opened counts, though the others were shown.
		return status === 0 ? undefined : status;
	});
}
