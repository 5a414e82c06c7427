// Readable, writable and transform streams: order, backpressure, errors, tee, pipes.

const later = (ms = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function collect<T>(stream: ReadableStream<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const chunk of stream) all.push(chunk);
	return all;
}
async function outcome(promise: Promise<unknown>): Promise<string> {
	try {
		return `ok ${String(await promise)}`;
	} catch (error) {
		return error instanceof Error ? `${error.name}` : `thrown ${String(error)}`;
	}
}
function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, run());
	} catch (error) {
		console.log(what, "throws", (error as Error).name);
	}
}

// Backpressure: a source is asked for no more than the mark.
let pulls = 0;
const counted = new ReadableStream<number>({ pull: (c) => c.enqueue(++pulls) }, { highWaterMark: 3 });
await later();
console.log("pulled ahead", pulls);
const reader = counted.getReader();
console.log(await reader.read(), pulls, counted.locked);
attempt("second reader", () => counted.getReader());
console.log(await outcome(counted.cancel()));
reader.releaseLock();
console.log(await outcome(reader.read()), await outcome(reader.closed), counted.locked);
console.log(
	await outcome(counted.cancel("enough")),
	await outcome(
		counted
			.getReader()
			.read()
			.then((r) => r.done),
	),
);

let sizes = 0;
const sized = new ReadableStream(
	{
		start(c) {
			c.enqueue("abc");
			sizes = c.desiredSize ?? 99;
			c.close();
		},
	},
	{ highWaterMark: 5, size: (text: string) => text.length },
);
console.log(sizes, await collect(sized));
attempt("bad mark", () => new ReadableStream({}, { highWaterMark: -1 }));
attempt("bad size", () => new ReadableStream({}, { size: 5 as never }));
attempt("bytes", () => new ReadableStream({ type: "bytes" } as never));
attempt("byob", () => new ReadableStream().getReader({ mode: "byob" } as never));
console.log(
	new CountQueuingStrategy({ highWaterMark: 4 }).size(),
	new ByteLengthQueuingStrategy({ highWaterMark: 4 }).size(new Uint8Array(9)),
);

const failing = new ReadableStream({
	start(c) {
		c.enqueue(1);
		c.error(new RangeError("broken"));
	},
});
console.log(await outcome(collect(failing)));
console.log(
	await outcome(
		collect(
			new ReadableStream({
				pull() {
					throw "pulled";
				},
			}),
		),
	),
);
attempt(
	"start throws",
	() =>
		new ReadableStream({
			start() {
				throw new EvalError("start");
			},
		}),
);
attempt(
	"closed twice",
	() =>
		new ReadableStream({
			start(c) {
				c.close();
				c.close();
			},
		}),
);

// Iteration: leaving early cancels, unless told not to.
let canceled: unknown;
const early = new ReadableStream({
	pull: (c) => c.enqueue(1),
	cancel: (reason) => void (canceled = reason ?? "no reason"),
});
for await (const chunk of early) {
	console.log("chunk", chunk);
	break;
}
console.log(canceled, early.locked);
const spared = ReadableStream.from([1, 2, 3]);
for await (const chunk of spared.values({ preventCancel: true })) if (chunk === 2) break;
console.log(await collect(spared));
async function* generate(): AsyncGenerator<string> {
	try {
		yield "a";
		yield "b";
	} finally {
		console.log("generator ended");
	}
}
console.log(
	await collect(ReadableStream.from(generate())),
	await collect(ReadableStream.from([Promise.resolve(1), 2])),
);
const half = ReadableStream.from(generate()).getReader();
console.log(await half.read(), await outcome(half.cancel("x")));
attempt("from a number", () => ReadableStream.from(5 as never));

// Tee: both branches see everything; a cancel goes on when both have given up.
const [left, right] = ReadableStream.from([1, 2, 3]).tee();
console.log(await Promise.all([collect(left), collect(right)]));
let reasons: unknown;
const [one, two] = new ReadableStream({ cancel: (reason) => void (reasons = reason) }).tee();
const gone = one.cancel("one");
await later();
console.log(reasons);
await Promise.all([gone, two.cancel("two")]);
console.log(reasons);
const [bad1, bad2] = new ReadableStream({
	pull(c) {
		c.error("teed");
	},
}).tee();
console.log(await outcome(collect(bad1)), await outcome(collect(bad2)));

// Writing: order, backpressure, close and abort.
const written: unknown[] = [];
const slow = new WritableStream({
	async write(chunk) {
		await later(2);
		written.push(chunk);
	},
	close: () => void written.push("closed"),
	abort: (reason) => void written.push(`aborted ${reason}`),
});
const writer = slow.getWriter();
console.log(writer.desiredSize, await outcome(writer.ready));
const pending = [writer.write(1), writer.write(2)];
console.log(writer.desiredSize, written);
await Promise.all(pending);
console.log(written, writer.desiredSize);
void writer.write(3);
await writer.close();
console.log(written.splice(0), await outcome(writer.closed), writer.desiredSize, await outcome(writer.write(4)));
writer.releaseLock();
attempt("released", () => writer.desiredSize);
console.log(await outcome(writer.closed), slow.locked, await outcome(slow.close()));

const aborted = new WritableStream({
	write: () => later(2),
	abort: (reason) => void written.push(`aborted ${reason}`),
});
const hand = aborted.getWriter();
const first = hand.write("a");
const queued = hand.write("b");
const abort = hand.abort("stop");
console.log(
	await outcome(first),
	await outcome(queued),
	await outcome(abort),
	await outcome(hand.closed),
	written.splice(0),
);
let seen: unknown;
const controlled = new WritableStream({
	start: (c) => void c.signal.addEventListener("abort", () => (seen = c.signal.reason)),
});
await controlled.abort("reason");
console.log(seen);
const broken = new WritableStream({
	write() {
		throw new TypeError("sink");
	},
}).getWriter();
console.log(
	await outcome(broken.write(1)),
	await outcome(broken.write(2)),
	await outcome(broken.closed),
	broken.desiredSize,
);

// Transforming.
const upper = new TransformStream<string, string>({
	transform: (chunk, c) => (chunk === "" ? c.terminate() : c.enqueue(chunk.toUpperCase())),
	flush: (c) => c.enqueue("END"),
});
console.log(await collect(ReadableStream.from(["a", "b"]).pipeThrough(upper)));
console.log(await collect(ReadableStream.from([1, 2]).pipeThrough(new TransformStream())));
const thrown = ReadableStream.from([1]).pipeThrough(
	new TransformStream({
		transform() {
			throw new SyntaxError("t");
		},
	}),
);
console.log(await outcome(collect(thrown)));
const cut = new TransformStream<string, string>({
	transform: (chunk, c) => (chunk === "x" ? c.terminate() : c.enqueue(chunk)),
});
const cutting = outcome(ReadableStream.from(["a", "x", "b"]).pipeTo(cut.writable));
console.log(await collect(cut.readable), await cutting);
let told: unknown;
const dropped = new TransformStream({ cancel: (reason) => void (told = reason) });
await dropped.readable.cancel("unwanted");
console.log(told, await outcome(dropped.writable.getWriter().write(1)));
console.log(new TransformStream().writable.getWriter().desiredSize);

// Pipes: what ends or fails on one side reaches the other.
const sink = (): { stream: WritableStream; log: unknown[] } => {
	const log: unknown[] = [];
	const stream = new WritableStream({
		write: (chunk) => void log.push(chunk),
		close: () => void log.push("close"),
		abort: (reason) => void log.push(`abort ${reason}`),
	});
	return { stream, log };
};
const plain = sink();
console.log(await outcome(ReadableStream.from([1, 2]).pipeTo(plain.stream)), plain.log, plain.stream.locked);
const open = sink();
await ReadableStream.from([1]).pipeTo(open.stream, { preventClose: true });
await ReadableStream.from([2]).pipeTo(open.stream);
console.log(open.log);
const forward = sink();
console.log(
	await outcome(
		new ReadableStream({
			pull(c) {
				c.error("source");
			},
		}).pipeTo(forward.stream),
	),
	forward.log,
);
let back: unknown;
const endless = new ReadableStream({ pull: (c) => c.enqueue(1), cancel: (reason) => void (back = reason) });
console.log(
	await outcome(
		endless.pipeTo(
			new WritableStream({
				write() {
					throw "sink";
				},
			}),
		),
	),
	back,
);
const stopper = new AbortController();
const interrupted = sink();
const piping = new ReadableStream({
	async pull(c) {
		await later(5);
		c.enqueue("late");
	},
	cancel: (r) => void (back = r),
}).pipeTo(interrupted.stream, { signal: stopper.signal });
stopper.abort("signal");
console.log(await outcome(piping), interrupted.log, back);
console.log(await outcome(ReadableStream.from([]).pipeTo({} as never)), await outcome(counted.pipeTo(sink().stream)));
attempt("pipeThrough", () => ReadableStream.from([]).pipeThrough({} as never));

// A pipe keeps to what its sink takes.
let ahead = 0;
const eager = new ReadableStream({ pull: (c) => (ahead++, c.enqueue(ahead)) }, { highWaterMark: 0 });
const enough = new AbortController();
const eagerly = eager.pipeTo(new WritableStream({ write: () => later(10) }, { highWaterMark: 2 }), {
	signal: enough.signal,
});
await later(5);
console.log("read ahead", ahead);
enough.abort("enough");
console.log(await outcome(eagerly));
for (const object of [new ReadableStream(), new WritableStream(), new TransformStream(), left.values])
	console.log(Object.prototype.toString.call(object));
attempt("brand", () => Object.getOwnPropertyDescriptor(ReadableStream.prototype, "locked")?.get?.call({}));
attempt("controller", () => new (ReadableStreamDefaultController as never as new () => object)());
