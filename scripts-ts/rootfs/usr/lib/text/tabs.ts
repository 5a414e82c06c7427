/** Tab stops, as `expand` and `unexpand` have them. */

import { Failure } from "/usr/lib/sh/cli.ts";

const DEFAULT = 8;

/** Where tabs lead. */
export class TabStops {
	readonly #stops: number[] = [];
	/** Stops behind the last one in the list: at multiples of this, or so far from the last. */
	#every = 0;
	#further = 0;

	/** Reads lists such as `4`, `4,8,12`, `4,/8` and `4,+8`. */
	constructor(lists: readonly string[]) {
		const parts = lists
			.join(",")
			.split(/[, ]+/)
			.filter((part) => part !== "");
		for (const [at, part] of parts.entries()) {
			const match = /^([/+]?)(\d+)$/.exec(part);
			if (match === null)
				throw new Failure(`tab size contains invalid character(s): '${part.replace(/^[/+]?\d*/, "")}'`);
			const size = Number(match[2]);
			if (size === 0) throw new Failure("tab size cannot be 0");
			if (match[1] !== "" && at < parts.length - 1)
				throw new Failure(`'${match[1]}' specifier only allowed with the last value`);
			if (match[1] === "/") this.#every = size;
			else if (match[1] === "+") this.#further = size;
			else {
				if (size <= (this.#stops.at(-1) ?? 0)) throw new Failure("tab sizes must be ascending");
				this.#stops.push(size);
			}
		}
		if (this.#stops.length === 1 && this.#every === 0 && this.#further === 0) this.#every = this.#stops.pop() as number;
		if (parts.length === 0) this.#every = DEFAULT;
	}

	/** The next stop behind a column, or `undefined` behind the last. */
	after(column: number): number | undefined {
		const listed = this.#stops.find((stop) => stop > column);
		if (listed !== undefined) return listed;
		if (this.#every > 0) return (Math.floor(column / this.#every) + 1) * this.#every;
		const last = this.#stops.at(-1) ?? 0;
		if (this.#further > 0) return last + (Math.floor((column - last) / this.#further) + 1) * this.#further;
		return undefined;
	}
}
