// The same bits everywhere: they are written down here.
import { stdout } from "helios:process";

const view = new DataView(new ArrayBuffer(8));
// The sign of what is not a number is the processor's business.
const bits = (x: number) => {
	if (Number.isNaN(x)) return "NaN";
	view.setFloat64(0, x);
	return view.getBigUint64(0).toString(16).padStart(16, "0");
};
const at = [0.1, -0.7, 1.5, 20, 1e-9, 1e300];
const names = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "cos", "cosh", "exp", "expm1", "log", "log10", "log1p", "log2", "sin", "sinh", "sqrt", "tan", "tanh"] as const;
for (const name of names) await stdout.write(`${name} ${at.map((x) => bits(Math[name](x))).join(" ")}\n`);
let base = 1.1;
let exponent = 0.3;
await stdout.write(`pow ${at.map((x) => bits(Math.pow(x, 0.3))).join(" ")} ${bits(base ** exponent)} ${bits(1.1 ** 0.3)}\n`);
await stdout.write(`atan2 ${bits(Math.atan2(0.3, -0.7))} hypot ${bits(Math.hypot(0.1, 0.2, 0.3))} ${Object.is(Math.tanh(-0), -0)}\n`);
base = exponent = 0;
