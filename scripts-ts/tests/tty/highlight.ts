// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of templates.
/** Colours of source text: the spans join to the text, and each has the style that its kind gives it. */

import { highlight, highlighterOf, languageOf } from "/usr/lib/tui/highlight.ts";
import { render } from "/usr/lib/tui/style.ts";

const CASES: [string, string][] = [
	["typescript", "const x: number = 12.5; // note"],
	["typescript", "/* a\nb */ return /[/]x/g.test(`a${b + `c${d}`}e`) ? a / b : null;"],
	["typescript", "`open\nstill ${code} open\n` + 'it\\'s' + foo (1)"],
	["typescript", '"unclosed and 猫'],
	["shell", "if [ \"$x\" = 'y' ]; then echo ${v:-z}; fi # done"],
	["json", '{"key": [1, -2.5e3, true, "text"]}'],
	["markdown", "# Title\nsome `code` and **bold**, *it*\n```\nx = 1\n```\n[a](b)"],
];
for (const [language, text] of CASES) {
	const spans = highlight(text, language);
	if (spans.map(([piece]) => piece).join("") !== text) console.log("LOST TEXT:", text);
	console.log(
		render(spans)
			.replaceAll("\x1b[", "<")
			.replaceAll(/<([\d;]*)m/g, "<$1>"),
	);
}
console.log(
	languageOf("/bin/ls", "/** `ls`: */"),
	languageOf("a.b/c.md", ""),
	languageOf("x", "#!/bin/sh -e"),
	languageOf("notes", "hello"),
);
const long = "a".repeat(1_000_000);
console.log(highlighterOf("typescript")?.(long, 0).spans.length, highlighterOf("cobol"));
