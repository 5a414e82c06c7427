/** What `printf` prints, for the command and for the shell's builtin. */

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
}

/** Escaped bytes of `/usr/lib/text/bytes.ts`, as which bytes above 0x7F travel. */
const ESCAPE = 0xdc00;
/** Longest field: what is wider is refused. */
const MAX_WIDTH = 1_000_000;
const SIMPLE: Record<string, string> = {
	"\\": "\\",
	'"': '"',
	a: "\x07",
	b: "\b",
	e: "\x1b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
	v: "\v",
};

function byte(code: number): string {
	return String.fromCharCode(code < 0x80 ? code : ESCAPE + code);
}

/** Bytes that were written one by one and make up UTF-8 become the text it stands for. */
function settled(text: string): string {
	return text.replace(
		/[\udcc2-\udcdf][\udc80-\udcbf]|[\udce0-\udcef][\udc80-\udcbf]{2}|[\udcf0-\udcf4][\udc80-\udcbf]{3}/g,
		(sequence) => {
			const bytes = Uint8Array.from(sequence, (character) => character.charCodeAt(0) - ESCAPE);
			const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
			return decoded.includes("\ufffd") ? sequence : decoded;
		},
	);
}

/** One escape from behind its backslash: what it stands for, and how long it is. `octal` is the form of `\0NNN`. */
function escapeAt(text: string, at: number, octal: RegExp): [made: string, length: number, cut: boolean] {
	const kind = text.charAt(at);
	const rest = text.slice(at, at + 9);
	if (kind === "c") return ["", 1, true];
	const digits = octal.exec(rest)?.[0];
	if (digits !== undefined) return [byte(Number.parseInt(digits, 8) & 255), digits.length, false];
	const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
	if (hex !== null) return [byte(Number.parseInt(hex[1] as string, 16)), hex[0].length, false];
	const unicode = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
	if (unicode !== null) {
		const point = Number.parseInt((unicode[1] ?? unicode[2]) as string, 16);
		return [point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point), unicode[0].length, false];
	}
	const simple = SIMPLE[kind];
	return simple === undefined ? [`\\${kind}`, kind.length, false] : [simple, 1, false];
}

/** Resolves the escapes of a text; the second answer says that `\c` cut it short. */
function unescape(text: string, octal: RegExp): [text: string, cut: boolean] {
	let out = "";
	for (let at = 0; at < text.length; ) {
		const backslash = text.indexOf("\\", at);
		if (backslash < 0) return [out + text.slice(at), false];
		out += text.slice(at, backslash);
		const [made, length, cut] = escapeAt(text, backslash + 1, octal);
		if (cut) return [out, true];
		out += made;
		at = backslash + 1 + length;
	}
	return [out, false];
}

const FORMAT_OCTAL = /^[0-7]{1,3}/;
const ARGUMENT_OCTAL = /^0[0-7]{0,3}|^[1-7][0-7]{0,2}/;

/** A word that the shell reads back as it is. */
export function shellQuote(word: string): string {
	if (word === "") return "''";
	if (/\p{Cc}|[\udc80-\udcff]/u.test(word)) {
		const escaped = word.replace(/[\\'\p{Cc}]|[\udc80-\udcff]/gu, (character) => {
			const name = Object.entries(SIMPLE).find(([letter, value]) => value === character && letter !== '"')?.[0];
			if (character === "'") return "\\'";
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

/**
 * `toFixed` rounds what lies right between two numbers away from zero; C, to the even one.
 *
 * Halves of the last of `digits` are those numbers that become odd when they are multiplied by two once more than `digits`
 * times: `value` is then an odd multiple of a half of a power of ten.
 */
function toEven(value: number, text: string, digits: number): string {
	const doubled = Math.abs(value) * 2 ** (digits + 1);
	if (doubled % 2 !== 1) return text;
	return text.replace(/[13579]$/, (digit) => String(Number(digit) - 1));
}

/** A number with so many digits behind the point, all of them right: `toFixed` knows only numbers below 10^21. */
function fixed(value: number, digits: number): string {
	const most = Math.min(digits, 100);
	if (Math.abs(value) < 1e21) return toEven(value, value.toFixed(most), most) + "0".repeat(digits - most);
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
	readonly complaints: Complaint[] = [];
	#at = 0;

	constructor(args: readonly string[]) {
		this.#args = args;
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
				const [text, cut] = unescape(this.#next(), ARGUMENT_OCTAL);
				return [padded(cutTo(text), directive, false), cut];
			}
			case "q":
				return [padded(cutTo(shellQuote(this.#next())), directive, false), false];
			case "c":
				return [
					padded(String.fromCodePoint(this.#next().codePointAt(0) ?? 0).replace("\0", ""), directive, false),
					false,
				];
			case "d":
			case "i":
			case "u":
			case "o":
			case "x":
			case "X":
				return [formatInteger(this.#integer(), directive), false];
			default:
				return [formatFloat(this.#float(), directive), false];
		}
	}
}

const DIRECTIVE = /^%([-+ #0']*)(\d+|\*|)(?:\.(-?\d+|\*|))?[hlLjzt]*([sbqcdiuoxXeEfFgGaA])/;

/** A format as literal pieces and directives. @throws {Error} with what is wrong with it. */
function parse(format: string): (string | RegExpExecArray)[] {
	const parts: (string | RegExpExecArray)[] = [];
	let literal = "";
	for (let at = 0; at < format.length; ) {
		const percent = format.indexOf("%", at);
		literal += format.slice(at, percent < 0 ? format.length : percent);
		if (percent < 0) break;
		at = percent + 2;
		if (format.charAt(percent + 1) === "%") literal += "\x00%";
		else {
			const match = DIRECTIVE.exec(format.slice(percent, percent + 64));
			if (match === null) {
				const bad = /^%[-+ #0'.*\dhlLjzt]*[\s\S]?/u.exec(format.slice(percent))?.[0] as string;
				throw new Error(`${bad}: invalid conversion specification`);
			}
			parts.push(literal, match);
			literal = "";
			at = percent + match[0].length;
		}
	}
	parts.push(literal);
	return parts;
}

/**
 * What `format` makes of `args`: it is used again while arguments are left.
 *
 * @throws {Error} with what is wrong with the format.
 */
export function printf(format: string, args: readonly string[]): Printed {
	const parts = parse(format).map((part) => {
		if (typeof part !== "string") return part;
		const [text, cut] = unescape(part, FORMAT_OCTAL);
		return { text: text.replaceAll("\x00%", "%"), cut };
	});
	const printer = new Printer(args);
	const out: string[] = [];
	const end = (cut: boolean): Printed => ({ text: settled(out.join("")), complaints: printer.complaints, cut });
	for (;;) {
		const before = printer.left;
		for (const part of parts) {
			const [text, cut] = "cut" in part ? [part.text, part.cut] : printer.directive(part);
			out.push(text);
			if (cut) return end(true);
		}
		if (printer.left <= 0 || printer.left === before) return end(false);
	}
}
