// Timers on virtual time, microtasks between them, and the process's own clock.

import { monotonicNs, sleep } from "helios:time";

const start = performance.now();
const log = (...words: unknown[]): void => console.log(performance.now() - start, ...words);

setTimeout(log, 20, "twenty");
setTimeout(log, 10, "ten", "with", "arguments");
setTimeout(() => log("ten, second"), 10);
setTimeout(log, 0, "zero");
const cleared = setTimeout(log, 5, "never");
clearTimeout(cleared);
clearTimeout(cleared);
clearTimeout(12345);
clearTimeout();

// Each timer is a task of its own: microtasks run in between.
setTimeout(() => {
	log("task a");
	queueMicrotask(() => log("microtask of a"));
	Promise.resolve()
		.then(() => Promise.resolve())
		.then(() => log("deep microtask of a"));
}, 15);
setTimeout(() => log("task b"), 15);

let runs = 0;
const interval = setInterval(() => {
	log("interval", ++runs);
	if (runs === 3) clearInterval(interval);
}, 7);
await sleep(30);
log("slept", monotonicNs() % 1_000_000);

console.log(typeof interval, setTimeout(() => {}, 1) !== setTimeout(() => {}, 1));
setTimeout(log, -5, "negative");
setTimeout(log, "3" as never, "text");
setTimeout(log, Number.NaN, "not a number");
await sleep(5);

// A chain of timers: from the sixth on they are at least 4 ms apart.
await new Promise<void>((resolve) => {
	const begin = performance.now();
	const times: number[] = [];
	const step = (): void => {
		times.push(performance.now() - begin);
		if (times.length < 9) setTimeout(step, 0);
		else {
			console.log(
				"chain",
				times.slice(0, 5).every((time) => time < 4),
				times.slice(6).every((time, at) => time >= 4 * (at + 1)),
			);
			resolve();
		}
	};
	setTimeout(step, 0);
});

try {
	setTimeout("code" as never, 1);
} catch (error) {
	console.log((error as Error).name);
}
try {
	queueMicrotask(undefined as never);
} catch (error) {
	console.log((error as Error).name);
}

// A timer that clears another one that is due at the same time.
const doomed = { id: 0 };
setTimeout(() => clearTimeout(doomed.id), 2);
doomed.id = setTimeout(log, 2, "cleared by its neighbour");
await sleep(4);

const controller = new AbortController();
setTimeout(() => controller.abort(new Error("enough")), 3);
await sleep(1000, { signal: controller.signal }).catch((error) => log(error.message));

performance.mark("a");
await sleep(6);
performance.mark("b", { detail: { n: 1 } });
const measure = performance.measure("a to b", "a", "b");
console.log(
	measure.duration,
	measure.entryType,
	performance.getEntriesByType("mark").length,
	performance.getEntriesByName("b").length,
);
console.log(performance.measure("m", { start: 1, duration: 2 }).toJSON());
for (const run of [
	() => performance.measure("x", "none"),
	() => performance.measure("x", {}, "b"),
	() => new PerformanceMark("n", { startTime: -1 }),
]) {
	try {
		run();
		console.log("no error");
	} catch (error) {
		console.log((error as Error).name);
	}
}
performance.clearMarks();
console.log(
	performance.getEntries().map((entry) => entry.name),
	performance.timeOrigin > 2e12,
	Object.keys(performance.toJSON()),
);

// What is left does not keep the process for longer than it takes.
setTimeout(() => console.log("last"), 50);
AbortSignal.timeout(60_000);
