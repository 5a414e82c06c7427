/** The settings of a terminal by their names, as `stty` reads and writes them. */

import { T, type Termios } from "helios:tty";

/** A word of flags. */
export type Word = "iflag" | "oflag" | "lflag";

/** A flag: which word it is in, its bit, and whether a sane terminal has it. */
export interface Flag {
	name: string;
	word: Word;
	bit: number;
	sane: boolean;
}

function flags(word: Word, list: readonly (readonly [name: string, bit: number, sane: boolean])[]): Flag[] {
	return list.map(([name, bit, sane]) => ({ name, word, bit, sane }));
}

/** Every flag, in the order in which they are shown. */
export const FLAGS: readonly Flag[] = [
	...flags("iflag", [
		["inlcr", T.INLCR, false],
		["igncr", T.IGNCR, false],
		["icrnl", T.ICRNL, true],
		["ixon", T.IXON, true],
		["iutf8", T.IUTF8, true],
	]),
	...flags("oflag", [
		["opost", T.OPOST, true],
		["onlcr", T.ONLCR, true],
	]),
	...flags("lflag", [
		["isig", T.ISIG, true],
		["icanon", T.ICANON, true],
		["iexten", T.IEXTEN, true],
		["echo", T.ECHO, true],
		["echoe", T.ECHOE, true],
		["echok", T.ECHOK, true],
		["echonl", T.ECHONL, false],
		["noflsh", T.NOFLSH, false],
		["tostop", T.TOSTOP, false],
		["echoctl", T.ECHOCTL, true],
		["echoke", T.ECHOKE, true],
	]),
];

/** Other names of flags. */
export const OTHER_NAMES: Readonly<Record<string, string>> = {
	crterase: "echoe",
	crtkill: "echoke",
	ctlecho: "echoctl",
};

/** Control characters: where they are, and what they are on a sane terminal. */
export const CHARACTERS: readonly (readonly [name: string, at: number, sane: number])[] = [
	["intr", T.VINTR, 3],
	["quit", T.VQUIT, 28],
	["erase", T.VERASE, 127],
	["kill", T.VKILL, 21],
	["eof", T.VEOF, 4],
	["eol", T.VEOL, 0],
	["start", T.VSTART, 17],
	["stop", T.VSTOP, 19],
	["susp", T.VSUSP, 26],
	["rprnt", T.VREPRINT, 18],
	["werase", T.VWERASE, 23],
	["lnext", T.VLNEXT, 22],
];

/** A control character as people write it: `^C`, `<undef>`. */
export function showCharacter(code: number): string {
	if (code === 0) return "<undef>";
	if (code === 127) return "^?";
	if (code < 32) return `^${String.fromCharCode(code + 64)}`;
	return code < 127 ? String.fromCharCode(code) : `M-${showCharacter(code - 128)}`;
}

/** The code of a control character: `^C`, `undef`, `^-`, a number, or itself; `undefined` for what is none. */
export function parseCharacter(text: string): number | undefined {
	if (text === "undef" || text === "^-" || text === "") return 0;
	if (text === "^?") return 127;
	if (/^\^.$/.test(text)) return text.toUpperCase().charCodeAt(1) & 31;
	if (text.length === 1) return text.charCodeAt(0) < 256 ? text.charCodeAt(0) : undefined;
	const code =
		/^0x[0-9a-f]+$/i.test(text) || /^[1-9]\d*$/.test(text)
			? Number(text)
			: /^0[0-7]+$/.test(text)
				? Number.parseInt(text, 8)
				: Number.NaN;
	return code >= 0 && code < 256 ? code : undefined;
}

/** Whether a flag is set. */
export function isSet(termios: Termios, flag: Flag): boolean {
	return (termios[flag.word] & flag.bit) !== 0;
}

/** Sets or clears flags by name. Names that there are not are left out. */
export function setFlags(termios: Termios, names: readonly string[], on: boolean): void {
	for (const flag of FLAGS.filter(({ name }) => names.includes(name)))
		termios[flag.word] = on ? termios[flag.word] | flag.bit : termios[flag.word] & ~flag.bit;
}

/** Everything as on a terminal that nobody has touched. */
export function makeSane(termios: Termios): void {
	for (const { name, sane } of FLAGS) setFlags(termios, [name], sane);
	for (const [, at, code] of CHARACTERS) termios.cc[at] = code;
	termios.cc[T.VMIN] = 1;
	termios.cc[T.VTIME] = 0;
}

/** All settings as one word, which `stty` takes back. */
export function save({ iflag, oflag, lflag, cc }: Termios): string {
	return [iflag, oflag, lflag, ...cc].map((value) => value.toString(16)).join(":");
}

/** The settings that a word of `save` stands for, or `undefined`. */
export function restore(text: string): Termios | undefined {
	if (!/^[0-9a-f]+(:[0-9a-f]+)+$/.test(text)) return undefined;
	const [iflag = 0, oflag = 0, lflag = 0, ...cc] = text.split(":").map((part) => Number.parseInt(part, 16));
	return cc.length === T.NCCS && cc.every((code) => code < 256)
		? { iflag, oflag, lflag, cc: Uint8Array.from(cc) }
		: undefined;
}
