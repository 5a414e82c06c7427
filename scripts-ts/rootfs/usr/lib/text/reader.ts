/** Lines of a file, one at a time: for programs that read several files in step. */

import type { File } from "helios:fs";
import { blocks, linesOf } from "/usr/lib/text/lines.ts";

/** Reads lines. */
export class LineReader {
	readonly #delimiter: string;
	readonly #blocks: AsyncGenerator<string, void, undefined>;
	#lines: string[] = [];
	#at = 0;
	#lastEnded = true;
	/** Whether the line read last had its end. */
	ended = true;

	constructor(file: File, delimiter = "\n") {
		this.#delimiter = delimiter;
		this.#blocks = blocks(file, { delimiter: delimiter.charCodeAt(0) });
	}

	/** Whether a line is at hand, so that `take` answers it without waiting. */
	get ready(): boolean {
		return this.#at < this.#lines.length;
	}

	/** The line at hand. */
	take(): string {
		const line = this.#lines[this.#at++] as string;
		this.ended = this.#at < this.#lines.length || this.#lastEnded;
		return line;
	}

	/** Puts the line read last back: it is read again. */
	back(): void {
		this.#at--;
	}

	/** The next line, or `undefined` at the end. */
	async next(): Promise<string | undefined> {
		if (!this.ready) {
			const result = await this.#blocks.next();
			if (result.done === true) return undefined;
			const { lines, ended } = linesOf(result.value, this.#delimiter);
			this.#lines = lines;
			this.#lastEnded = ended;
			this.#at = 0;
		}
		return this.take();
	}
}
