/**
 * Turns what was typed into a module of its own whose bindings later ones see: a line put before it tells the session
 * how to read and write each, and the value of the last expression is handed over. Positions in traces are turned back.
 */

/** A statement of what was typed, as the compiler outlines it. */
export interface Statement {
	/** What it is: `const`, `expression`, `import`, … */
	kind: string;
	/** Where it stands, in UTF-16 units; an expression's end is before its semicolon. */
	start: number;
	end: number;
	/** The values that it binds. */
	names: readonly string[];
}

/** A module that was made. */
export interface Made {
	code: string;
	/** Whether the value of the last expression is handed over. */
	hasValue: boolean;
	/** The place in what was typed of a place in the module, both from 1. */
	place(line: number, column: number): [line: number, column: number];
}

/** The session, as modules reach it. */
export const SESSION = 'globalThis[Symbol.for("helios.repl")]';
const VALUE_OPEN = `${SESSION}.value(`;

/** Kinds whose bindings later input may not write to. */
const CONSTANT = ["const", "import", "export", "other"];

/** The line that goes before what was typed: how to read and to write what it declares. */
function prelude(statements: readonly Statement[]): string {
	const entries: string[] = [];
	const seen = new Set<string>();
	for (const { kind, names } of statements) {
		for (const name of names) {
			// A function may be declared twice, and a variable too.
			if (seen.has(name)) continue;
			seen.add(name);
			const set = CONSTANT.includes(kind) ? "" : `, (value) => { ${name} = value; }`;
			entries.push(`${JSON.stringify(name)}: [() => ${name}${set}]`);
		}
	}
	return entries.length === 0 ? "" : `${SESSION}.bind({ ${entries.join(", ")} });`;
}

function placeOf(text: string, at: number): [line: number, column: number] {
	const before = text.slice(0, at);
	const line = before.split("\n").length;
	return [line, at - before.lastIndexOf("\n")];
}

/** Makes the module. */
export function moduleOf(text: string, statements: readonly Statement[]): Made {
	const head = `${prelude(statements)}\n`;
	const last = statements.at(-1);
	if (last === undefined || last.kind !== "expression") {
		const code = `${head}${text}\nexport {};\n`;
		return { code, hasValue: false, place: (line, column) => [Math.max(1, line - 1), column] };
	}
	const [expressionLine, expressionColumn] = placeOf(text, last.start);
	const expression = text.slice(last.start, last.end);
	// A comment at the expression's end must not take the bracket with it.
	const code = `${head}${text.slice(0, last.start)}${VALUE_OPEN}${expression}\n)${text.slice(last.end)}\nexport {};\n`;
	return {
		code,
		hasValue: true,
		place: (line, column) => {
			const own = Math.max(1, line - 1);
			const shifted = own === expressionLine && column >= expressionColumn + VALUE_OPEN.length;
			return [own, shifted ? column - VALUE_OPEN.length : column];
		},
	};
}
