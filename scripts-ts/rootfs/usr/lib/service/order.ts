/** The order in which services start: each after those that its unit names. */

/** What is to be ordered. */
export interface Ordered {
	name: string;
	after: readonly string[];
}

/** An order, and what stood in its way. */
export interface Order {
	/** Names, the first to start first; among those that may start at the same time, by name. */
	names: string[];
	/** Cycles and missing services, a sentence each. */
	problems: string[];
}

/**
 * Orders services. A service that is named and not there is left out of account; a cycle is broken where it closes.
 * Both are said, and everything is started all the same.
 */
export function order(units: readonly Ordered[]): Order {
	const byName = new Map(units.map((unit) => [unit.name, unit]));
	const names: string[] = [];
	const problems: string[] = [];
	const done = new Set<string>();
	const path: string[] = [];

	const visit = (unit: Ordered): void => {
		path.push(unit.name);
		for (const name of unit.after) {
			const before = byName.get(name);
			const at = path.indexOf(name);
			if (before === undefined) problems.push(`${unit.name}: after: there is no service ${name}`);
			else if (at >= 0) {
				const cycle = [...path.slice(at), name].join(" after ");
				problems.push(`${unit.name}: after: ${cycle}: the last of these is ignored`);
			} else if (!done.has(name)) visit(before);
		}
		path.pop();
		done.add(unit.name);
		names.push(unit.name);
	};

	for (const unit of [...units].sort((a, b) => (a.name < b.name ? -1 : 1))) if (!done.has(unit.name)) visit(unit);
	return { names, problems };
}
