// Traces have positions of the TypeScript source, and do not show the meter, the realm or the host.
import { stdout } from "helios:process";

interface Nothing {
	here: never;
}

type Also = Nothing;

function thrower(value: number): Also {
	if (value > 1) throw new RangeError(`value ${value}`);
	return undefined as never;
}
try {
	[1, 2].map((value) => thrower(value));
} catch (error) {
	await stdout.write(`${(error as Error).stack}\n`);
}
try {
	(undefined as unknown as Nothing).here;
} catch (error) {
	await stdout.write(`${(error as Error).stack}\n`);
}
try {
	"x".repeat(-1);
} catch (error) {
	await stdout.write(`${(error as Error).stack}\n`);
}
