/** `echo`, as the command and as the shell's builtin. */

const SIMPLE: Record<string, string> = {
	"\\": "\\",
	a: "\x07",
	b: "\b",
	e: "\x1b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
	v: "\v",
};

/** Resolves the escapes of `echo -e`; the second answer says that `\c` cut the output short. */
function unescape(text: string): [text: string, cut: boolean] {
	let out = "";
	for (let at = 0; at < text.length; at++) {
		const character = text.charAt(at);
		if (character !== "\\" || at + 1 === text.length) {
			out += character;
			continue;
		}
		const kind = text.charAt(++at);
		if (kind === "c") return [out, true];
		const digits = kind === "0" ? /^[0-7]{0,3}/ : kind === "x" ? /^[0-9a-fA-F]{1,2}/ : undefined;
		const number = digits?.exec(text.slice(at + 1, at + 4))?.[0];
		if (number !== undefined) {
			out += String.fromCharCode(Number.parseInt(number === "" ? "0" : number, kind === "0" ? 8 : 16) & 255);
			at += number.length;
		} else out += SIMPLE[kind] ?? `\\${kind}`;
	}
	return [out, false];
}

/** What `echo` prints for its arguments. */
export function echo(words: readonly string[]): string {
	let at = 0;
	let newline = true;
	let escapes = false;
	for (; /^-[neE]+$/.test(words[at] ?? ""); at++) {
		for (const letter of (words[at] as string).slice(1)) {
			if (letter === "n") newline = false;
			else escapes = letter === "e";
		}
	}
	const text = words.slice(at).join(" ");
	const [out, cut] = escapes ? unescape(text) : [text, false];
	return newline && !cut ? `${out}\n` : out;
}
