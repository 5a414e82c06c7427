/** Starts a pager on files, or copies them where there is no terminal to show them on. */

import { isDirectory } from "helios:fs";
import { isatty, size } from "helios:tty";
import { interact } from "/usr/lib/less/keys.ts";
import { Lines } from "/usr/lib/less/lines.ts";
import { Pager } from "/usr/lib/less/pager.ts";
import type { Settings } from "/usr/lib/less/settings.ts";
import { type Store, storeOf } from "/usr/lib/less/store.ts";
import { View } from "/usr/lib/less/view.ts";
import { chunksOf, fail, OutputError, openInput, printBytes, reason, UsageError } from "/usr/lib/sh/cli.ts";
import { atTerminal } from "/usr/lib/tui/app.ts";
import { KeyDecoder } from "/usr/lib/tui/keys.ts";

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

/** Whether all of a store fits on a screen of that size, so that it need not be paged. */
async function fitsOn(store: Store, settings: Settings, rows: number, columns: number): Promise<boolean> {
	const view = new View(new Lines(store), settings.view);
	view.columns = columns;
	view.height = rows - 1;
	await view.visible();
	return view.atEnd;
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
	if (settings.quitIfShort && readable.length === 1 && (await shortEnough(settings, readable[0] as string))) {
		return copy(shownAlready === undefined ? readable : []);
	}
	return atTerminal({ alternate: settings.alternate }, async (terminal) => {
		const pager = new Pager(terminal, settings, readable);
		if (shownAlready === undefined) await pager.show(0);
		else {
			await pager.showStore(shownAlready);
			pager.current = 0;
		}
		const typed = new KeyDecoder().feed(new TextEncoder().encode(settings.commands.join("")));
		terminal.unread(typed);
		return interact(pager);
	});
}

/** The store of a pipe that was looked at: it cannot be read a second time. */
let shownAlready: Store | undefined;

async function shortEnough(settings: Settings, path: string): Promise<boolean> {
	const { rows, columns } = await size(1);
	const store = await storeOf(await openInput(path));
	const short = await fitsOn(store, settings, rows || 24, columns || 80);
	if (path === "-") {
		if (short) await printBytes(await store.read(0, store.size));
		shownAlready = store;
	} else await store.close();
	return short;
}
