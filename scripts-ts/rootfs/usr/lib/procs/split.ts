/** Splits a text into arguments as `env -S` does: blanks, quotes, backslashes, `${NAME}` and comments. */

const ESCAPES: Record<string, string> = {
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
	v: "\v",
	"#": "#",
	$: "$",
	'"': '"',
	"'": "'",
	"\\": "\\",
	" ": " ",
};

/** The arguments of a text, or what is wrong with it. */
export function splitString(text: string, env: Readonly<Record<string, string>>): string[] | string {
	const words: string[] = [];
	let word: string | undefined;
	let quote = "";
	const add = (piece: string): void => {
		word = (word ?? "") + piece;
	};
	for (let at = 0; at < text.length; at++) {
		const character = text.charAt(at);
		if (quote === "" && /\s/.test(character)) {
			if (word !== undefined) words.push(word);
			word = undefined;
		} else if (quote === "" && character === "#" && word === undefined) break;
		else if (character === quote) quote = "";
		else if (quote === "" && (character === "'" || character === '"')) {
			quote = character;
			add("");
		} else if (character === "\\") {
			const next = text.charAt(++at);
			if (next === "") return "invalid backslash at end of string in -S";
			if (quote === "'") add(next === "\\" || next === "'" ? next : `\\${next}`);
			else if (next === "c" && quote === "") break;
			else if (next === "_") {
				if (quote === '"') add(" ");
				else {
					if (word !== undefined) words.push(word);
					word = undefined;
				}
			} else if (ESCAPES[next] !== undefined) add(ESCAPES[next]);
			else return `invalid sequence '\\${next}' in -S`;
		} else if (character === "$" && quote !== "'") {
			const name = /^\{([A-Za-z_]\w*)\}/.exec(text.slice(at + 1));
			if (name === null) return `only \${VARNAME} expansion is supported, error at: ${text.slice(at)}`;
			add(env[name[1] ?? ""] ?? "");
			at += name[0].length;
		} else add(character);
	}
	if (quote !== "") return "no terminating quote in -S string";
	if (word !== undefined) words.push(word);
	return words;
}
