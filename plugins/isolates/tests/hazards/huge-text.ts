// Text that would be huge, refused before it is made.
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
await attempt("repeat", () => text(60_000_000).length);
await attempt("repeat without end", () => "a".repeat(Number.POSITIVE_INFINITY));
await attempt("repeat of nothing", () => "".repeat(2 ** 40).length);
await attempt("padStart", () => "a".padStart(60_000_000).length);
await attempt("padEnd", () => "a".padEnd(2 ** 52, "xy").length);
await attempt("join", () => new Array(1_000_000).join(text(1000)).length);
await attempt("replaceAll", () => text(100_000).replaceAll("a", text(1000)).length);
await attempt("replaceAll with the text", () => text(100_000).replaceAll("a", "$`$'").length);
await attempt("replace of a pattern", () => text(100_000).replace(/a/g, text(1000)).length);
await attempt("lastIndexOf", () => text(1_000_000).lastIndexOf(`${text(500_000)}b`));
await attempt("normalize", () => text(2_000_000).normalize("NFKD").length);
let long = text(16_000_000);
long = long + long + long + long;
await attempt("JSON.parse of 64 MB", () => JSON.parse(long));
await attempt("split", () => long.split("").length);
await attempt("toUpperCase", () => long.toUpperCase().length);
await attempt("encodeURIComponent", () => encodeURIComponent(long).length);
await attempt("stringify of many names for one object", () => {
	let tree: unknown = "leaf";
	for (let i = 0; i < 40; i++) tree = [tree, tree];
	return JSON.stringify(tree).length;
});
await attempt("String.raw", () => String.raw({ raw: { length: 2 ** 40 } } as never));
