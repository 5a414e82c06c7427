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

/** Marks a promise as handled. */
export function quiet(promise: Promise<unknown>): void {
	promise.then(nothing, nothing);
}

/** Calls one of two functions when `promise` settles. An error of theirs is a bug and ends the process. */
export function upon<T>(
	promise: Promise<T>,
	done: (value: T) => void,
	failed: (reason: unknown) => void = nothing,
): void {
	promise.then(done, failed);
}

/** What `call` answers as a promise; what it throws as a rejection. */
export function promised<T>(call: () => T | PromiseLike<T>): Promise<T> {
	try {
		return Promise.resolve(call());
	} catch (error) {
		return Promise.reject(error);
	}
}
