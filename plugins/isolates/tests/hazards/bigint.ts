// BigInts are at most 65,536 bits long, however they are made.
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
const e: bigint = BigInt("1000000");
let two = 2n;
await attempt("**", () => two ** e);
await attempt("**=", () => {
	two **= e;
	return two;
});
await attempt("<<", () => 1n << e);
await attempt("* for ever", () => {
	let n = 3n;
	for (let i = 0; i < 40; i++) n = n * n;
	return n;
});
await attempt("BigInt of a long text", () => BigInt("9".repeat(100_000)));
await attempt("BigInt of a long hexadecimal", () => BigInt(`0x${"f".repeat(30_000)}`));
await attempt("asUintN", () => BigInt.asUintN(1_000_000, -1n));
await attempt("asIntN", () => BigInt.asIntN(2 ** 40, -1n));
await attempt("within", () => (2n ** 60_000n).toString().length);
await attempt("number", () => 2 ** 10 + Number(2n ** 10n));
