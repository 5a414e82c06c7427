/** Reading one stream twice (Streams, 4.9.1, `ReadableStreamDefaultTee`). */

import { defer, upon } from "helios:web/promises";
import { ReadableCore } from "helios:web/readable-core";

/** Two streams of the chunks of one. A chunk is the same object in both. */
export function tee(source: ReadableCore): [ReadableCore, ReadableCore] {
	const reader = source.acquire();
	const canceled = defer<void>();
	const reasons: [unknown, unknown] = [undefined, undefined];
	const gone: [boolean, boolean] = [false, false];
	let reading = false;
	let readAgain = false;

	const pull = (): Promise<void> => {
		if (reading) {
			readAgain = true;
			return Promise.resolve();
		}
		reading = true;
		source.read({
			// A microtask later, so that an error of the source is seen by both branches before the chunk is.
			chunk: (chunk) =>
				upon(Promise.resolve(), () => {
					readAgain = false;
					if (!gone[0]) first.enqueue(chunk);
					if (!gone[1]) second.enqueue(chunk);
					reading = false;
					if (readAgain) void pull();
				}),
			close: () => {
				reading = false;
				if (!gone[0]) first.close();
				if (!gone[1]) second.close();
				if (!gone[0] || !gone[1]) canceled.resolve(undefined);
			},
			error: () => {
				reading = false;
			},
		});
		return Promise.resolve();
	};

	const cancelBranch = (branch: 0 | 1, reason: unknown): Promise<void> => {
		gone[branch] = true;
		reasons[branch] = reason;
		if (gone[0] && gone[1]) canceled.resolve(source.cancel([...reasons]));
		return canceled.promise;
	};

	const branchOf = (branch: 0 | 1): ReadableCore =>
		new ReadableCore({ start: () => undefined, pull, cancel: (reason) => cancelBranch(branch, reason) }, 1, () => 1);
	const first = branchOf(0);
	const second = branchOf(1);
	first.start();
	second.start();

	upon(
		reader.closed.promise,
		() => {},
		(error) => {
			first.error(error);
			second.error(error);
			if (!gone[0] || !gone[1]) canceled.resolve(undefined);
		},
	);
	return [first, second];
}
