// `serve`: what goes out for what comes in, over connections within the process.

import { type Connection, HttpError, type HttpServer, memoryTransport, type ServeOptions, serve } from "helios:http";
import { bytesOfText, textOfBytes } from "helios:http/wire";
import { now, sleep } from "helios:time";

type Handler = Parameters<typeof serve>[0];

const show = (text: string): string =>
	text
		.replace(
			/Date: (.*) GMT/g,
			(_, date: string) => `Date: ${Math.abs(Date.parse(`${date} GMT`) - now()) <= 1000 ? "now" : date}`,
		)
		.replace(/\r\n/g, "\\r\\n")
		.replace(/\n/g, "\\n");

async function readAll(connection: Connection): Promise<string> {
	let text = "";
	for (;;) {
		const bytes = await connection.read().catch(() => null);
		if (bytes === null) return text;
		text += textOfBytes(bytes);
	}
}

/** Serves, sends `sent` on one connection, and answers what came back until the server closed it. */
async function talk(handler: Handler, sent: string, options: ServeOptions = {}, chunkBytes = 1 << 20): Promise<string> {
	const transport = memoryTransport({ chunkBytes, bufferBytes: 1 << 20 });
	const server = await serve(handler, {
		port: 80,
		transport,
		onError: (error) => console.log(`  reported: ${error}`),
		...options,
	});
	const connection = await transport.connect("127.0.0.1", 80);
	await connection.write(bytesOfText(sent));
	await connection.shutdown("write");
	const answer = await readAll(connection);
	await server.close();
	return answer;
}

async function say(what: string, handler: Handler, sent: string, options: ServeOptions = {}): Promise<void> {
	console.log(what, "->", show(await talk(handler, sent, options)));
}

const hello: Handler = () => new Response("hello", { headers: { "Content-Type": "text/plain" } });
const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const last = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

console.log("# answers");
await say("plain", hello, get);
await say("HEAD", hello, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
await say("HTTP/1.0", hello, "GET / HTTP/1.0\r\n\r\n");
await say("HTTP/1.0, kept", hello, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n");
await say("close", hello, last);
for (const status of [204, 205, 304]) await say(`${status}`, () => new Response(null, { status }), last);
await say("no body", () => new Response(), last);
await say("404 without one", () => new Response(null, { status: 404 }), last);
await say("own words", () => new Response("x", { status: 299, statusText: "Gr\xfc\xdfe" }), last);
await say(
	"own date",
	() => new Response("x", { headers: { Date: "then", "Set-Cookie": "a=b", Connection: "close" } }),
	get,
);
await say(
	"own framing",
	() => new Response("x", { headers: { "Content-Length": "99", "Transfer-Encoding": "gzip" } }),
	last,
);
await say("redirect", () => Response.redirect("http://b/c"), last);
await say("json", () => Response.json({ a: 1 }), last);

const streamed = (): Response =>
	new Response(
		new ReadableStream<Uint8Array>({
			async start(controller) {
				controller.enqueue(new TextEncoder().encode("one"));
				await sleep(5);
				controller.enqueue(new Uint8Array(0));
				controller.enqueue(new TextEncoder().encode("fourteen bytes"));
				controller.close();
			},
		}),
	);
console.log("# streams");
await say("chunked", streamed, last);
await say("chunked, HEAD", streamed, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
await say("until the end", streamed, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
const withLength = (length: string): Response =>
	new Response(streamed().body, { headers: { "Content-Length": length } });
await say("of a known length", () => withLength("17"), last);
await say("too long", () => withLength("16"), last);
await say("too short", () => withLength("18"), last);
const breaking = (first: boolean): Response =>
	new Response(
		new ReadableStream<Uint8Array>({
			pull(controller) {
				if (first) throw new RangeError("at once");
				first = true;
				controller.enqueue(new TextEncoder().encode("some"));
			},
		}),
	);
await say("breaks at once", () => breaking(true), last);
await say("breaks later", () => breaking(false), last);

console.log("# handlers that fail");
await say(
	"throws",
	() => {
		throw new RangeError("oops");
	},
	`${get}${last}`,
);
await say(
	"rejects",
	async () => {
		throw "text";
	},
	last,
);
await say(
	"says which",
	() => {
		throw new HttpError(403, "not <you>");
	},
	`${get}${last}`,
);
await say("answers nothing", (() => undefined) as never, last);
await say("answers an error", () => Response.error(), last);
const used = new Response("x");
await used.text();
await say("answers a used one", () => used, last);

console.log("# requests");
const report: Handler = async (request, { remote, local }) =>
	new Response(
		[
			request.method,
			request.url,
			remote.address,
			local.port,
			[...request.headers].join(";"),
			JSON.stringify(await request.text()),
		].join(" "),
	);
await say(
	"body",
	report,
	`POST /a?b HTTP/1.1\r\nHost: x.y:8080\r\nContent-Length: 5\r\nX: 1\r\nx: 2\r\n\r\nhello${last}`,
);
await say(
	"chunks",
	report,
	`PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n${last}`,
);
await say("absolute", report, "GET http://other/path?q HTTP/1.1\r\nHost: a\r\n\r\n");
await say("star", report, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
await say("no host", report, "GET /x HTTP/1.0\r\n\r\n");
await say("odd host", report, "GET /x HTTP/1.1\r\nHost: 1.2.3.999\r\n\r\n");
await say(
	"echo",
	(request) => new Response(request.body),
	`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\necho${last}`,
);
await say(
	"form",
	async (request) => Response.json([...(await request.formData())]),
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=1&b=2",
);
await say(
	"headers cannot change",
	(request) => {
		request.headers.set("a", "b");
		return hello(request, {} as never);
	},
	get,
);

console.log("# order, and what nobody read");
const slowFirst: Handler = async (request) => {
	if (request.url.endsWith("/slow")) await sleep(50);
	return new Response(request.url.slice(-5));
};
await say("pipelined", slowFirst, `GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /fast HTTP/1.1\r\nHost: a\r\n\r\n${last}`);
await say("unread", hello, `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello${last}`);
const long = "x".repeat(70_000);
await say("unread, long", hello, `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n${long}${last}`);
await say(
	"unread chunks",
	hello,
	`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n${last}`,
);
await say(
	"half read",
	async (request) => {
		await request.body?.getReader().read();
		return new Response("half");
	},
	`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n${last}`,
);

console.log("# 100-continue");
const expecting = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
await say("read", async (request) => new Response(await request.text()), `${expecting}ab${last}`);
await say("not read", hello, `${expecting}ab${last}`);
await say("without a body", hello, "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
await say("something else", hello, "GET / HTTP/1.1\r\nHost: a\r\nExpect: cake\r\n\r\n");

console.log("# refused");
await say("bad", hello, "nonsense\r\n\r\n");
await say("bad, HEAD", hello, "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n");
await say("after a good one", hello, `${get}GET /\r\n\r\n${last}`);
await say(
	"smuggled",
	hello,
	`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${last}`,
);
await say("CONNECT", hello, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n");
await say("version", hello, "GET / HTTP/3.0\r\nHost: a\r\n\r\n");
await say("long line", hello, `GET /${"a".repeat(9000)}`);
await say("many fields", hello, `GET / HTTP/1.1\r\nHost: a\r\n${"a: b\r\n".repeat(200)}\r\n`);
await say("large", hello, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n01234567890", {
	limits: { bodyBytes: 10 },
});
await say(
	"large in chunks",
	async (request) => new Response(await request.text()),
	"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n",
	{ limits: { bodyBytes: 10 } },
);
await say(
	"bad chunk",
	async (request) => new Response(await request.text()),
	"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
);
await say(
	"cut short",
	async (request) => new Response(await request.text()),
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
);
await say("nothing", hello, "");

console.log("# wherever it is cut");
const script = `${get}POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nHEAD /x HTTP/1.1\r\nHost: b\r\n\r\n${last}`;
const outcomes = new Set<string>();
for (let size = 1; size <= 64; size++) outcomes.add(await talk(report, script, {}, size));
console.log(outcomes.size, show([...outcomes][0] as string));

console.log("# time");
async function timed(
	what: string,
	steps: (connection: Connection) => Promise<void>,
	handler: Handler = hello,
): Promise<void> {
	const transport = memoryTransport();
	const limits = { headerTimeout: 1000, idleTimeout: 3000 };
	const server = await serve(handler, { transport, limits, onError: (error) => console.log(`  reported: ${error}`) });
	const connection = await transport.connect("127.0.0.1", 80);
	const begun = performance.now();
	const reading = readAll(connection).then(
		(text) => `${performance.now() - begun} ms ${show(text.replace(/Date: .*?\r\n/g, ""))}`,
	);
	await steps(connection).catch((error: Error) => console.log(`  ${error}`));
	console.log(what, "->", await reading);
	await server.close();
}
const send =
	(text: string) =>
	(connection: Connection): Promise<void> =>
		connection.write(bytesOfText(text));
await timed("says nothing", async () => {});
await timed("half a head", send("GET / HTTP/1.1\r\n"));
await timed("a byte now and then", async (connection) => {
	for (const char of get) {
		await connection.write(bytesOfText(char));
		await sleep(400);
	}
});
await timed("nothing more", send(get));
await timed(
	"half a body",
	send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"),
	async (request) => new Response(await request.text()),
);
await timed(
	"a slow body",
	async (connection) => {
		await send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")(connection);
		for (const char of "abc") {
			await sleep(2500);
			await connection.write(bytesOfText(char));
		}
	},
	async (request) => new Response(await request.text()),
);
await timed("a slow handler", send(get), async () => {
	await sleep(20_000);
	return new Response("late");
});

console.log("# a peer that does not read");
{
	const transport = memoryTransport({ bufferBytes: 100 });
	const server = await serve(() => new Response("x".repeat(100_000)), { transport, limits: { idleTimeout: 2000 } });
	const connection = await transport.connect("127.0.0.1", 80);
	await connection.write(bytesOfText(get));
	await sleep(1900);
	console.log(server.connections);
	await sleep(200);
	console.log(server.connections);
	await server.close();
}

console.log("# shutting down");
{
	const transport = memoryTransport();
	const controller = new AbortController();
	const server: HttpServer = await serve(slowFirst, {
		port: 0,
		hostname: "127.0.0.1",
		transport,
		signal: controller.signal,
		onListen: ({ address, hostname, port }) => console.log("listens", address, hostname, port > 0),
	});
	const connect = (): Promise<Connection> => transport.connect("127.0.0.1", server.local.port);
	const idle = await connect();
	const busy = await connect();
	await busy.write(bytesOfText("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /more HTTP/1.1\r\nHost: a\r\n\r\n"));
	await sleep(10);
	console.log(server.connections);
	controller.abort();
	await sleep(1);
	console.log(server.connections, await readAll(idle), await connect().catch((error: Error) => error.message));
	console.log(show((await readAll(busy)).replace(/Date: .*?\r\n/g, "")));
	await server.finished;
	console.log(server.connections);
}

console.log("# too many");
{
	const transport = memoryTransport();
	const server = await serve(slowFirst, { transport, limits: { connections: 2 } });
	const ask = async (path: string): Promise<Connection> => {
		const connection = await transport.connect("127.0.0.1", 80);
		await connection.write(bytesOfText(`GET /${path} HTTP/1.1\r\nHost: a\r\n\r\n`));
		return connection;
	};
	const first = await ask("slow");
	const second = await ask("slow");
	const third = await ask("fast");
	await sleep(20);
	console.log(server.connections);
	const [one, two, three] = await Promise.all([first, second, third].map((connection) => connection.read()));
	console.log([one, two, three].map((bytes) => textOfBytes(bytes as Uint8Array).slice(-5)).join());
	await sleep(1);
	console.log(server.connections);
	await server.close();
}

console.log("# given up");
{
	const transport = memoryTransport();
	const server = await serve(
		async (request) => {
			const { signal } = request;
			await sleep(10);
			console.log("aborted:", signal.aborted);
			return hello(request, {} as never);
		},
		{ transport },
	);
	const connection = await transport.connect("127.0.0.1", 80);
	await connection.write(bytesOfText(get));
	await sleep(1);
	await server.close();
	await sleep(20);
}

console.log("# the log");
{
	const seen: string[] = [];
	const onExchange: ServeOptions["onExchange"] = ({ method, target, minor, status, bodyBytes, startedMs, remote }) => {
		seen.push(`${remote.address} ${method} ${target} 1.${minor} ${status} ${bodyBytes} ${startedMs > 0}`);
	};
	await talk(
		report,
		`${get}HEAD /h HTTP/1.1\r\nHost: a\r\n\r\nGET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\nbroken\r\n\r\n`,
		{ onExchange },
	);
	console.log(seen.join("\n"));
}
