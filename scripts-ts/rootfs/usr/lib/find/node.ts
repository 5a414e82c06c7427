/** A file that `find` has come to, and what its expressions are made of. */

import { isSymlink, lstat, MODE, type Stat, stat } from "helios:fs";
import { basename } from "/usr/lib/sh/cli.ts";

/** When links are followed. */
export type Follow = "never" | "operands" | "always";

/** How the expressions of `-regex` are written. */
export type RegexType = "emacs" | "basic" | "extended";

/** A file on the way. What there is to know of it is asked for when an expression wants it. */
export class Node {
	readonly path: string;
	/** The operand that led here. */
	readonly start: string;
	readonly depth: number;
	/** Type bits, as the directory has them; `undefined` of operands. */
	readonly kind: number | undefined;
	readonly #follow: boolean;
	#about: Promise<Stat> | undefined;
	#name: string | undefined;
	/** The walk does not go below. */
	pruned = false;

	constructor(path: string, start: string, depth: number, kind: number | undefined, follow: Follow) {
		this.path = path;
		this.start = start;
		this.depth = depth;
		this.kind = kind;
		this.#follow = follow === "always" || (follow === "operands" && depth === 0);
	}

	/** The last component of the path. */
	get name(): string {
		this.#name ??= basename(this.path);
		return this.#name;
	}

	/** What the machine knows of the file, or of the link where links are not followed. */
	about(): Promise<Stat> {
		this.#about ??= this.#follow ? stat(this.path).catch(() => lstat(this.path)) : lstat(this.path);
		return this.#about;
	}

	/** The file's mode, or its type alone where that is enough and known. */
	async type(): Promise<number> {
		const known = this.kind;
		if (known !== undefined && !(this.#follow && isSymlink({ mode: known }))) return known & MODE.TYPE;
		return (await this.about()).mode & MODE.TYPE;
	}

	/** The type of what is at the other end: of the link if links are followed, else of what it leads to. */
	async otherType(): Promise<number> {
		const mode = this.#follow
			? (await lstat(this.path)).mode
			: ((await stat(this.path).catch(() => this.about())).mode ?? 0);
		return mode & MODE.TYPE;
	}
}

/** What a test says of a file, or what an action did. */
export type Test = (node: Node) => boolean | Promise<boolean>;

/** A whole expression, and what it asks of the walk. */
export interface Expression {
	test: Test;
	/** Some test wants to know more than name and type. */
	looks: boolean;
	/** What is below comes before the directory itself. */
	depthFirst: boolean;
	minDepth: number;
	maxDepth: number;
	follow: Follow;
	/** Stay on the file system of the operand. */
	oneSystem: boolean;
	/** Called when all is done: what has been gathered is run. */
	finish: (() => Promise<void>)[];
}

/** Ends the walk. */
export class Quit extends Error {}
