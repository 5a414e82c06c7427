/** Executes scripts of `sed`. */

import { flush, overfull } from "/usr/lib/sh/cli.ts";
import { encode } from "/usr/lib/text/bytes.ts";
import { type Input, Inserted, type Output, type Written } from "/usr/lib/text/sed/input.ts";
import { ScriptError } from "/usr/lib/text/sed/parse.ts";
import type { Address, Command, Pattern } from "/usr/lib/text/sed/program.ts";
import { checked, substitute } from "/usr/lib/text/sed/substitute.ts";

/** How a script runs. */
export interface Style {
	/** Print the pattern space at the end of each cycle. */
	print: boolean;
	delimiter: string;
	/** Where `l` breaks lines; 0 or 1: nowhere. */
	width: number;
}

/** What a command leads to. */
type Next = number | "end" | "delete" | "restart" | "quit";

const NAMED: Record<string, string> = {
	"\\": "\\\\",
	"\x07": "\\a",
	"\b": "\\b",
	"\f": "\\f",
	"\n": "\\n",
	"\r": "\\r",
	"\t": "\\t",
	"\v": "\\v",
};

/** A text as `l` shows it, broken at `width`. */
function visible(text: string, width: number): string {
	const units: string[] = [];
	for (const byte of encode(text)) {
		const character = String.fromCharCode(byte);
		units.push(NAMED[character] ?? (byte < 32 || byte > 126 ? `\\${byte.toString(8).padStart(3, "0")}` : character));
	}
	let out = "";
	let column = 0;
	for (const unit of units) {
		if (width > 1 && column + unit.length > width - 1) {
			out += "\\\n";
			column = 0;
		}
		out += unit;
		column += unit.length;
	}
	return `${out}$\n`;
}

/** The machine that a script runs on. */
export class Machine {
	status = 0;
	/** Where the pattern space is printed; in-place editing changes it from file to file. */
	output: Output;
	readonly #commands: readonly Command[];
	readonly #input: Input;
	readonly #written: Written;
	readonly #style: Style;
	readonly #inserted = new Inserted();
	#pattern = "";
	#hold = "";
	#replaced = false;
	#last: Pattern;
	#appended: { text?: string; file?: string; line?: string }[] = [];

	constructor(commands: readonly Command[], input: Input, written: Written, output: Output, style: Style) {
		this.#commands = commands;
		this.#input = input;
		this.#written = written;
		this.output = output;
		this.#style = style;
	}

	/** Runs over all input. */
	async run(): Promise<void> {
		let restart = false;
		for (;;) {
			if (!restart) {
				if (!this.#input.ready && !(await this.#refill())) return;
				this.#pattern = this.#input.take();
			}
			this.#replaced = false;
			const outcome = this.#runFrom(0);
			const next = typeof outcome === "object" ? await outcome : outcome;
			if (next !== "delete" && next !== "restart" && this.#style.print && this.status >= 0)
				this.output.line(this.#pattern, this.#input.ended);
			if (this.#appended.length > 0) await this.#append();
			if (next === "quit") return;
			restart = next === "restart";
			if (overfull()) await flush();
		}
	}

	/** Waits for input, with everything written out that was made of what came before. */
	async #refill(): Promise<boolean> {
		await flush();
		await this.#written.flush();
		return this.#input.fill();
	}

	/** Prints what `a`, `r` and `R` left for the end of the cycle. */
	async #append(): Promise<void> {
		for (const { text, file, line } of this.#appended) {
			if (text !== undefined) this.output.raw(text);
			else if (file !== undefined) {
				const whole = await this.#inserted.whole(file);
				if (whole !== "") this.output.raw(whole);
			} else if (line !== undefined) {
				const one = await this.#inserted.line(line);
				if (one !== undefined) this.output.line(one);
			}
		}
		this.#appended = [];
	}

	#resolve(pattern: Pattern): Exclude<Pattern, undefined> {
		const resolved = pattern ?? this.#last;
		if (resolved === undefined) throw new ScriptError("-e expression #1, char 0: no previous regular expression");
		this.#last = resolved;
		return resolved;
	}

	#fits(pattern: Pattern): boolean {
		return checked(this.#resolve(pattern), this.#pattern).test(this.#pattern);
	}

	/** Whether an address fits the line; `$` is answered by the caller. */
	#matches(address: Address): boolean | Promise<boolean> {
		const { number } = this.#input;
		if (address.kind === "line") return number === address.number;
		if (address.kind === "pattern") return this.#fits(address.pattern);
		if (address.kind === "last") return this.#input.ready ? false : this.#input.isLast();
		if (address.kind === "step") {
			if (address.step === 0) return number === address.first;
			return number >= address.first && (number - address.first) % address.step === 0;
		}
		return false;
	}

	/** Begins a range at this line, where its first address fits. */
	#begin(command: Command, to: Address): true | Promise<true> {
		const { number } = this.#input;
		command.until = Number.POSITIVE_INFINITY;
		if (to.kind === "line") command.until = to.number;
		else if (to.kind === "more") command.until = number + to.count;
		else if (to.kind === "multiple") command.until = to.of === 0 ? number : (Math.floor(number / to.of) + 1) * to.of;
		command.active = to.kind === "pattern" || to.kind === "last" || command.until > number;
		return to.kind === "last" ? this.#goOn(command, to) : true;
	}

	/** A line within a range: whether it is the last is found out. */
	#goOn(command: Command, to: Address): true | Promise<true> {
		const ends = this.#matches(to);
		if (typeof ends === "boolean") {
			command.active = !ends;
			return true;
		}
		return ends.then((answer) => {
			command.active = !answer;
			return true;
		});
	}

	/** Whether a command with two addresses applies. */
	#within(command: Command, from: Address, to: Address): boolean | Promise<boolean> {
		if (!command.active) {
			const begins = this.#matches(from);
			if (typeof begins === "boolean") return begins && this.#begin(command, to);
			return begins.then((answer) => answer && this.#begin(command, to));
		}
		if (to.kind === "pattern" || to.kind === "last") return this.#goOn(command, to);
		const { number } = this.#input;
		command.active = number < command.until;
		// A range that ended before this line, while other commands read lines, does not hold it.
		return number <= command.until;
	}

	#applies(command: Command): boolean | Promise<boolean> {
		const { from, to, negated } = command;
		if (from === undefined) return !negated;
		const fits = to === undefined ? this.#matches(from) : this.#within(command, from, to);
		if (typeof fits === "boolean") return fits !== negated;
		return fits.then((answer) => answer !== negated);
	}

	/** Runs the script from a command on. Waits only where a command or an address has to: most lines need no wait. */
	#runFrom(start: number): Next | Promise<Next> {
		const commands = this.#commands;
		for (let at = start; at < commands.length; ) {
			const command = commands[at] as Command;
			const place = at;
			const applies = this.#applies(command);
			if (typeof applies !== "boolean") return applies.then((answer) => this.#step(command, place, answer));
			const next = applies ? this.#execute(command, at + 1) : this.#behind(command, at);
			if (typeof next === "object") return next.then((step) => (typeof step === "number" ? this.#runFrom(step) : step));
			if (typeof next !== "number") return next;
			at = next;
		}
		return "end";
	}

	/** Where the script goes on after a command that does not apply. */
	#behind(command: Command, at: number): number {
		return command.name === "{" ? command.target : at + 1;
	}

	async #step(command: Command, at: number, applies: boolean): Promise<Next> {
		const next = applies ? await this.#execute(command, at + 1) : this.#behind(command, at);
		return typeof next === "number" ? this.#runFrom(next) : next;
	}

	#execute(command: Command, next: number): Next | Promise<Next> {
		switch (command.name) {
			case "s":
				return this.#substitute(command, next);
			case "p":
				this.output.line(this.#pattern);
				return next;
			case "d":
				return "delete";
			case "b":
				return command.target;
			case "t":
			case "T": {
				const jumps = this.#replaced === (command.name === "t");
				this.#replaced = false;
				return jumps ? command.target : next;
			}
			case "n":
			case "N":
				return this.#readOn(command.name, next);
			case "q":
			case "Q":
				this.status = command.number ?? 0;
				return command.name === "q" ? "quit" : this.#quitSilently();
			default:
				return this.#executeSimple(command, next);
		}
	}

	#quitSilently(): Next {
		const status = this.status;
		this.status = -1;
		this.#appended = [];
		this.#finalStatus = status;
		return "quit";
	}

	#finalStatus: number | undefined;

	/** The status that the script asked for. */
	get exitStatus(): number {
		return this.#finalStatus ?? this.status;
	}

	#executeSimple(command: Command, next: number): Next {
		switch (command.name) {
			case "D": {
				const newline = this.#pattern.indexOf("\n");
				if (newline < 0) return "delete";
				this.#pattern = this.#pattern.slice(newline + 1);
				return "restart";
			}
			case "P":
				this.output.line(this.#pattern.split("\n", 1)[0] as string);
				break;
			case "h":
				this.#hold = this.#pattern;
				break;
			case "H":
				this.#hold += `\n${this.#pattern}`;
				break;
			case "g":
				this.#pattern = this.#hold;
				break;
			case "G":
				this.#pattern += `\n${this.#hold}`;
				break;
			case "x":
				[this.#pattern, this.#hold] = [this.#hold, this.#pattern];
				break;
			case "z":
				this.#pattern = "";
				break;
			case "y":
				this.#pattern = Array.from(this.#pattern, (one) => command.table?.get(one) ?? one).join("");
				break;
			case "=":
				this.output.raw(`${this.#input.number}\n`);
				break;
			case "F":
				this.output.raw(`${this.#input.name}\n`);
				break;
			case "l":
				this.output.raw(visible(this.#pattern, command.number ?? this.#style.width));
				break;
			case "i":
				this.output.raw(command.text);
				break;
			case "a":
				this.#appended.push({ text: command.text });
				break;
			case "r":
				this.#appended.push({ file: command.text });
				break;
			case "R":
				this.#appended.push({ line: command.text });
				break;
			case "w":
				this.#written.output(command.text).line(this.#pattern);
				break;
			case "W":
				this.#written.output(command.text).line(this.#pattern.split("\n", 1)[0] as string);
				break;
			case "c":
				if (command.to === undefined || command.negated || !command.active) this.output.raw(command.text);
				return "delete";
			default:
				break;
		}
		return next;
	}

	#substitute(command: Command, next: number): Next {
		const by = command.substitution as Exclude<Command["substitution"], undefined>;
		const made = substitute(this.#pattern, by, this.#resolve(by.pattern));
		if (made === undefined) return next;
		this.#pattern = made;
		this.#replaced = true;
		if (by.print) this.output.line(made);
		if (by.file !== undefined) this.#written.output(by.file).line(made);
		return next;
	}

	/** `n` and `N`. Without a next line the script ends, and what there is gets printed. */
	async #readOn(name: string, next: number): Promise<Next> {
		if (!this.#input.ready && (await this.#input.isLast())) return "quit";
		if (name === "n" && this.#style.print) this.output.line(this.#pattern, this.#input.ended);
		if (this.#appended.length > 0) await this.#append();
		if (overfull()) await flush();
		if (!this.#input.ready) await this.#refill();
		this.#pattern = name === "n" ? this.#input.take() : `${this.#pattern}\n${this.#input.take()}`;
		return next;
	}
}
