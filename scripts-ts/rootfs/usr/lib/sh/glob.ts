/** Patterns with `*`, `?` and `[…]`: on texts, and on the names of files. */

import { readdir, stat } from "helios:fs";

/** One step of a pattern: a character, any one, any number of them, or one of a set. */
export type Step = string | { any: "one" | "many" } | { set: readonly [from: string, to: string][]; negated: boolean };

/** A piece of text; in `quoted` text nothing is special. */
export interface Piece {
	text: string;
	quoted: boolean;
}

/** Whether any piece has something special. */
export function isPattern(pieces: readonly Piece[]): boolean {
	return pieces.some((piece) => !piece.quoted && /[*?[]/.test(piece.text));
}

type Character = readonly [character: string, quoted: boolean];

/** Reads `[…]` from `at`; `undefined` where it is not closed and so means itself. */
function readSet(characters: readonly Character[], at: number): [step: Step, next: number] | undefined {
	const set: [string, string][] = [];
	let next = at + 1;
	const is = (text: string): boolean => characters[next]?.[0] === text && characters[next]?.[1] === false;
	const negated = is("!") || is("^");
	if (negated) next++;
	for (let first = true; first || !is("]"); first = false) {
		const from = characters[next++]?.[0];
		if (from === undefined || from === "/") return undefined;
		const to = characters[next + 1]?.[0];
		const range = is("-") && to !== undefined && !(to === "]" && characters[next + 1]?.[1] === false);
		set.push([from, range ? to : from]);
		if (range) next += 2;
		if (next >= characters.length) return undefined;
	}
	return [{ set, negated }, next + 1];
}

/** The steps of a pattern. */
export function compile(pieces: readonly Piece[]): Step[] {
	const characters = pieces.flatMap(({ text, quoted }) => [...text].map((character): Character => [character, quoted]));
	const steps: Step[] = [];
	for (let at = 0; at < characters.length; ) {
		const [character, quoted] = characters[at] as Character;
		const set = !quoted && character === "[" ? readSet(characters, at) : undefined;
		if (set !== undefined) {
			steps.push(set[0]);
			at = set[1];
			continue;
		}
		if (!quoted && (character === "*" || character === "?")) steps.push({ any: character === "*" ? "many" : "one" });
		else steps.push(character);
		at++;
	}
	return steps;
}

function matchesOne(step: Step | undefined, character: string): boolean {
	if (step === undefined || typeof step === "string") return step === character;
	if ("any" in step) return step.any === "one";
	return step.set.some(([from, to]) => from <= character && character <= to) !== step.negated;
}

/** Whether `text` is of the form of `steps`. Only the last star is ever taken back, so it takes at most n * m steps. */
export function matches(steps: readonly Step[], text: string): boolean {
	const characters = [...text];
	let [at, step] = [0, 0];
	let [star, starAt] = [-1, 0];
	while (at < characters.length) {
		const current = steps[step];
		if (typeof current === "object" && "any" in current && current.any === "many") {
			star = step++;
			starAt = at;
		} else if (matchesOne(current, characters[at] as string)) {
			step++;
			at++;
		} else if (star >= 0) {
			step = star + 1;
			at = ++starAt;
		} else return false;
	}
	return steps.slice(step).every((left) => typeof left === "object" && "any" in left && left.any === "many");
}

/** Splits steps at slashes: the components of a path. */
function components(steps: readonly Step[]): Step[][] {
	const parts: Step[][] = [[]];
	for (const step of steps) {
		if (step === "/") parts.push([]);
		else parts.at(-1)?.push(step);
	}
	return parts;
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The files whose names are of a pattern's form, sorted; paths are relative to `cwd`. Directories without access have none. */
export async function expandFiles(steps: readonly Step[], cwd: string): Promise<string[]> {
	const parts = components(steps);
	let found = [""];
	for (const [index, part] of parts.entries()) {
		const last = index === parts.length - 1;
		const next: string[] = [];
		const literal = part.every((step) => typeof step === "string");
		for (const base of found) {
			const full = base.startsWith("/") ? base : `${cwd}/${base}`;
			if (literal) {
				const path = `${base}${part.join("")}`;
				const there =
					!last ||
					(await stat(`${full}${part.join("")}`).then(
						() => true,
						() => false,
					));
				if (there) next.push(last ? path : `${path}/`);
				continue;
			}
			const entries = await readdir(full).catch(() => []);
			for (const { name } of entries) {
				if ((name.startsWith(".") && part[0] !== ".") || !matches(part, name)) continue;
				next.push(last ? base + name : `${base}${name}/`);
			}
		}
		found = next;
	}
	return found.sort(byName);
}
