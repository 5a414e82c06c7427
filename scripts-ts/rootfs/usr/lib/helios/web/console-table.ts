/** The table of `console.table`. */

import { inspect } from "helios:web/inspect";

const INDEX = "(index)";
const ITERATION = "(iteration index)";
const KEY = "Key";
const VALUES = "Values";

type Row = Map<string, string>;

function cell(value: unknown): string {
	return inspect(value, { depth: typeof value === "object" ? 0 : 2 });
}

/** Rows of data: each has a name and a value. */
function rowsOf(data: object): { head: string; rows: [name: string, key: string | undefined, value: unknown][] } {
	if (data instanceof Map) {
		return { head: ITERATION, rows: [...data].map(([key, value], at) => [String(at), cell(key), value]) };
	}
	if (data instanceof Set)
		return { head: ITERATION, rows: [...data].map((value, at) => [String(at), undefined, value]) };
	return { head: INDEX, rows: Object.entries(data).map(([name, value]) => [name, undefined, value]) };
}

function draw(heads: string[], rows: string[][]): string {
	const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => (row[at] ?? "").length)) + 2);
	const line = (left: string, middle: string, right: string): string =>
		left + widths.map((width) => "─".repeat(width)).join(middle) + right;
	const text = (cells: string[]): string =>
		`│${cells.map((item, at) => ` ${item}`.padEnd(widths[at] as number)).join("│")}│`;
	return [line("┌", "┬", "┐"), text(heads), line("├", "┼", "┤"), ...rows.map(text), line("└", "┴", "┘")].join("\n");
}

/** The table of `data`, or `undefined` where it is not tabular. */
export function table(data: unknown, only: readonly string[] | undefined): string | undefined {
	if (typeof data !== "object" || data === null) return undefined;
	const { head, rows } = rowsOf(data);
	const columns: string[] = [];
	let hasKeys = false;
	let hasValues = false;
	const cells: Row[] = rows.map(([name, key, value]) => {
		const row: Row = new Map([[head, name]]);
		if (key !== undefined) {
			hasKeys = true;
			row.set(KEY, key);
		}
		if (typeof value !== "object" || value === null) {
			hasValues = true;
			row.set(VALUES, cell(value));
			return row;
		}
		for (const [column, inner] of Object.entries(value)) {
			if (only !== undefined && !only.includes(column)) continue;
			if (!columns.includes(column)) columns.push(column);
			row.set(`.${column}`, cell(inner));
		}
		return row;
	});
	const shown = only === undefined ? columns : [...only];
	const keys = [
		head,
		...(hasKeys ? [KEY] : []),
		...shown.map((column) => `.${column}`),
		...(hasValues ? [VALUES] : []),
	];
	const heads = [head, ...(hasKeys ? [KEY] : []), ...shown, ...(hasValues ? [VALUES] : [])];
	return draw(
		heads,
		cells.map((row) => keys.map((key) => row.get(key) ?? "")),
	);
}
