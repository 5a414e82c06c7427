/** What terminals here understand (`xterm-256color`), by the names of terminfo. */

/** A sequence: a text, or what it is for so many numbers. */
export type Sequence = string | { takes: number; make: (...numbers: number[]) => string };

const ESC = "\x1b";
const CSI = `${ESC}[`;

function counted(letter: string): Sequence {
	return { takes: 1, make: (count) => `${CSI}${count}${letter}` };
}

/** Colours: eight dark, eight bright, and 240 more. */
function color(base: number): Sequence {
	return {
		takes: 1,
		make: (number) => {
			if (number < 8) return `${CSI}${base + number}m`;
			return number < 16 ? `${CSI}${base + 52 + number}m` : `${CSI}${base + 8};5;${number}m`;
		},
	};
}

/** Sequences by name. */
export const SEQUENCES: Readonly<Record<string, Sequence>> = {
	bel: "\u0007",
	blink: `${CSI}5m`,
	bold: `${CSI}1m`,
	cbt: `${CSI}Z`,
	civis: `${CSI}?25l`,
	clear: `${CSI}H${CSI}2J${CSI}3J`,
	cnorm: `${CSI}?12l${CSI}?25h`,
	cr: "\r",
	csr: { takes: 2, make: (top, bottom) => `${CSI}${top + 1};${bottom + 1}r` },
	cub: counted("D"),
	cub1: "\b",
	cud: counted("B"),
	cud1: "\n",
	cuf: counted("C"),
	cuf1: `${CSI}C`,
	cup: { takes: 2, make: (row, column) => `${CSI}${row + 1};${column + 1}H` },
	cuu: counted("A"),
	cuu1: `${CSI}A`,
	cvvis: `${CSI}?12;25h`,
	dch: counted("P"),
	dch1: `${CSI}P`,
	dim: `${CSI}2m`,
	dl: counted("M"),
	dl1: `${CSI}M`,
	ech: counted("X"),
	ed: `${CSI}J`,
	el: `${CSI}K`,
	el1: `${CSI}1K`,
	home: `${CSI}H`,
	hpa: { takes: 1, make: (column) => `${CSI}${column + 1}G` },
	ht: "\t",
	ich: counted("@"),
	il: counted("L"),
	il1: `${CSI}L`,
	ind: "\n",
	indn: counted("S"),
	init: `${CSI}!p${CSI}?3;4l${CSI}4l${ESC}>`,
	invis: `${CSI}8m`,
	is2: `${CSI}!p${CSI}?3;4l${CSI}4l${ESC}>`,
	kbs: "\x7f",
	kcub1: `${ESC}OD`,
	kcud1: `${ESC}OB`,
	kcuf1: `${ESC}OC`,
	kcuu1: `${ESC}OA`,
	kdch1: `${CSI}3~`,
	kend: `${ESC}OF`,
	kf1: `${ESC}OP`,
	kf2: `${ESC}OQ`,
	kf3: `${ESC}OR`,
	kf4: `${ESC}OS`,
	kf5: `${CSI}15~`,
	kf6: `${CSI}17~`,
	kf7: `${CSI}18~`,
	kf8: `${CSI}19~`,
	kf9: `${CSI}20~`,
	kf10: `${CSI}21~`,
	kf11: `${CSI}23~`,
	kf12: `${CSI}24~`,
	khome: `${ESC}OH`,
	kich1: `${CSI}2~`,
	knp: `${CSI}6~`,
	kpp: `${CSI}5~`,
	oc: `${ESC}]104\u0007`,
	op: `${CSI}39;49m`,
	rc: `${ESC}8`,
	rev: `${CSI}7m`,
	ri: `${ESC}M`,
	rin: counted("T"),
	ritm: `${CSI}23m`,
	rmcup: `${CSI}?1049l${CSI}23;0;0t`,
	rmkx: `${CSI}?1l${ESC}>`,
	rmso: `${CSI}27m`,
	rmul: `${CSI}24m`,
	rs1: `${ESC}c${ESC}]104\u0007`,
	rs2: `${CSI}!p${CSI}?3;4l${CSI}4l${ESC}>`,
	sc: `${ESC}7`,
	setab: color(40),
	setaf: color(30),
	sgr0: `${ESC}(B${CSI}m`,
	sitm: `${CSI}3m`,
	smcup: `${CSI}?1049h${CSI}22;0;0t`,
	smkx: `${CSI}?1h${ESC}=`,
	smso: `${CSI}7m`,
	smul: `${CSI}4m`,
	vpa: { takes: 1, make: (row) => `${CSI}${row + 1}d` },
};

/** Numbers by name; the screen's size is where no terminal says another. */
export const NUMBERS: Readonly<Record<string, number>> = { colors: 256, cols: 80, it: 8, lines: 24, pairs: 65_536 };

/** What is so: automatic margins, erasing in the background's colour, and the like. */
export const FLAGS: Readonly<Record<string, boolean>> = {
	am: true,
	bce: true,
	ccc: true,
	hs: false,
	km: true,
	mir: true,
	msgr: true,
	npc: true,
	xenl: true,
};

/** Brings a terminal back to its senses: full reset, then the usual modes. */
export const RESET = `${ESC}c${ESC}]104\u0007${CSI}!p${CSI}?3;4l${CSI}4l${ESC}>`;

/** Kinds of terminals that understand all this. */
export function isKnown(term: string): boolean {
	return /^(xterm|screen|tmux|linux|vt\d|rxvt|ansi|helios)/.test(term);
}
