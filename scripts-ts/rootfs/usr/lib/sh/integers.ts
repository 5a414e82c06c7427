/** Whole numbers of 64 bits, as shells reckon with them. */

/** A value: a number as long as it is exact, else a `bigint`. */
export type Int = number | bigint;

/** An expression that means nothing. */
export class ArithmeticError extends Error {}

/** A number of 64 bits in its simplest form. */
export function wrap(value: bigint): Int {
	const wrapped = BigInt.asIntN(64, value);
	return wrapped >= -9007199254740991n && wrapped <= 9007199254740991n ? Number(wrapped) : wrapped;
}

function exact(value: number, otherwise: () => bigint): Int {
	return Number.isSafeInteger(value) ? value : wrap(otherwise());
}

/** A power by squaring, in 64 bits all the way: no value grows beyond them. */
function power(base: bigint, exponent: bigint): bigint {
	let [result, square] = [1n, base];
	for (let left = exponent; left > 0n; left >>= 1n) {
		if ((left & 1n) === 1n) result = BigInt.asIntN(64, result * square);
		square = BigInt.asIntN(64, square * square);
	}
	return result;
}

function division(): never {
	throw new ArithmeticError("division by 0");
}

/** Whether a value counts as true. */
export function truth(value: Int): boolean {
	return typeof value === "bigint" || value !== 0;
}

function both(left: Int, right: Int): left is number {
	return typeof left === "number" && typeof right === "number";
}

type Operation = (left: Int, right: Int) => Int;

/** Arithmetic on numbers where they are exact, else on 64 bits. */
function reckon(
	small: (left: number, right: number) => number,
	big: (left: bigint, right: bigint) => bigint,
): Operation {
	return (left, right) => {
		if (!both(left, right)) return wrap(big(BigInt(left), BigInt(right)));
		return exact(small(left, right as number), () => big(BigInt(left), BigInt(right)));
	};
}

function bits(big: (left: bigint, right: bigint) => bigint): Operation {
	return (left, right) => wrap(big(BigInt(left), BigInt(right)));
}

/** What each operator of two operands does. A mistake is told without its place. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
	"!=": (left, right) => (BigInt(left) !== BigInt(right) ? 1 : 0),
	"%": (left, right) =>
		truth(right)
			? reckon(
					(a, b) => (a % b) + 0,
					(a, b) => a % b,
				)(left, right)
			: division(),
	"&": bits((a, b) => a & b),
	"*": reckon(
		(a, b) => a * b + 0,
		(a, b) => a * b,
	),
	"**": (left, right) => {
		if (right < 0) throw new ArithmeticError("exponent less than 0");
		return wrap(power(BigInt(left), BigInt(right)));
	},
	"+": reckon(
		(a, b) => a + b,
		(a, b) => a + b,
	),
	",": (_, right) => right,
	"-": reckon(
		(a, b) => a - b,
		(a, b) => a - b,
	),
	"/": (left, right) =>
		truth(right)
			? reckon(
					(a, b) => Math.trunc(a / b) + 0,
					(a, b) => a / b,
				)(left, right)
			: division(),
	"<": (left, right) => (left < right ? 1 : 0),
	"<<": bits((a, b) => a << BigInt.asUintN(6, b)),
	"<=": (left, right) => (left <= right ? 1 : 0),
	"==": (left, right) => (BigInt(left) === BigInt(right) ? 1 : 0),
	">": (left, right) => (left > right ? 1 : 0),
	">=": (left, right) => (left >= right ? 1 : 0),
	">>": bits((a, b) => a >> BigInt.asUintN(6, b)),
	"^": bits((a, b) => a ^ b),
	"|": bits((a, b) => a | b),
};
