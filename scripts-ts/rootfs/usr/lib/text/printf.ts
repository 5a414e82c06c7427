/** What `printf` prints, for the command and for the shell's builtin. */

import { type Dialect, LETTERS, settled, unescape } from "/usr/lib/text/escapes.ts";

/** An argument that is not the number it should be: no number at all, one with more behind it, or out of range. */
export interface Complaint {
	argument: string;
	problem: "no number" | "more behind" | "range" | "character ignored";
}

/** What came of it. */
export interface Printed {
	/** A character for each byte where `%b`, `\xHH` or `\NNN` made bytes; else text. */
	text: string;
	/** What was wrong with arguments. */
	complaints: Complaint[];
	/** `\c` ended the output. */
	cut: boolean;
	/** The directive that ended the output, being none, from its `%` to the character that is wrong. */
	bad?: string;
}

/** Longest field: what is wider is refused. */
const MAX_WIDTH = 1_000_000;

const IN_FORMAT: Dialect = { octal: /^[0-7]{1,3}/, quotes: true };
const IN_ARGUMENT: Dialect = { octal: /^0[0-7]{0,3}|^[1-7][0-7]{0,2}/, quotes: true };

/** A word that the shell reads back as it is. */
export function shellQuote(word: string): string {
	if (word === "") return "''";
	if (/\p{Cc}|[\udc80-\udcff]/u.test(word)) {
		const escaped = word.replace(/[\\'\p{Cc}]|[\udc80-\udcff]/gu, (character) => {
			const name = Object.entries(LETTERS).find(([, value]) => value === character)?.[0];
			if (character === "'" || character === "\\") return `\\${character}`;
			if (name !== undefined) return name === "e" ? "\\E" : `\\${name}`;
			return `\\${(character.charCodeAt(0) & 255).toString(8).padStart(3, "0")}`;
		});
		return `$'${escaped}'`;
	}
	return word.replace(/[^\w@%+=:,./\u0080-\uffff-]/g, "\\$&");
}

interface Directive {
	flags: string;
	width: number;
	precision: number | undefined;
	conversion: string;
}

function padded(text: string, { flags, width }: Directive, zeros: boolean): string {
	const missing = width - text.length;
	if (missing <= 0) return text;
	if (flags.includes("-")) return text + " ".repeat(missing);
	if (!zeros) return " ".repeat(missing) + text;
	const sign = /^(?:[-+ ]?0[xX]|[-+ ])?/.exec(text)?.[0].length ?? 0;
	return text.slice(0, sign) + "0".repeat(missing) + text.slice(sign);
}

function signed(text: string, flags: string): string {
	if (text.startsWith("-")) return text;
	return flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text;
}

function exponential(value: number, digits: number): string {
	return value.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");
}

/** `%g`: whichever of the two forms is shorter, without zeros at the end unless `#` wants them. */
function general(value: number, precision: number, alternate: boolean): string {
	const digits = precision === 0 ? 1 : precision;
	const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split("e")[1]);
	const scientific = exponent < -4 || exponent >= digits;
	const text = scientific ? exponential(value, digits - 1) : fixed(value, digits - 1 - exponent);
	if (alternate) return text;
	const [mantissa, power] = text.split("e") as [string, string?];
	const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
	return power === undefined ? short : `${short}e${power}`;
}

/** As `toFixed`, but what lies right between two numbers goes to the even one. */
function rounded(value: number, digits: number): string {
	const text = value.toFixed(digits);
	if (digits >= 100) return text;
	const more = value.toFixed(Math.min(100, digits + 30));
	const point = more.indexOf(".") + 1;
	const between = /^50*$/.test(more.slice(point + digits)) && Number(more) === value;
	const even = more.slice(0, digits === 0 ? point - 1 : point + digits);
	return between && /[02468]$/.test(even) ? even : text;
}

/** A number with so many digits behind the point, all of them right: `toFixed` knows only numbers below 10^21. */
function fixed(value: number, digits: number): string {
	const most = Math.min(digits, 100);
	if (Math.abs(value) < 1e21) return rounded(value, most) + "0".repeat(digits - most);
	return `${BigInt(value)}${digits > 0 ? `.${"0".repeat(digits)}` : ""}`;
}

/** A number as `%f`, `%e`, `%g` and their like print it. */
export function formatFloat(value: number, directive: Directive): string {
	const { flags, conversion } = directive;
	const kind = conversion.toLowerCase();
	const precision = directive.precision ?? 6;
	const zeros = flags.includes("0") && Number.isFinite(value);
	let text: string;
	if (!Number.isFinite(value)) text = Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
	else {
		text =
			kind === "f"
				? fixed(value, precision)
				: kind === "e"
					? exponential(value, Math.min(precision, 100))
					: general(value, Math.min(precision, 100), flags.includes("#"));
		if (flags.includes("#") && precision === 0 && kind !== "g" && !text.includes("."))
			text = text.replace(/^[-\d]+/, "$&.");
		if (Object.is(value, -0) || (value < 0 && !text.startsWith("-"))) text = `-${text.replace(/^-/, "")}`;
	}
	text = signed(text, flags);
	return padded(conversion === kind ? text : text.toUpperCase(), directive, zeros);
}

function formatInteger(value: bigint, directive: Directive): string {
	const { flags, precision, conversion } = directive;
	const unsigned = BigInt.asUintN(64, value);
	let digits: string;
	if (conversion === "d" || conversion === "i") digits = (value < 0n ? -value : value).toString();
	else if (conversion === "u") digits = unsigned.toString();
	else digits = unsigned.toString(conversion === "o" ? 8 : 16);
	if (precision !== undefined) digits = precision === 0 && digits === "0" ? "" : digits.padStart(precision, "0");
	if (flags.includes("#") && conversion === "o" && !digits.startsWith("0")) digits = `0${digits}`;
	if (flags.includes("#") && conversion.toLowerCase() === "x" && value !== 0n) digits = `0x${digits}`;
	if (conversion === "d" || conversion === "i") digits = signed(value < 0n ? `-${digits}` : digits, flags);
	if (conversion === "X") digits = digits.toUpperCase();
	return padded(digits, directive, flags.includes("0") && precision === undefined);
}

/** Runs through a format and its arguments. */
class Printer {
	readonly #args: readonly string[];
	readonly #times: Times | undefined;
	readonly complaints: Complaint[] = [];
	#at = 0;

	constructor(args: readonly string[], times: Times | undefined) {
		this.#args = args;
		this.#times = times;
	}

	get left(): number {
		return this.#args.length - this.#at;
	}

	#next(): string {
		return this.#args[this.#at++] ?? "";
	}

	#integer(): bigint {
		const missing = this.left <= 0;
		const text = this.#next().replace(/^[ \t\n]+/, "");
		if (missing) return 0n;
		const quoted = /^["']([\s\S]?)/u.exec(text);
		if (quoted !== null) {
			const character = quoted[1] as string;
			if (character.length < text.length - 1)
				this.complaints.push({ argument: text.slice(1 + character.length), problem: "character ignored" });
			return BigInt(character.codePointAt(0) ?? 0);
		}
		const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
		if (match === null) {
			if (text !== "") this.complaints.push({ argument: text, problem: "no number" });
			return 0n;
		}
		if (match[0].length < text.length) this.complaints.push({ argument: text, problem: "more behind" });
		const digits = match[2] as string;
		const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
		const value = match[1] === "-" ? -magnitude : magnitude;
		if (value > 0xffff_ffff_ffff_ffffn || value < -0x8000_0000_0000_0000n) {
			this.complaints.push({ argument: text, problem: "range" });
			return value < 0n ? -0x8000_0000_0000_0000n : 0x7fff_ffff_ffff_ffffn;
		}
		return value;
	}

	/** A time: of now where there is no argument, or -1. */
	#time(format: string): string {
		const seconds = this.left > 0 ? Number(this.#integer()) : -1;
		return this.#times?.(format === "" ? "%X" : format, seconds < 0 ? undefined : seconds) ?? "";
	}

	#float(): number {
		const missing = this.left <= 0;
		const text = this.#next().trimStart();
		if (missing) return 0;
		const quoted = /^["']([\s\S])/u.exec(text);
		if (quoted !== null) return (quoted[1] as string).codePointAt(0) ?? 0;
		const match = /^[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)/i.exec(text);
		if (match === null) {
			if (text !== "") this.complaints.push({ argument: text, problem: "no number" });
			return 0;
		}
		if (match[0].length < text.length) this.complaints.push({ argument: text, problem: "more behind" });
		const number = match[0].toLowerCase();
		if (/inf/.test(number)) return number.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
		if (/nan/.test(number)) return Number.NaN;
		if (/^[-+]0x/.test(number)) return (number.startsWith("-") ? -1 : 1) * Number(number.slice(1));
		return Number(number);
	}

	#size(text: string | undefined): number | undefined {
		if (text === undefined || text === "") return text === undefined ? undefined : 0;
		const size = text === "*" ? Number(this.#integer()) : Number(text);
		if (Math.abs(size) > MAX_WIDTH) throw new RangeError("a field is too wide");
		return size;
	}

	/** What one directive makes, and whether `\c` ended it. */
	directive(match: RegExpExecArray): [text: string, cut: boolean] {
		let flags = match[1] as string;
		let width = this.#size((match[2] as string) || undefined) ?? 0;
		if (width < 0) {
			flags += "-";
			width = -width;
		}
		const asked = this.#size(match[3]);
		const precision = asked !== undefined && asked < 0 ? undefined : asked;
		const directive = { flags, width, precision, conversion: match[4] as string };
		const cutTo = (text: string): string => (precision === undefined ? text : text.slice(0, precision));
		switch (directive.conversion) {
			case "s":
				return [padded(cutTo(this.#next()), directive, false), false];
			case "b": {
				const [text, cut] = unescape(this.#next(), IN_ARGUMENT);
				return [padded(cutTo(text), directive, false), cut];
			}
			case "q":
				return [padded(cutTo(shellQuote(this.#next())), directive, false), false];
			case "c":
				return [padded(String.fromCodePoint(this.#next().codePointAt(0) ?? 0), directive, false), false];
			case "d":
			case "i":
			case "u":
			case "o":
			case "x":
			case "X":
				return [formatInteger(this.#integer(), directive), false];
			default:
				if (match[0].endsWith(")T")) return [padded(cutTo(this.#time(match[4] as string)), directive, false), false];
				return [formatFloat(this.#float(), directive), false];
		}
	}
}

const DIRECTIVE = /^%([-+ #0']*)(\d+|\*|)(?:\.(-?\d+|\*|))?[hlLjzt]*([sbqcdiuoxXeEfFgGaA])/;
/** `%(FORMAT)T`. */
const TIME = /^%([-0 ]*)(\d+|)(?:\.(\d+|\*|))?\(([^)]*)\)T/;
const MAX_DIRECTIVE = 256;

/** A directive that there is not. */
interface Bad {
	bad: string;
}

/** A format as literal pieces and directives; what is no directive comes last. */
function parse(format: string, times: boolean): (string | RegExpExecArray | Bad)[] {
	const parts: (string | RegExpExecArray | Bad)[] = [];
	let literal = "";
	for (let at = 0; at < format.length; ) {
		const percent = format.indexOf("%", at);
		literal += format.slice(at, percent < 0 ? format.length : percent);
		if (percent < 0) break;
		at = percent + 2;
		if (format.charAt(percent + 1) === "%") literal += "\x00%";
		else {
			const rest = format.slice(percent, percent + MAX_DIRECTIVE);
			const match = DIRECTIVE.exec(rest) ?? (times ? TIME.exec(rest) : null);
			if (match === null) {
				const bad = /^%[-+ #0'.*\dhlLjzt]*[\s\S]?/u.exec(format.slice(percent))?.[0] as string;
				parts.push(literal, { bad });
				return parts;
			}
			parts.push(literal, match);
			literal = "";
			at = percent + match[0].length;
		}
	}
	parts.push(literal);
	return parts;
}

/** Formats a time, in seconds since the Unix epoch, for `%(…)T`; without one, there is no such directive. */
export type Times = (format: string, seconds: number | undefined) => string;

/** What `format` makes of `args`: it is used again while arguments are left. */
export function printf(format: string, args: readonly string[], times?: Times): Printed {
	const parts = parse(format, times !== undefined).map((part) => {
		if (typeof part !== "string") return part;
		const [text, cut] = unescape(part, IN_FORMAT);
		return { text: text.replaceAll("\x00%", "%"), cut };
	});
	const printer = new Printer(args, times);
	const out: string[] = [];
	const end = (cut: boolean): Printed => ({ text: settled(out.join("")), complaints: printer.complaints, cut });
	for (;;) {
		const before = printer.left;
		for (const part of parts) {
			if ("bad" in part) return { ...end(false), bad: part.bad };
			const [text, cut] = "cut" in part ? [part.text, part.cut] : printer.directive(part);
			out.push(text);
			if (cut) return end(true);
		}
		if (printer.left <= 0 || printer.left === before) return end(false);
	}
}
