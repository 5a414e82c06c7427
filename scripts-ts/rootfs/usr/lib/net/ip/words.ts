/** The words of `ip`'s command line, its errors and its colours. */

import { Failure, failedWith, reason } from "/usr/lib/sh/cli.ts";

/** Status of a mistake in the arguments. */
export const MISTAKE = 255;

/** What the options say. */
export interface Style {
	brief: boolean;
	oneLine: boolean;
	statistics: boolean;
	details: boolean;
	color: boolean;
}

const COLORS = { name: 36, mac: 33, inet: 35, up: 32, down: 31 };

/** A text in the colour of what it is. */
export function tint(style: Style, kind: keyof typeof COLORS, text: string): string {
	return style.color ? `\x1b[${kind === "name" || kind === "mac" ? "" : "1;"}${COLORS[kind]}m${text}\x1b[0m` : text;
}

/** What is left of the command line. */
export class Words {
	readonly #words: readonly string[];
	#at = 0;

	constructor(words: readonly string[]) {
		this.#words = words;
	}

	get done(): boolean {
		return this.#at >= this.#words.length;
	}

	/** The next word; where there is none, a mistake. */
	next(): string {
		const word = this.take();
		if (word === undefined) throw new Failure('Command line is not complete. Try option "help"', MISTAKE);
		return word;
	}

	/** The next word, if there is one. */
	take(): string | undefined {
		return this.#words[this.#at++];
	}

	/** Looks at the next word without taking it. */
	peek(): string | undefined {
		return this.#words[this.#at];
	}
}

/** Which of some commands a word begins; the first one in their order. */
export function commandOf<T extends string>(word: string, commands: readonly T[], object: string): T {
	const found = commands.find((command) => command.startsWith(word));
	if (found === undefined || word === "")
		throw new Failure(`Command "${word}" is unknown, try "ip ${object} help".`, MISTAKE);
	return found;
}

/** Runs what changes the machine's network; what it refuses is told as the kernel would. */
export async function change(device: string | undefined, act: () => Promise<void>): Promise<void> {
	try {
		await act();
	} catch (error) {
		if (!failedWith(error)) throw error;
		if (failedWith(error, "ENODEV") && device !== undefined) throw new Failure(`Cannot find device "${device}"`, 1);
		throw new Failure(`RTNETLINK answers: ${reason(error)}`, 2);
	}
}

/** A mistake in what an argument says. */
export function garbage(word: string, what: string): Failure {
	return new Failure(`Error: ${what} is expected rather than "${word}".`, 1);
}
