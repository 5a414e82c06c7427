/** Names in columns, as many as fit. */

/** A cell: what is written, and how many columns that takes. */
export interface Cell {
	text: string;
	width: number;
}

const GAP = 2;
/** No column is narrower than a character and its gap. */
const LEAST = 3;

/** Widths of the columns where the cells stand in so many lines. */
function widthsFor(cells: readonly Cell[], lines: number, columns: number, down: boolean): number[] {
	const widths = new Array<number>(columns).fill(LEAST);
	cells.forEach(({ width }, at) => {
		const column = down ? Math.floor(at / lines) : at % columns;
		const wanted = width + (column === columns - 1 ? 0 : GAP);
		widths[column] = Math.max(widths[column] ?? 0, wanted);
	});
	return widths;
}

/** The layout with the most columns that fits into `width`. */
function layout(cells: readonly Cell[], width: number, down: boolean): [lines: number, widths: number[]] {
	const most = Math.max(1, Math.min(cells.length, Math.floor(width / LEAST)));
	const narrowest = cells.reduce((least, cell) => Math.min(least, cell.width), Number.POSITIVE_INFINITY);
	const start = Math.max(1, Math.min(most, Math.ceil((width + GAP) / Math.max(1, narrowest + GAP))));
	for (let columns = start; columns > 1; columns--) {
		const lines = Math.ceil(cells.length / columns);
		// Downwards the last column may stay empty: then there are fewer.
		if (down && Math.ceil(cells.length / lines) !== columns) continue;
		const widths = widthsFor(cells, lines, columns, down);
		if (widths.reduce((sum, each) => sum + each, 0) < width) return [lines, widths];
	}
	return [cells.length, [0]];
}

/** The way from one column to another: tabs as far as they go, then blanks. Without `tab`, blanks alone. */
function gap(from: number, to: number, tab: number): string {
	let text = "";
	for (let at = from; at < to; ) {
		if (tab > 0 && Math.floor(to / tab) > Math.floor((at + 1) / tab)) {
			text += "\t";
			at += tab - (at % tab);
		} else {
			text += " ";
			at++;
		}
	}
	return text;
}

/** Lines of cells in columns, read downwards or across, with tabs `tab` columns apart; 0: without. */
export function inColumns(cells: readonly Cell[], width: number, down: boolean, tab: number): string[] {
	if (cells.length === 0) return [];
	const [lines, widths] = layout(cells, width, down);
	return Array.from({ length: lines }, (_, line) => {
		let text = "";
		let start = 0;
		for (let column = 0; column < widths.length; column++) {
			const cell = cells[down ? column * lines + line : line * widths.length + column];
			if (cell === undefined) break;
			const next = cells[down ? (column + 1) * lines + line : line * widths.length + column + 1];
			const end = start + (widths[column] ?? 0);
			const last = column === widths.length - 1 || next === undefined;
			text += cell.text + (last ? "" : gap(start + cell.width, end, tab));
			start = end;
		}
		return text;
	});
}

/** Lines of cells with commas between them, none wider than `width`. */
export function withCommas(cells: readonly Cell[], width: number): string[] {
	const lines: string[] = [];
	let text = "";
	let used = 0;
	cells.forEach((cell, at) => {
		if (at > 0) {
			if (used + GAP + cell.width < width) {
				text += ", ";
				used += GAP;
			} else {
				lines.push(`${text},`);
				text = "";
				used = 0;
			}
		}
		text += cell.text;
		used += cell.width;
	});
	return cells.length === 0 ? [] : [...lines, text];
}
