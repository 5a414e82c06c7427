/** What filters share: the walk over their files, and turning blocks of lines into output. */

import type { File } from "helios:fs";
import { Failure, fail, failedWith, flush, openInput, overfull, put, reason } from "/usr/lib/sh/cli.ts";
import { type BlockOptions, blocks, linesOf } from "/usr/lib/text/lines.ts";

/** Runs `use` over each file, standard input where none is named. What fails for one is said, and the rest goes on. */
export async function overFiles(
	paths: readonly string[],
	use: (file: File, path: string) => Promise<void>,
	wording: (path: string, why: string) => string = (path, why) => `${path}: ${why}`,
): Promise<void> {
	for (const path of paths.length === 0 ? ["-"] : paths) {
		let file: File | undefined;
		try {
			file = await openInput(path);
			await use(file, path);
		} catch (error) {
			if (!failedWith(error) && !(error instanceof Failure)) throw error;
			await fail(wording(path, reason(error)));
		} finally {
			if (file !== undefined && file.fd !== 0) await file.close();
		}
	}
}

/** Prints what `change` makes of each line; a last line without its end is printed without one. */
export async function eachLine(
	file: File,
	change: (line: string) => string,
	delimiter = "\n",
	options: BlockOptions = {},
): Promise<void> {
	for await (const block of blocks(file, { ...options, delimiter: delimiter.charCodeAt(0) })) {
		const { lines, ended } = linesOf(block, delimiter);
		put(lines.map(change).join(delimiter) + (ended ? delimiter : ""));
		await flush();
	}
}

/** Runs `use` over each line, writing out now and then. */
export async function overLines(file: File, use: (line: string) => void, delimiter = "\n"): Promise<void> {
	for await (const block of blocks(file, { delimiter: delimiter.charCodeAt(0) })) {
		for (const line of linesOf(block, delimiter).lines) {
			use(line);
			if (overfull()) await flush();
		}
		await flush();
	}
}
