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
// What the linear engine does not know, each with exponential time: refused after a bounded, charged work.
for (const pattern of [/^(a+)+$/i, /^(a+)+$/u, /^(a+)+$/v, /^(a+)+$/d, /^(a|a){20,}$/, /^(?=(a+)+$)b/, /^(a+)+$/iy]) {
	await attempt(`${pattern}, exponential`, () => pattern.test(`${text(60)}b`));
}
await attempt("split, exponential", () => `${text(60)}b`.split(/^(a+)+$/i).length);
// And what they match is what they always matched.
const show = async (name: string, run: () => unknown) => {
	await stdout.write(`${name}: ${JSON.stringify(run())}\n`);
};
await show("captures", () => [/(B)(x)?/i.exec("abc"), /(?<n>É)/iu.exec("xé")?.groups, /b/d.exec("abc")?.indices, /(a)|b/di.exec("B")?.indices]);
await show("places", () => {
	const global = /A/gi;
	const sticky = /A/iy;
	const places: unknown[] = [];
	for (const at of [0, 1, 2, 3, 9]) {
		global.lastIndex = at;
		sticky.lastIndex = at;
		places.push([global.test("aba"), global.lastIndex, sticky.test("aba"), sticky.lastIndex]);
	}
	return places;
});
await show("empty matches", () => [/$/i.exec("ab")?.index, /x*/giu[Symbol.replace]("ab", "-"), "aBa".split(/b/i), "abAB".match(/a|$/gi), /(?:)/iy.exec("")?.length]);
await show("octal", () => [/(a)\2/i.exec("a\u0002")?.length, /(a)\1/i.exec("aA")?.length, /[\2]/i.test("\u0002")]);
await attempt("long, without case", () => `${"b".repeat(100_000)}A`.search(/a/i));
