/**
 * Coroutines: code that runs through at once as long as nothing has to be waited for. A loop of builtins then costs no
 * turn of the event loop, while the same code waits where it meets a program or a file.
 */

/** Work that may wait for promises, and answers a `T`. */
export type Co<T> = Generator<Promise<unknown>, T, unknown>;

/** Waits for a promise. */
export function* wait<T>(promise: Promise<T>): Co<T> {
	return (yield promise) as T;
}

async function resume<T>(co: Co<T>, first: Promise<unknown>): Promise<T> {
	let pending = first;
	for (;;) {
		let value: unknown;
		let failed = false;
		try {
			value = await pending;
		} catch (error) {
			value = error;
			failed = true;
		}
		const step = failed ? co.throw(value) : co.next(value);
		if (step.done === true) return step.value;
		pending = step.value;
	}
}

/** Runs a coroutine: its answer where it waits for nothing, else a promise of it. */
export function drive<T>(co: Co<T>): T | Promise<T> {
	const step = co.next();
	return step.done === true ? step.value : resume(co, step.value);
}

/** Runs a coroutine to its end. */
export async function run<T>(co: Co<T>): Promise<T> {
	return drive(co);
}

/** Goes on with a coroutine on a stack of its own: what is nested without bound needs no more of it. */
export function* fresh<T>(co: Co<T>): Co<T> {
	return yield* wait(Promise.resolve().then(() => run(co)));
}
