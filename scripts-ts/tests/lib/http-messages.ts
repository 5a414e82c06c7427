// Messages of HTTP/1.1: what is read, what is refused, wherever they are cut.

import {
	hostOf,
	keepsAlive,
	parseRequestHead,
	parseResponseHead,
	requestFraming,
	responseFraming,
} from "helios:http/head";
import { memoryPair } from "helios:http/memory";
import { HttpError } from "helios:http/status";
import { bytesOfText, Input, incomingBody, textOfBytes } from "helios:http/wire";

const failed = (error: unknown): string =>
	error instanceof HttpError ? `${error.status}` : `${(error as Error).name}!`;

/** A request, read from a connection that answers at most `chunkBytes` at a time, and what is left. */
async function read(text: string, chunkBytes: number, bytesMax = 1000): Promise<string> {
	const [client, server] = memoryPair({ chunkBytes, bufferBytes: 1 << 20 });
	await client.write(bytesOfText(text));
	await client.close();
	const input = new Input(server);
	try {
		const head = parseRequestHead(await input.head());
		hostOf(head);
		const body = incomingBody(input, requestFraming(head), bytesMax);
		let content = "";
		for (let bytes = await body.read(); bytes !== null; bytes = await body.read()) content += textOfBytes(bytes);
		const trailers = (body as { trailers?: { name: string; value: string }[] }).trailers ?? [];
		const shown = trailers.map(({ name, value }) => `${name}=${value}`).join();
		while (await input.fill());
		const rest = textOfBytes(input.take(1 << 20));
		return `${head.method} ${head.target} 1.${head.minor} ${head.fields.length} fields, body ${JSON.stringify(content)}${shown === "" ? "" : ` then ${shown}`}${rest === "" ? "" : ` and ${JSON.stringify(rest)}`}`;
	} catch (error) {
		return failed(error);
	}
}

const show = (text: string): string =>
	JSON.stringify(text.length > 90 ? `${text.slice(0, 90)}… (${text.length})` : text);

/** Reads a message whole and in pieces of some sizes: the outcome is one. */
async function same(text: string, sizes: readonly number[] = [1, 3, 1 << 20]): Promise<void> {
	const outcomes = new Set<string>();
	for (const size of sizes) outcomes.add(await read(text, size));
	console.log(show(text), "->", [...outcomes].join(" | "));
}

/** Likewise with pieces of every size. */
const everywhere = (text: string): Promise<void> =>
	same(
		text,
		Array.from(text, (_, index) => index + 1),
	);

console.log("# plain");
await everywhere("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
await everywhere("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nrest");
await everywhere("\r\n\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
await everywhere("GET /a?b=c%20d HTTP/1.0\r\n\r\n");
await everywhere("OPTIONS * HTTP/1.1\r\nhOsT:  a:80 \t\r\n\r\n");
await everywhere("GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n");
await everywhere("X-~!#$%&'*+.^_`| /\"<>\\^`{|} HTTP/1.1\r\nHost: [::1]:8\r\nEmpty:\r\nBytes: \xff\x80\x9f\r\n\r\n");
await everywhere("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET");
await everywhere("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
await everywhere(
	'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\nA;x=y;z="q"\r\n0123456789\r\n000\r\nT: v\r\nU:w\r\n\r\nrest',
);
await everywhere("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked,\r\n\r\n0\r\n\r\n");

console.log("# request lines");
for (const line of [
	"",
	"GET",
	"GET /",
	"GET  / HTTP/1.1",
	"GET / HTTP/1.1 ",
	" GET / HTTP/1.1",
	"GET\t/ HTTP/1.1",
	"GET / HTTP/1.1x",
	"GET / http/1.1",
	"GET / HTTP/11",
	"GET / HTTP/1.10",
	"GET / HTTP/1.2",
	"GET / HTTP/0.9",
	"GET / HTTP/2.0",
	"GET / FTP/1.1",
	"G(T / HTTP/1.1",
	"GET a HTTP/1.1",
	"GET * HTTP/1.1",
	"GET /a#b HTTP/1.1",
	"GET /\u00fc HTTP/1.1",
	"GET /\x7f HTTP/1.1",
	"GET ftp://a/ HTTP/1.1",
	"GET http:///a HTTP/1.1",
	"CONNECT a:80 HTTP/1.1",
	"CONNECT /a HTTP/1.1",
]) {
	await same(`${line}\r\nHost: a\r\n\r\n`);
}

console.log("# fields");
for (const field of [
	"",
	"Host: a\r\nhost: a",
	"Host: a, b",
	"Host: a/b",
	"Host: a@b",
	"Host: a:123456",
	"Host: a b",
	"Host:",
	"Host: a\r\n folded: x",
	"Host: a\r\nb: c\r\n\tfolded",
	"Host: a\r\nno colon",
	"Host: a\r\n: empty name",
	"Host: a\r\nspace : x",
	"Host: a\r\nn\u00e4me: x",
	"Host: a\r\nx: a\rb",
	"Host: a\r\nx: a\nb: c",
	"Host: a\r\nx: a\0b",
	"Host: a\r\nx: \x01",
	"Host: a\r\nx: \x7f",
	"Host: a\r\nx: a\tb",
	"Host: a\r\nx: y\r",
	"Host: a\nx: y",
]) {
	await same(`GET / HTTP/1.1${field === "" ? "" : `\r\n${field}`}\r\n\r\n`);
}

console.log("# lengths and codings: what smuggling is made of");
for (const fields of [
	"Content-Length: 3\r\nContent-Length: 3",
	"Content-Length: 3\r\nContent-Length: 4",
	"Content-Length: 3, 3",
	"Content-Length: +3",
	"Content-Length: -3",
	"Content-Length: 0x3",
	"Content-Length: 3 3",
	"Content-Length: 3.0",
	"Content-Length:",
	"Content-Length: 9007199254740993",
	"Content-Length: 99999999999999999999",
	"Content-Length: 1001",
	"Content-Length: 003",
	"Content-Length : 3",
	"Content-Length: 3\r\nTransfer-Encoding: chunked",
	"Transfer-Encoding: chunked\r\nContent-Length: 3",
	"Transfer-Encoding: chunked\r\ncontent-length: 3",
	"Transfer-Encoding: chunked, chunked",
	"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
	"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
	"Transfer-Encoding: identity",
	"Transfer-Encoding: gzip, chunked",
	"Transfer-Encoding: chunked, gzip",
	"Transfer-Encoding: xchunked",
	"Transfer-Encoding: \x0bchunked",
	"Transfer-Encoding: chunked;q=1",
	"Transfer-Encoding:",
	"Transfer-Encoding : chunked",
	" Transfer-Encoding: chunked",
	"X: a\r\nTransfer-Encoding: chunked\r\n Content-Length: 3",
]) {
	await same(`POST / HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n3\r\nabc\r\n0\r\n\r\n`);
}
await same("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

console.log("# chunks");
const chunkedHead = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
const chunked = (body: string, sizes?: number[]): Promise<void> => same(chunkedHead + body, sizes);
for (const body of [
	"3\nabc\n0\n\n",
	"3\r\nabc0\r\n\r\n",
	"3\r\nabcd\r\n0\r\n\r\n",
	"3\r\nab\r\n0\r\n\r\n",
	"g\r\n",
	"-3\r\nabc\r\n0\r\n\r\n",
	"+3\r\nabc\r\n0\r\n\r\n",
	"0x3\r\nabc\r\n0\r\n\r\n",
	" 3\r\nabc\r\n0\r\n\r\n",
	"3 \r\nabc\r\n0\r\n\r\n",
	"3 ;a\r\nabc\r\n0\r\n\r\n",
	"\r\n0\r\n\r\n",
	";a\r\n0\r\n\r\n",
	"3;a\rb\r\nabc\r\n0\r\n\r\n",
	"3;a\0\r\nabc\r\n0\r\n\r\n",
	"fffffffffffff\r\n",
	"fffffffffffffffff\r\n",
	"3e9\r\n",
	"0\r\nT: v\r\n",
	"0\r\nbad trailer\r\n\r\n",
	"0\r\n folded\r\n\r\n",
	"0\r\nT: \0\r\n\r\n",
	"0\r\nX\n\r\n",
]) {
	await chunked(body);
}
await chunked(`1;${"e".repeat(4096)}\r\na\r\n0\r\n\r\n`, [100, 1 << 20]);
console.log(await read(`${chunkedHead}${`1;${"e".repeat(4000)}\r\na\r\n`.repeat(17)}0\r\n\r\n`, 1 << 20));
await chunked(`0\r\n${"T: v\r\n".repeat(101)}\r\n`, [100, 1 << 20]);
await chunked(`0\r\nT: ${"v".repeat(8200)}\r\n\r\n`, [1000, 1 << 20]);

console.log("# bounds");
const get = (rest: string): string => `GET /${rest}`;
console.log(
	await read(get(`${"a".repeat(8192 - 14)} HTTP/1.1\r\nHost: a\r\n\r\n`), 1000).then((text) => text.length > 8000),
);
console.log(await read(get(`${"a".repeat(8192 - 13)} HTTP/1.1\r\nHost: a\r\n\r\n`), 1000));
console.log(await read(get("a".repeat(8300)), 100));
console.log(await read(get(` HTTP/1.1\r\nHost: a\r\nx: ${"v".repeat(8192 - 3)}\r\n\r\n`), 1000));
console.log(await read(get(` HTTP/1.1\r\nHost: a\r\nx: ${"v".repeat(8192 - 2)}\r\n\r\n`), 1000));
console.log(await read(get(` HTTP/1.1\r\nHost: a\r\n${"x: y\r\n".repeat(99)}\r\n`), 50));
console.log(await read(get(` HTTP/1.1\r\nHost: a\r\n${"x: y\r\n".repeat(100)}\r\n`), 50));
console.log(await read(get(` HTTP/1.1\r\nHost: a\r\n${`x: ${"y".repeat(8000)}\r\n`.repeat(9)}\r\n`), 5000));
console.log(await read(get(` HTTP/1.1\r\nHost: a\r\n${`x: ${"y".repeat(8000)}\r\n`.repeat(50)}`), 5000));
console.log(await read("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 4));
console.log(await read("GET / HTTP/1.1\n", 4), await read("\n", 1), await read("GET / HTTP/1.1\r\nHost: a\n", 3));

console.log("# cut at every byte");
for (const whole of [
	"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody",
	"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4;e\r\nbody\r\n0\r\nT: v\r\n\r\n",
]) {
	const ends: string[] = [];
	for (let at = 0; at < whole.length; at++) ends.push(await read(whole.slice(0, at), 7));
	console.log(whole.length, [...new Set(ends)].join(), await read(whole, 7));
}

console.log("# answers");
function answer(text: string, method = "GET"): void {
	try {
		const head = parseResponseHead(text.replace(/\r\n\r\n$/, ""));
		const framing = responseFraming(head, method);
		console.log(
			JSON.stringify(text),
			method,
			head.minor,
			head.status,
			JSON.stringify(head.reason),
			head.fields.length,
			framing,
		);
	} catch (error) {
		console.log(JSON.stringify(text), method, failed(error));
	}
}
answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HEAD");
answer("HTTP/1.0 200 \r\n\r\n");
answer("HTTP/1.1 200\r\n\r\n");
answer("HTTP/1.1 200 Gr\xfc\xdf dich\r\nTransfer-Encoding: chunked\r\n\r\n");
for (const status of [100, 204, 304, 205, 404]) answer(`HTTP/1.1 ${status} X\r\nContent-Length: 3\r\n\r\n`);
for (const line of [
	"HTTP/1.1 99 X",
	"HTTP/1.1 600 X",
	"HTTP/1.1  200 X",
	"HTTP/1.1 2000 X",
	"http/1.1 200 X",
	"HTTP/2.0 200 X",
	"200 OK",
	"HTTP/1.1 -20 X",
	"",
]) {
	answer(`${line}\r\n\r\n`);
}
answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n");
answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n");
answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n");
answer("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
console.log(
	keepsAlive(1, null),
	keepsAlive(1, "Close"),
	keepsAlive(0, null),
	keepsAlive(0, "x, Keep-Alive"),
	keepsAlive(1, "keep-alive, close"),
);
