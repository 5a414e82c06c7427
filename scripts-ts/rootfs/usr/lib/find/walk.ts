/** The walk of `find` through directories. */

import { type DirEntry, isDirectory, MODE, readdir, statfs } from "helios:fs";
import { inParallel } from "/usr/lib/files/parallel.ts";
import { type Expression, Node, Quit } from "/usr/lib/find/node.ts";
import { fail, failedWith, join, OutputError, quote, reason } from "/usr/lib/sh/cli.ts";

/** Directories that are read ahead of the walk. */
const READ_AHEAD = 64;

type Listing = { entries: DirEntry[] } | { error: unknown };

async function listing(path: string): Promise<Listing> {
	try {
		return { entries: await readdir(path) };
	} catch (error) {
		return { error };
	}
}

/** Directories that led to where the walk is: inode and path. */
type Above = readonly (readonly [ino: number, path: string])[];

/** Walks and evaluates. */
export class Walk {
	readonly #expression: Expression;

	constructor(expression: Expression) {
		this.#expression = expression;
	}

	async #evaluate(node: Node): Promise<void> {
		if (node.depth < this.#expression.minDepth) return;
		try {
			await this.#expression.test(node);
		} catch (error) {
			await this.#complain(node.path, error);
		}
	}

	async #complain(path: string, error: unknown): Promise<void> {
		if (error instanceof OutputError || error instanceof Quit || !failedWith(error)) throw error;
		await fail(`${quote(path)}: ${reason(error)}`);
	}

	/** Whether the walk goes below: a directory, or a link to one where links are followed. */
	async #opens(node: Node): Promise<boolean> {
		if (node.depth >= this.#expression.maxDepth) return false;
		return isDirectory({ mode: await node.type() });
	}

	async #visit(node: Node, above: Above, read: Promise<Listing> | undefined): Promise<void> {
		const { depthFirst, follow } = this.#expression;
		const opens = await this.#opens(node);
		let within = above;
		if (opens && follow !== "never") {
			const { ino } = await node.about();
			const loop = above.find(([number]) => number === ino);
			// The file that closes a loop is not looked at: it has been.
			if (loop !== undefined) return this.#sayLoop(node.path, loop[1]);
			within = [...above, [ino, node.path]];
		}
		if (!depthFirst) await this.#evaluate(node);
		if (opens && !node.pruned) {
			const listed = await (read ?? listing(node.path));
			if ("error" in listed) await this.#complain(node.path, listed.error);
			else await this.#children(node, listed.entries, within);
		}
		if (depthFirst) await this.#evaluate(node);
	}

	#sayLoop(path: string, other: string): Promise<void> {
		return fail(`File system loop detected; ${quote(path)} is part of the same file system loop as ${quote(other)}.`);
	}

	async #children(parent: Node, entries: readonly DirEntry[], above: Above): Promise<void> {
		const { follow, looks, maxDepth } = this.#expression;
		const nodes = entries.map(
			({ name, kind }) => new Node(join(parent.path, name), parent.start, parent.depth + 1, kind, follow),
		);
		const reads = new Map<Node, Promise<Listing>>();
		const ahead = nodes.filter(({ kind }) => parent.depth + 1 < maxDepth && ((kind ?? 0) & MODE.TYPE) === MODE.DIR);
		let next = 0;
		for (let at = 0; at < nodes.length; at++) {
			const node = nodes[at] as Node;
			// What the expression will ask is asked for many files at a time.
			if (looks && at % 256 === 0)
				await inParallel(nodes.slice(at, at + 256), (each) =>
					each.about().then(
						() => undefined,
						() => undefined,
					),
				);
			// Reading ahead would see what is about to be changed, where the expression changes anything.
			while (this.#expression.finish.length === 0 && next < ahead.length && reads.size < READ_AHEAD) {
				const other = ahead[next++] as Node;
				reads.set(other, listing(other.path));
			}
			await this.#visit(node, above, reads.get(node));
			reads.delete(node);
		}
	}

	/** Walks from an operand. */
	async from(path: string): Promise<void> {
		const node = new Node(path, path, 0, undefined, this.#expression.follow);
		try {
			await node.about();
		} catch (error) {
			return this.#complain(path, error);
		}
		await this.#visit(node, [], undefined);
	}
}

/** Where the file system of a path is mounted. */
export async function systemOf(path: string): Promise<string> {
	return (await statfs(path)).path;
}
