// Patterns: no exponential time, and no long inputs for what only backtracking can match.
import { stdout } from "helios:process";

const attempt = async (name: string, run: () => unknown) => {
	let result: string;
	try {
		result = `gives ${String(run()).slice(0, 40)}`;
	} catch (error) {
		result = String(error);
	}
	await stdout.write(`${name}: ${result}\n`);
};
const text = (n: number) => "a".repeat(n);
await attempt("nested quantifiers", () => /^(a+)+$/.test(`${text(4000)}b`));
await attempt("lookahead, short", () => /a(?=b)/.test(`${text(4000)}b`));
for (const pattern of [/a(?=b)/, /a(?!a)/, /(?<=a)b/, /(?<!a)b/, /(a)\1b/, /(?<x>a)\k<x>b/, new RegExp("a(?=b)"), RegExp("(a)\\1b")]) {
	await attempt(`${pattern}, long`, () => pattern.test(`${text(5000)}b`));
}
await attempt("replace, long", () => text(5000).replace(/a(?=b)/g, ""));
await attempt("match, long", () => text(5000).match("a(?=b)"));
await attempt("split, long", () => text(5000).split(/a(?=b)/).length);
await attempt("search, long", () => text(5000).search("(?:b)(?=c)"));
await attempt("matchAll, long", () => [...text(5000).matchAll(/a(?=b)/g)].length);
await attempt("own exec", () => RegExp.prototype.exec.call(/(a)\1b/, text(5000)));
await attempt("literal brackets, long", () => /[(?=]b/.test(`${text(5000)}=b`));
await attempt("long pattern", () => new RegExp(text(100_000)));
await attempt("legacy", () => Object.getOwnPropertyNames(RegExp).join());
await attempt("compile", () => "compile" in RegExp.prototype);
await attempt("pieces", () => JSON.stringify(["a1b22c".split(/\d+/), "a1b2c".split(/(\d)/, 3), "".split(/x/), "abc".split(/(?:)/), "".split(/(?:)/), "ab".split(/$/), "a,b".split(/,/y), "😀x".split(/(?:)/u)]));
await attempt("replaced", () => JSON.stringify(["a1b2".replace(/\d/g, (d, at) => `<${d}${at}>`), "abc".replace(/b/, "[$&]"), "abc".replace(/(?<x>b)/, (...all) => JSON.stringify(all.at(-1))), "aaa".replace(/x*/g, "-"), "😀".replace(/(?:)/gu, "-")]));
await attempt("matched", () => JSON.stringify(["a1b2".match(/\d/g), "x".match(/\d/g), "aa".match(/x*/g), "a1".match(/(?<d>\d)/)?.groups]));
