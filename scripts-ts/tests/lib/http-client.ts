// `fetch`: what it asks, what it makes of answers, and which connections it uses again.

import {
	type ClientRequest,
	type Connection,
	closeIdleConnections,
	exchange,
	memoryTransport,
	serve,
	setTransport,
	type Transport,
} from "helios:http";
import { bytesOfText, textOfBytes } from "helios:http/wire";
import { sleep } from "helios:time";

const show = (text: string): string => text.replace(/\r\n/g, "\\r\\n").replace(/\n/g, "\\n");
const hosts = { "a.test": "10.0.0.1", "b.test": "10.0.0.2" };

/** Connections of the transport of now, in the order in which they were made. */
let opened: Connection[] = [];

/** A network in which `answer` says what comes back for each request on each connection; nothing for the end. */
function scripted(
	answer: (request: string, connection: number, turn: number) => string | undefined,
	chunkBytes?: number,
): void {
	closeIdleConnections();
	opened = [];
	const inner = memoryTransport(chunkBytes === undefined ? {} : { chunkBytes }, hosts);
	const transport: Transport = {
		...inner,
		connect: async (address, port) => {
			const connection = await inner.connect(address, port);
			opened.push(connection);
			return connection;
		},
	};
	setTransport(transport);
	void inner.listen(80, {}).then(async (listener) => {
		for await (const connection of listener) void play(connection, opened.length, answer);
	});
}

async function play(
	connection: Connection,
	number: number,
	answer: (request: string, connection: number, turn: number) => string | undefined,
): Promise<void> {
	let text = "";
	for (let turn = 0; ; ) {
		const bytes = await connection.read().catch(() => null);
		if (bytes === null) return;
		text += textOfBytes(bytes);
		const end = text.indexOf("\r\n\r\n");
		if (end < 0) continue;
		const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
		const chunked = /transfer-encoding/i.test(text);
		if (chunked ? !text.endsWith("0\r\n\r\n") : text.length < end + 4 + length) continue;
		const said = answer(text, number, turn++);
		text = "";
		if (said !== undefined) await connection.write(bytesOfText(said));
		if (said === undefined || /connection: close/i.test(said) || said.endsWith("!")) {
			await connection.close();
			return;
		}
	}
}

async function ask(what: string, input: string, init?: Parameters<typeof fetch>[1]): Promise<void> {
	try {
		const response = await fetch(input, init);
		const { status, statusText, url, redirected, type } = response;
		const headers = [...response.headers].map(([name, value]) => `${name}=${name === "date" ? "…" : value}`).join(";");
		const body = await response.text().catch((error: Error) => `${error.name}: ${error.message}`);
		console.log(
			what,
			"->",
			status,
			statusText,
			url,
			redirected,
			type,
			headers,
			JSON.stringify(body),
			`connections ${opened.length}`,
		);
	} catch (error) {
		const { name, message, cause } = error as Error;
		console.log(what, "-> fails", name, message, cause === undefined ? "" : `(${(cause as Error).name})`);
	}
}
const ok = (body: string, fields = ""): string =>
	`HTTP/1.1 200 OK\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;

console.log("# what goes out");
scripted((request) => ok(show(request.replace(/Helios\/[\d.]+/, "Helios/V"))));
const echoed = async (input: string | Request, init?: Parameters<typeof fetch>[1]): Promise<void> => {
	console.log(await (await fetch(input, init)).text());
};
await echoed("http://10.0.0.1");
await echoed("http://a.test/x/../y?q=1#f");
await echoed("http://A.test:80/", { method: "post", body: "h\u00e9" });
await echoed("http://a.test/", { method: "PUT" });
await echoed("http://a.test/", {
	method: "DELETE",
	headers: { Accept: "text/x", "User-Agent": "me", Cookie: "a=b", Host: "evil", "Content-Length": "9" },
});
await echoed("http://a.test/", { method: "POST", body: new URLSearchParams({ a: "1" }) });
await echoed("http://a.test/", {
	method: "POST",
	body: ReadableStream.from([new Uint8Array([97]), new Uint8Array([98, 99])]),
	duplex: "half",
});
await echoed(new Request("http://a.test/", { method: "PATCH", body: new Blob(["x"], { type: "a/b" }) }));
console.log("connections", opened.length);

console.log("# what comes back");
for (const [what, answer] of [
	["length", ok("body", "X: y\r\n")],
	["chunks", "HTTP/1.1 201 Made\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: v\r\n\r\n"],
	["until the end", "HTTP/1.1 200 OK\r\n\r\nall of it!"],
	["HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n!"],
	["nothing", "HTTP/1.1 204 No Content\r\n\r\n"],
	["not modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"],
	["preliminary", `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok("late")}`],
	["only preliminary", "HTTP/1.1 100 Continue\r\n\r\n".repeat(20)],
	["switching", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
	["an error", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"],
	["two cookies", ok("", "Set-Cookie: a\r\nSet-Cookie: b\r\n")],
	["garbage", "what?\r\n\r\n"],
	["a folded field", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n"],
	["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
	["both", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
	["closed at once", undefined],
	["cut in the head", "HTTP/1.1 200 OK\r\nX: !"],
	["cut in the body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc!"],
	["cut in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc!"],
	["a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
] as const) {
	scripted(() => answer);
	await ask(what, "http://a.test/p");
}
scripted(() => "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
await ask("HEAD", "http://a.test/", { method: "HEAD" });

console.log("# wherever it is cut");
const outcomes = new Set<string>();
for (let size = 1; size <= 50; size++) {
	scripted(
		() =>
			"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
		size,
	);
	for (let count = 0; count < 2; count++) {
		const response = await fetch("http://a.test/");
		outcomes.add(`${response.status} ${response.headers.get("x")} ${await response.text()} ${opened.length}`);
	}
}
console.log([...outcomes].join(" | "));

console.log("# redirections");
const moves: Record<string, [status: number, location: string | undefined]> = {
	"/301": [301, "/end"],
	"/302": [302, "end?x"],
	"/303": [303, "http://b.test/end"],
	"/307": [307, "/end"],
	"/308": [308, "/end#new"],
	"/nowhere": [302, undefined],
	"/bad": [302, "http://"],
	"/secure": [302, "https://a.test/"],
	"/file": [302, "ftp://a.test/"],
	"/password": [302, "http://u:p@a.test/"],
	"/loop": [302, "/loop"],
};
scripted((request) => {
	const [method, path] = request.split(" ") as [string, string];
	const move = moves[path];
	if (move === undefined) {
		const kept = /^(?:authorization|cookie|content-type|x): .*$/gim;
		return ok(
			`${method} ${path} ${(request.match(kept) ?? []).join()} ${show(request.slice(request.indexOf("\r\n\r\n") + 4))}`,
		);
	}
	const location = move[1] === undefined ? "" : `Location: ${move[1]}\r\n`;
	return `HTTP/1.1 ${move[0]} Moved\r\n${location}Content-Length: 4\r\n\r\nmove`;
});
for (const path of Object.keys(moves)) await ask(path, `http://a.test${path}`);
const posted = (): Parameters<typeof fetch>[1] => ({
	method: "POST",
	body: "data",
	headers: { Authorization: "secret", Cookie: "c", X: "kept" },
});
for (const path of ["/301", "/302", "/303", "/307", "/308"])
	await ask(`POST ${path}`, `http://a.test${path}`, posted());
await ask("PUT /301", "http://a.test/301", { ...posted(), method: "PUT" });
await ask("PUT /303", "http://a.test/303", { ...posted(), method: "PUT" });
await ask("HEAD /303", "http://a.test/303", { method: "HEAD" });
const stream = (): ReadableStream<Uint8Array> => ReadableStream.from([new Uint8Array([100])]);
await ask("stream /303", "http://a.test/303", { method: "POST", body: stream(), duplex: "half" });
await ask("stream /307", "http://a.test/307", { method: "POST", body: stream(), duplex: "half" });
await ask("error", "http://a.test/302", { redirect: "error" });
await ask("manual", "http://a.test/302", { redirect: "manual" });
await ask("fragment", "http://a.test/301#old");

console.log("# codings");
const pack = async (format: "gzip" | "deflate", text: string): Promise<string> =>
	textOfBytes(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream(format))).bytes());
const zipped = await pack("gzip", "unpacked ".repeat(40));
for (const [coding, body] of [
	["gzip", zipped],
	["X-GZip", zipped],
	["identity", "plain"],
	["deflate", await pack("deflate", "small")],
	["br", "unknown"],
	["gzip", ""],
	["gzip", "not packed"],
	["gzip", zipped.slice(0, -9)],
] as const) {
	scripted(() => ok(body, `Content-Encoding: ${coding}\r\n`));
	const response = await fetch("http://a.test/");
	const text = await response.text().catch((error: Error) => error.name);
	console.log(
		coding,
		body.length < 12 ? body : "…",
		"->",
		text.length > 20 ? `${text.slice(0, 20)}… ${text.length}` : text,
	);
}

console.log("# connections");
scripted((_, connection, turn) => ok(`${connection}.${turn}`));
for (let count = 0; count < 3; count++) console.log(await (await fetch("http://a.test/")).text());
console.log(await Promise.all([1, 2, 3].map(async () => (await fetch("http://a.test/")).text())));
console.log(opened.length);
await sleep(14_000);
console.log(await (await fetch("http://a.test/")).text(), opened.length);
await sleep(16_000);
console.log(await (await fetch("http://a.test/")).text(), opened.length);
scripted((_, connection, turn) => (turn === 1 ? undefined : ok(`${connection}.${turn}`)));
console.log(await (await fetch("http://a.test/")).text());
console.log("closed meanwhile:", await (await fetch("http://a.test/")).text());
await ask("POST", "http://a.test/", { method: "POST", body: "x" });
scripted((_, connection, turn) => ok(`${connection}.${turn}`, "Connection: close\r\n"));
console.log(await (await fetch("http://a.test/")).text(), await (await fetch("http://a.test/")).text());
scripted((_, connection, turn) => `${ok(`${connection}.${turn}`)}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`);
console.log(await (await fetch("http://a.test/")).text(), await (await fetch("http://a.test/")).text());
scripted((_, connection, turn) => ok(`${connection}.${turn}`));
const both = await Promise.all([fetch("http://a.test/"), fetch("http://b.test/")]);
console.log(await both[0].text(), await both[1].text());
let under = 0;
let most = 0;
{
	closeIdleConnections();
	const transport = memoryTransport({}, hosts);
	setTransport(transport);
	const server = await serve(
		async () => {
			most = Math.max(most, ++under);
			await sleep(10);
			under--;
			return new Response("x");
		},
		{ transport },
	);
	const answers = await Promise.all(Array.from({ length: 20 }, async () => (await fetch("http://a.test/")).text()));
	console.log(answers.length, "asked, at once", most, "connections", server.connections);
	const unread = await Promise.all(Array.from({ length: 6 }, () => fetch("http://a.test/")));
	const seventh = fetch("http://a.test/").then((response) => response.text());
	console.log(await seventh, unread.length);
	await server.close();
}

console.log("# giving up");
{
	closeIdleConnections();
	const transport = memoryTransport({}, hosts);
	setTransport(transport);
	const server = await serve(
		async (request) => {
			const parts = ["first", "second"].map((part) => new TextEncoder().encode(part));
			await sleep(request.url.endsWith("slow") ? 100 : 0);
			return new Response(
				new ReadableStream<Uint8Array>({
					async pull(controller) {
						const part = parts.shift();
						if (part === undefined) return controller.close();
						if (parts.length === 0) await sleep(100);
						controller.enqueue(part);
					},
				}),
			);
		},
		{ transport, onError: () => {} },
	);
	const outcome = (promise: Promise<unknown>): Promise<string> =>
		promise.then(String, (error: Error) => `${error.name}: ${error.message}`);
	console.log(await outcome(fetch("http://a.test/", { signal: AbortSignal.abort() })));
	console.log(await outcome(fetch("http://a.test/", { signal: AbortSignal.abort(new RangeError("mine")) })));
	console.log(await outcome(fetch("http://a.test/slow", { signal: AbortSignal.timeout(50) })));
	const controller = new AbortController();
	const response = await fetch("http://a.test/", { signal: controller.signal });
	const reader = (response.body as ReadableStream<Uint8Array>).getReader();
	console.log(textOfBytes((await reader.read()).value as Uint8Array));
	const rest = outcome(reader.read());
	controller.abort();
	console.log(await rest);
	const again = await fetch("http://a.test/");
	await again.body?.cancel();
	await sleep(200);
	console.log("connections", server.connections);
	const late = new AbortController();
	console.log(await (await fetch("http://a.test/", { signal: late.signal })).text());
	late.abort();
	console.log(await (await fetch("http://a.test/")).text(), "connections", server.connections);
	await server.close();
}

console.log("# while it is sent");
{
	closeIdleConnections();
	const transport = memoryTransport({ bufferBytes: 1000 }, hosts);
	setTransport(transport);
	const server = await serve(
		async (request) => new Response(request.method === "PUT" ? "enough" : `${(await request.bytes()).length}`),
		{ transport, limits: { bodyBytes: 1_000_000 } },
	);
	const large = new Uint8Array(200_000);
	console.log(await (await fetch("http://a.test/", { method: "POST", body: large })).text());
	console.log(await (await fetch("http://a.test/", { method: "PUT", body: large })).text());
	const tooLarge = await fetch("http://a.test/", { method: "POST", body: new Uint8Array(2_000_000) });
	console.log(tooLarge.status, (await tooLarge.text()).length);
	const failing = new ReadableStream<Uint8Array>({
		pull() {
			throw new RangeError("no more");
		},
	});
	await ask("a body that fails", "http://a.test/", { method: "POST", body: failing, duplex: "half" });
	await server.close();
}

console.log("# a proxy");
{
	const transport = memoryTransport({}, hosts);
	setTransport(transport);
	const origin = await serve(
		async (request) => new Response(`${request.headers.get("host")} ${await request.text()}`),
		{ port: 8080, transport },
	);
	const proxy = await serve((request) => fetch(new Request(request.url.replace("a.test", "b.test:8080"), request)), {
		transport,
	});
	await ask("through", "http://a.test/", { method: "POST", body: "hello" });
	await proxy.close();
	await origin.close();
	closeIdleConnections();
}

console.log("# just these fields");
scripted((request) => `HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: ${request.length}\r\n\r\n${request}`);
const field = (name: string, value: string): ClientRequest["fields"][number] => ({
	name,
	key: name.toLowerCase(),
	value,
});
const bare = { method: "GET", hostname: "a.test", port: 80, target: "/../raw", body: undefined, signal: undefined };
const raw = await exchange({ ...bare, fields: [field("Host", "other"), field("cOOKIE", "x")] });
console.log(
	raw.head.status,
	raw.head.reason,
	raw.head.fields.length,
	show(textOfBytes((await raw.body?.takeBytes()) as Uint8Array)),
);
for (const wrong of [
	{ method: "G T" },
	{ target: "/a b" },
	{ target: "/a\r\nX: y" },
	{ fields: [field("a b", "")] },
	{ fields: [field("a", "b\r\nc: d")] },
]) {
	console.log(await exchange({ ...bare, fields: [], ...wrong }).catch((error: Error) => error.name));
}

console.log("# other schemes, and none");
for (const url of [
	"data:,plain%20text",
	"data:text/html;charset=utf-8,%C3%BC#fragment",
	"data:;base64,aGVsbG8=",
	"data:text/x; BASE64,aGVs%20bG8",
	"data:;charset=x,a",
	"data:nonsense,a",
	"data:;base64,!",
	"data:no comma",
	"https://a.test/",
	"ftp://a.test/",
	"blob:x",
	"about:blank",
	"http://nobody.test/",
	"http://[::1]/",
	"http://a.test:81/",
	"/relative",
	"http://u:p@a.test/",
]) {
	await ask(url, url);
}
await ask("data, HEAD", "data:,x", { method: "HEAD" });
console.log(fetch.length, fetch.name);
setTransport(undefined);
await fetch("http://127.0.0.1/").catch(({ name, cause }) => console.log("no sockets ->", name, cause.name, cause.code));
