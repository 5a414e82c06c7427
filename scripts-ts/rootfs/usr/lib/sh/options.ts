/** Options of `set` and `shopt`. */

/** Options by their letters, for `set` and `$-`. */
export const LETTERS: Record<string, string> = {
	a: "allexport",
	b: "notify",
	B: "braceexpand",
	C: "noclobber",
	e: "errexit",
	E: "errtrace",
	f: "noglob",
	h: "hashall",
	H: "histexpand",
	m: "monitor",
	n: "noexec",
	P: "physical",
	T: "functrace",
	u: "nounset",
	v: "verbose",
	x: "xtrace",
};

/** Names of the options of `set -o`. */
export const OPTIONS: readonly string[] = [
	...Object.values(LETTERS),
	"history",
	"ignoreeof",
	"nolog",
	"pipefail",
	"posix",
].sort();

/** Options of `shopt`, with what they are at first. */
export const SHOPTS: Record<string, boolean> = {
	dotglob: false,
	expand_aliases: true,
	extglob: false,
	failglob: false,
	globstar: false,
	huponexit: false,
	inherit_errexit: false,
	nocaseglob: false,
	nocasematch: false,
	nullglob: false,
	xpg_echo: false,
};

const ORDER = "abefhimnuvxBCEHPTcs";
const OTHER_LETTERS: Record<string, string> = { i: "interactive", s: "stdin", c: "command" };

/** The letters of options that are set, as `$-` has them. */
export function letters(options: ReadonlySet<string>): string {
	return [...ORDER].filter((letter) => options.has(LETTERS[letter] ?? OTHER_LETTERS[letter] ?? "")).join("");
}
