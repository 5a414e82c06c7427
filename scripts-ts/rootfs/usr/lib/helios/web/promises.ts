/** Promises as the streams standard handles them. */

/** A promise and what settles it. */
export interface Deferred<T> {
	readonly promise: Promise<T>;
	resolve(value: T | PromiseLike<T>): void;
	reject(reason: unknown): void;
}

/** A promise that has not settled yet. */
export function defer<T>(): Deferred<T> {
	let resolve!: (value: T | PromiseLike<T>) => void;
	let reject!: (reason: unknown) => void;
	const promise = new Promise<T>((yes, no) => {
		resolve = yes;
		reject = no;
	});
	return { promise, resolve, reject };
}

/** A promise that was rejected, and nobody needs to handle that. */
export function rejectedQuietly<T>(reason: unknown): Deferred<T> {
	const deferred = defer<T>();
	deferred.reject(reason);
	quiet(deferred.promise);
	return deferred;
}

/** A promise that was fulfilled. */
export function fulfilled<T>(value: T): Deferred<T> {
	const deferred = defer<T>();
	deferred.resolve(value);
	return deferred;
}

function nothing(): void {}

/** Taken before a program could replace it: what a stream does never shows in `Promise.prototype`. */
const nativeThen = Promise.prototype.then;

/** `promise.then(done, failed)`. */
export function after<T, U>(
	promise: Promise<T>,
	done: (value: T) => U | PromiseLike<U>,
	failed?: (reason: unknown) => U | PromiseLike<U>,
): Promise<U> {
	return Reflect.apply(nativeThen, promise, [done, failed]) as Promise<U>;
}

/** Settles when `promise` does, and never fails. */
export function settled(promise: Promise<unknown>): Promise<void> {
	return after(promise, nothing, nothing);
}

/** Fulfilled when all of `promises` are; rejected with the first that fails. */
export function all(promises: readonly Promise<unknown>[]): Promise<void> {
	const { promise, resolve, reject } = defer<void>();
	let left = promises.length;
	if (left === 0) resolve(undefined);
	for (const each of promises) {
		upon(
			each,
			() => {
				left--;
				if (left === 0) resolve(undefined);
			},
			reject,
		);
	}
	return promise;
}

/** Marks a promise as handled. */
export function quiet(promise: Promise<unknown>): void {
	after(promise, nothing, nothing);
}

/** Calls one of two functions when `promise` settles. */
export function upon<T>(
	promise: Promise<T>,
	done: (value: T) => void,
	failed: (reason: unknown) => void = nothing,
): void {
	after(promise, done, failed);
}

/** What `call` answers as a promise; what it throws as a rejection. */
export function promised<T>(call: () => T | PromiseLike<T>): Promise<T> {
	try {
		return Promise.resolve(call());
	} catch (error) {
		return Promise.reject(error);
	}
}
