// Node's own interfaces answer the same.

// `Request` and `Response` and their bodies, without a network.

function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, JSON.stringify(run()));
	} catch (error) {
		console.log(what, "throws", (error as Error).name);
	}
}
async function outcome(what: string, run: () => Promise<unknown>): Promise<void> {
	try {
		console.log(what, JSON.stringify(await run()));
	} catch (error) {
		console.log(what, "fails", (error as Error).name);
	}
}
const text = new TextEncoder();
const streamOf = (...parts: unknown[]): ReadableStream<Uint8Array> =>
	new ReadableStream<Uint8Array>({
		start(controller) {
			for (const part of parts) controller.enqueue(typeof part === "string" ? text.encode(part) : (part as never));
			controller.close();
		},
	});

// Attributes.
const plain = new Request("http://example.com/a?b#c");
attempt("request", () => [
	plain.method,
	plain.url,
	plain.destination,
	plain.referrer,
	plain.referrerPolicy,
	plain.mode,
	plain.credentials,
	plain.cache,
	plain.redirect,
	plain.integrity,
	plain.keepalive,
	plain.duplex,
	plain.body,
	plain.bodyUsed,
	plain.signal.aborted,
]);
attempt("response", () => {
	const response = new Response();
	return [
		response.type,
		response.url,
		response.redirected,
		response.status,
		response.ok,
		response.statusText,
		response.body,
	];
});
attempt("tags", () => [Object.prototype.toString.call(plain), Request.length, Response.length, Request.name]);

// Methods and URLs.
for (const method of ["get", "pOsT", "patch", "PATCH", "M-SEARCH", "CONNECT", "trace", "Track", "a b", "", "\u00e9"]) {
	attempt(`method ${JSON.stringify(method)}`, () => new Request("http://a/", { method }).method);
}
for (const url of [
	"http://a",
	"HTTP://A:80/../x",
	"/relative",
	"",
	"http://u:p@a/",
	"http://u@a/",
	"data:,x",
	"nonsense",
]) {
	attempt(`url ${url}`, () => new Request(url).url);
}
attempt("url object", () => new Request(new URL("http://a/?q=%20")).url);
attempt("no arguments", () => new (Request as never as new () => Request)());

// Options.
for (const [name, value] of [
	["mode", "navigate"],
	["mode", "other"],
	["credentials", "include"],
	["cache", "only-if-cached"],
	["cache", "no-store"],
	["redirect", "manual"],
	["redirect", "sideways"],
	["referrerPolicy", "origin"],
	["integrity", 1],
	["keepalive", "yes"],
	["signal", {}],
	["signal", null],
	["window", 1],
] as const) {
	attempt(`${name} ${JSON.stringify(value)}`, () => {
		const request = new Request("http://a/", { [name]: value } as never);
		return name === "signal" || name === "window" ? "taken" : request[name];
	});
}
attempt("init is no object", () => new Request("http://a/", 1 as never));

// Which bodies may be where.
attempt("GET with a body", () => new Request("http://a/", { body: "x" }));
attempt("HEAD with a body", () => new Request("http://a/", { method: "HEAD", body: "x" }));
attempt("GET with null", () => new Request("http://a/", { body: null }).body);
attempt("stream without duplex", () => new Request("http://a/", { method: "POST", body: streamOf("x") }));
for (const status of [100, 101, 199, 200, 204, 205, 304, 599, 600, 65_736, -1]) {
	attempt(`status ${status}`, () => new Response(null, { status }).status);
}
for (const status of [204, 205, 304, 301])
	attempt(`status ${status} with a body`, () => new Response("x", { status }).status);
for (const statusText of ["Fine", "", "a\tb", "a\nb", "a\0", "\u0100", "\xff"]) {
	attempt(`statusText ${JSON.stringify(statusText)}`, () => new Response(null, { statusText }).statusText);
}

// What a body is made of, and its type.
const params = new URLSearchParams({ a: "1 2", b: "&" });
const bodies: [string, () => unknown][] = [
	["text", () => "h\u00e9llo"],
	["lone surrogate", () => "\ud800"],
	["bytes", () => new Uint8Array([104, 105])],
	["a view", () => new DataView(new Uint8Array([1, 104, 105]).buffer, 1)],
	["a buffer", () => new Uint8Array([104, 105]).buffer],
	["a blob", () => new Blob(["hi"], { type: "Text/X" })],
	["a blob without a type", () => new Blob(["hi"])],
	["parameters", () => params],
	["a stream", () => streamOf("h", "", "i")],
	["a number", () => 7],
	["an object", () => ({ a: 1 })],
	["an array", () => [1, 2]],
	["nothing", () => ""],
	["null", () => null],
];
for (const [name, make] of bodies) {
	await outcome(name, async () => {
		const response = new Response(make() as never);
		return [response.headers.get("content-type"), await response.text(), response.bodyUsed];
	});
}
await outcome("arrayBuffer", async () => {
	const buffer = await new Response("ab").arrayBuffer();
	return [buffer.byteLength, [...new Uint8Array(buffer)]];
});
await outcome("blob", async () => {
	const blob = await new Response("ab", { headers: { "Content-Type": 'Text/Plain; Charset="UTF-8"' } }).blob();
	return [blob.type, await blob.text()];
});
for (const type of ["text/html;charset=x;charset=y", "nonsense", "a/b;c=d e", "a/b;c", "", "text/html;a=é"]) {
	await outcome(
		`blob of ${type}`,
		async () => (await new Response("", { headers: { "Content-Type": type } }).blob()).type,
	);
}
await outcome("json", () => new Response('{"a":[1,2]}').json());
await outcome("bad json", () => new Response("{").json());
await outcome("empty json", () => new Response().json());
await outcome("marked json", () => new Response("\ufeff[1]").json());
await outcome("marked text", () => new Response("\ufefftext").text());
await outcome("bad bytes", () => new Response(new Uint8Array([0xff, 0x41])).text());

// A body is read once.
await outcome("twice", async () => {
	const response = new Response("x");
	await response.text();
	return response.text();
});
await outcome("at once", async () => {
	const response = new Response("x");
	const first = response.text();
	const locked = response.body?.locked;
	const second = await response.text().catch((error: Error) => error.name);
	return [locked, response.bodyUsed, second, await first];
});
await outcome("locked", async () => {
	const response = new Response("x");
	response.body?.getReader();
	return [response.bodyUsed, await response.text()];
});
await outcome("canceled", async () => {
	const response = new Response("x");
	await response.body?.cancel();
	return [response.bodyUsed, await response.text()];
});
await outcome("empty twice", async () => {
	const response = new Response();
	return [await response.text(), await response.text(), response.bodyUsed];
});
await outcome("same stream", async () => {
	const response = new Response("x");
	return response.body === response.body;
});
await outcome("read as a stream", async () => {
	const parts: number[] = [];
	for await (const part of new Response(streamOf("a", "bc")).body as ReadableStream<Uint8Array>)
		parts.push(part.length);
	return parts;
});
await outcome("a stream of text", () => new Response(ReadableStream.from(["text"]) as never).text());
await outcome("a stream that fails", () =>
	new Response(
		new ReadableStream<Uint8Array>({
			pull() {
				throw new RangeError("no");
			},
		}),
	).text(),
);
await outcome("a stream that was read", async () => {
	const stream = streamOf("a");
	await new Response(stream).text();
	return new Response(stream);
});
await outcome("a locked stream", async () => {
	const stream = streamOf("a");
	stream.getReader();
	return new Response(stream);
});

// Clones.
await outcome("clone", async () => {
	const response = new Response("x", { status: 201, statusText: "S", headers: { a: "b" } });
	const copy = response.clone();
	return [copy.status, copy.statusText, copy.headers.get("a"), await copy.text(), await response.text()];
});
await outcome("clone of a stream", async () => {
	const response = new Response(streamOf("a", "b"));
	const copy = response.clone();
	return [await copy.text(), await response.text()];
});
await outcome("clone of a read body", async () => {
	const response = new Response("x");
	await response.text();
	return response.clone();
});
await outcome("clone of a request", async () => {
	const request = new Request("http://a/", { method: "POST", body: "x", headers: { a: "b" } });
	const copy = request.clone();
	return [copy.method, copy.url, copy.headers.get("a"), await copy.text(), await request.text(), request.bodyUsed];
});

// Requests of requests.
await outcome("taken over", async () => {
	const first = new Request("http://a/", { method: "POST", body: "x" });
	const second = new Request(first);
	return [first.bodyUsed, second.bodyUsed, second.method, await second.text()];
});
await outcome("replaced", async () => {
	const first = new Request("http://a/", { method: "POST", body: "x" });
	const second = new Request(first, { body: "y", method: "PUT" });
	return [first.bodyUsed, second.method, second.url, await second.text(), await first.text()];
});
await outcome("of a read one", async () => {
	const first = new Request("http://a/", { method: "POST", body: "x" });
	await first.text();
	return new Request(first).method;
});
await outcome(
	"to GET",
	async () => new Request(new Request("http://a/", { method: "POST", body: "x" }), { method: "GET" }),
);

// Signals.
const controller = new AbortController();
const watched = new Request("http://a/", { signal: controller.signal });
const follower = new Request(watched).signal;
controller.abort(new RangeError("enough"));
attempt("aborted", () => [
	watched.signal === controller.signal,
	watched.signal.aborted,
	follower.aborted,
	(watched.signal.reason as Error).name,
	watched.clone().signal.aborted,
]);

// Static functions.
attempt("error", () => {
	const response = Response.error();
	return [response.type, response.status, response.ok, response.statusText, response.body];
});
attempt("redirect", () => {
	const response = Response.redirect("http://a/b c", 307);
	return [response.type, response.status, response.headers.get("location"), response.body];
});
attempt("redirect by default", () => Response.redirect("http://a/").status);
attempt("redirect 200", () => Response.redirect("http://a/", 200));
attempt("redirect nowhere", () => Response.redirect("nowhere"));
await outcome("json answer", async () => {
	const response = Response.json({ a: 1 }, { status: 418, headers: { "x-y": "z" } });
	return [response.status, response.headers.get("content-type"), response.headers.get("x-y"), await response.text()];
});
attempt("json with a type", () => Response.json(1, { headers: { "Content-Type": "a/b" } }).headers.get("content-type"));
attempt("json of nothing", () => Response.json(undefined));
attempt("json of a symbol", () => Response.json(Symbol("a")));
attempt("json with 204", () => Response.json(1, { status: 204 }));
attempt("wrong receiver", () => Object.getOwnPropertyDescriptor(Response.prototype, "status")?.get?.call({}));
await outcome("wrong receiver", () => Response.prototype.text.call({} as never));
