/** Colours and attributes of text on a terminal, as one number each, and the escape sequences for them (ECMA-48 SGR). */

/** Colours and attributes: bits 0-7 attributes, 8-16 the colour of the text, 17-25 that behind it. 0 is plain. */
export type Style = number;

export const PLAIN: Style = 0;
export const BOLD: Style = 1;
export const DIM: Style = 2;
export const ITALIC: Style = 4;
export const UNDERLINE: Style = 8;
export const REVERSE: Style = 16;

/** SGR parameters of the attributes, by their bits. */
const ATTRIBUTES: readonly [Style, number][] = [
	[BOLD, 1],
	[DIM, 2],
	[ITALIC, 3],
	[UNDERLINE, 4],
	[REVERSE, 7],
];
const ATTRIBUTE_MASK = 0xff;
const FOREGROUND_SHIFT = 8;
const BACKGROUND_SHIFT = 17;
const COLOUR_MASK = 0x1ff;

/** The eight colours, by their places in the palette. */
export const COLOURS = { black: 0, red: 1, green: 2, yellow: 3, blue: 4, magenta: 5, cyan: 6, white: 7 } as const;

/** A colour's name, or its place among the 256. */
export type Colour = keyof typeof COLOURS | number;

function place(colour: Colour): number {
	return (typeof colour === "number" ? colour & 0xff : COLOURS[colour]) + 1;
}

/** The colour of text. */
export function fg(colour: Colour): Style {
	return place(colour) << FOREGROUND_SHIFT;
}

/** The colour behind text. */
export function bg(colour: Colour): Style {
	return place(colour) << BACKGROUND_SHIFT;
}

function colourParameters(colour: number, base: number): string {
	if (colour === 0) return "";
	const index = colour - 1;
	if (index < 8) return `;${base + index}`;
	if (index < 16) return `;${base + 60 + index - 8}`;
	return `;${base + 8};5;${index}`;
}

const made = new Map<Style, string>();

/** The sequence that sets a style, whatever was set before. */
export function sgr(style: Style): string {
	const known = made.get(style);
	if (known !== undefined) return known;
	let parameters = "0";
	for (const [bit, parameter] of ATTRIBUTES) if ((style & ATTRIBUTE_MASK & bit) !== 0) parameters += `;${parameter}`;
	parameters += colourParameters((style >> FOREGROUND_SHIFT) & COLOUR_MASK, 30);
	parameters += colourParameters((style >> BACKGROUND_SHIFT) & COLOUR_MASK, 40);
	const text = parameters === "0" ? "\x1b[m" : `\x1b[${parameters}m`;
	made.set(style, text);
	return text;
}

/** A piece of a line in one style. */
export type Span = readonly [text: string, style: Style];

/** Spans as text with escape sequences. */
export function render(spans: readonly Span[]): string {
	let text = "";
	let now: Style = PLAIN;
	for (const [piece, style] of spans) {
		if (style !== now) text += sgr(style);
		now = style;
		text += piece;
	}
	return now === PLAIN ? text : text + sgr(PLAIN);
}

function applyParameter(style: Style, parameters: number[], at: number): [style: Style, next: number] {
	const value = parameters[at] as number;
	const setForeground = (colour: number): Style =>
		(style & ~(COLOUR_MASK << FOREGROUND_SHIFT)) | (colour << FOREGROUND_SHIFT);
	const setBackground = (colour: number): Style =>
		(style & ~(COLOUR_MASK << BACKGROUND_SHIFT)) | (colour << BACKGROUND_SHIFT);
	const attribute = ATTRIBUTES.find(([, parameter]) => parameter === value);
	if (value === 0) return [PLAIN, at + 1];
	if (attribute !== undefined) return [style | attribute[0], at + 1];
	if (value === 22) return [style & ~(BOLD | DIM), at + 1];
	const off = ATTRIBUTES.find(([bit, parameter]) => bit !== BOLD && bit !== DIM && parameter + 20 === value);
	if (off !== undefined) return [style & ~off[0], at + 1];
	if (value >= 30 && value <= 37) return [setForeground(value - 29), at + 1];
	if (value >= 40 && value <= 47) return [setBackground(value - 39), at + 1];
	if (value >= 90 && value <= 97) return [setForeground(value - 81), at + 1];
	if (value >= 100 && value <= 107) return [setBackground(value - 91), at + 1];
	if (value === 39) return [setForeground(0), at + 1];
	if (value === 49) return [setBackground(0), at + 1];
	if ((value === 38 || value === 48) && parameters[at + 1] === 5) {
		const colour = ((parameters[at + 2] ?? 0) & 0xff) + 1;
		return [value === 38 ? setForeground(colour) : setBackground(colour), at + 3];
	}
	return [style, at + 1];
}

/** The style after an SGR sequence with these parameters (`1;31`). What is not known changes nothing. */
export function applySgr(style: Style, parameters: string): Style {
	const numbers = parameters.split(";").map(Number);
	let now = style;
	for (let at = 0; at < numbers.length; ) [now, at] = applyParameter(now, numbers, at);
	return now;
}
