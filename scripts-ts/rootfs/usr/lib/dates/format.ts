/** Dates by a format, as `strftime` and `date` have it. The machine's time is UTC. */

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
export const MONTHS = [
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December",
];
const DAY_MS = 86_400_000;

function dayOfYear(date: Date): number {
	return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
}

/** Week and year of ISO 8601: weeks begin on Monday, and the first has the year's first Thursday. */
export function isoWeek(date: Date): [year: number, week: number] {
	const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY_MS);
	return [thursday.getUTCFullYear(), Math.ceil(dayOfYear(thursday) / 7)];
}

/** What a directive stands for: its text, how wide it is by default, and what fills it up. */
type Piece = readonly [text: string | number, width?: number, pad?: string];

const COMPOUND: Record<string, string> = {
	c: "%a %b %e %H:%M:%S %Y",
	D: "%m/%d/%y",
	F: "%Y-%m-%d",
	h: "%b",
	n: "\n",
	r: "%I:%M:%S %p",
	R: "%H:%M",
	t: "\t",
	T: "%H:%M:%S",
	x: "%m/%d/%y",
	X: "%H:%M:%S",
	"+": "%a %b %e %H:%M:%S %Z %Y",
};

const SIMPLE: Record<string, (date: Date) => Piece> = {
	a: (date) => [(DAYS[date.getUTCDay()] ?? "").slice(0, 3)],
	A: (date) => [DAYS[date.getUTCDay()] ?? ""],
	b: (date) => [(MONTHS[date.getUTCMonth()] ?? "").slice(0, 3)],
	B: (date) => [MONTHS[date.getUTCMonth()] ?? ""],
	C: (date) => [Math.floor(date.getUTCFullYear() / 100), 2],
	d: (date) => [date.getUTCDate(), 2],
	e: (date) => [date.getUTCDate(), 2, " "],
	g: (date) => [isoWeek(date)[0] % 100, 2],
	G: (date) => [isoWeek(date)[0]],
	H: (date) => [date.getUTCHours(), 2],
	I: (date) => [date.getUTCHours() % 12 || 12, 2],
	j: (date) => [dayOfYear(date), 3],
	k: (date) => [date.getUTCHours(), 2, " "],
	l: (date) => [date.getUTCHours() % 12 || 12, 2, " "],
	m: (date) => [date.getUTCMonth() + 1, 2],
	M: (date) => [date.getUTCMinutes(), 2],
	N: (date) => [date.getUTCMilliseconds() * 1_000_000, 9],
	p: (date) => [date.getUTCHours() < 12 ? "AM" : "PM"],
	P: (date) => [date.getUTCHours() < 12 ? "am" : "pm"],
	q: (date) => [Math.floor(date.getUTCMonth() / 3) + 1],
	s: (date) => [Math.floor(date.getTime() / 1000)],
	S: (date) => [date.getUTCSeconds(), 2],
	u: (date) => [date.getUTCDay() || 7],
	U: (date) => [Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7), 2],
	V: (date) => [isoWeek(date)[1], 2],
	w: (date) => [date.getUTCDay()],
	W: (date) => [Math.floor((dayOfYear(date) + 6 - ((date.getUTCDay() + 6) % 7)) / 7), 2],
	y: (date) => [date.getUTCFullYear() % 100, 2],
	Y: (date) => [date.getUTCFullYear()],
	z: () => ["+0000"],
	Z: () => ["UTC"],
};

function padded([text, wide = 0, fill = "0"]: Piece, flag: string, width: string): string {
	const number = typeof text === "number";
	const pad = flag === "_" ? " " : flag === "0" ? "0" : number ? fill : " ";
	const least = width !== "" ? Number(width) : flag === "-" ? 0 : wide;
	return flag === "-" ? String(text) : String(text).padStart(least, pad);
}

/** `timeMs` as `format` says. What is no directive stands for itself. */
export function formatDate(format: string, timeMs: number): string {
	const date = new Date(timeMs);
	return format.replace(
		/%([-_0^#]?)(\d*)(:{0,3}z|[EO]?[A-Za-z%+])/g,
		(whole, flag: string, width: string, name: string) => {
			const letter = name.length > 1 && /^[EO]/.test(name) ? name.slice(1) : name;
			if (letter === "%") return "%";
			if (/^:+z$/.test(letter)) return ["+00:00", "+00:00:00", "+00"][letter.length - 2] ?? whole;
			// `%3N`: so many digits of the fraction.
			if (letter === "N" && width !== "") {
				const digits = String(date.getUTCMilliseconds()).padStart(3, "0").padEnd(9, "0");
				return digits.slice(0, Number(width)).padEnd(Number(width), "0");
			}
			const compound = COMPOUND[letter];
			const make = SIMPLE[letter];
			if (compound === undefined && make === undefined) return whole;
			const piece: Piece = make === undefined ? [formatDate(compound ?? "", timeMs)] : make(date);
			const text = padded(piece, flag, width);
			if (flag === "^") return text.toUpperCase();
			if (flag === "#") return letter === "p" || letter === "Z" ? text.toLowerCase() : text.toUpperCase();
			return text;
		},
	);
}
