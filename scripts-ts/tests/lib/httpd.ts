// `startHttpd`: files, conditions, ranges, listings, callbacks and the log.

import { SystemError } from "helios:errors";
import {
	type FileStore,
	type HttpdCallback,
	type HttpdOptions,
	memoryTransport,
	parseHttpDate,
	setTransport,
	startHttpd,
} from "helios:http";
import { bytesOfText, textOfBytes } from "helios:http/wire";
import { sleep } from "helios:time";

const FILE = 0o100644;
const DIR = 0o040755;
const MODIFIED = Date.UTC(2034, 5, 6, 7, 8, 9, 10);
const alphabet = "abcdefghijklmnopqrstuvwxyz";
const large = "0123456789abcdef".repeat(10_000);

/** Files by path; `null` is a directory. */
const tree: Record<string, string | null> = {
	"/www": null,
	"/www/index.html": "<h1>home</h1>",
	"/www/letters.txt": alphabet,
	"/www/large.bin": large,
	"/www/empty": "",
	"/www/sub": null,
	"/www/sub/a b&c.json": "{}",
	"/www/sub/<x>": "",
	"/www/sub/deeper": null,
	"/www/ünï.css": "css",
	"/www/secret": "EACCES",
	"/www/broken": "EIO",
	"/www/pipe": "FIFO",
	"/etc": null,
	"/etc/passwd": "root",
};
let opened = 0;
const lookUp = (path: string): string | null => {
	const at = path.replace(/(.)\/$/, "$1");
	if (!Object.hasOwn(tree, at)) throw new SystemError("ENOENT");
	const content = tree[at] as string | null;
	if (content !== null && path.endsWith("/")) throw new SystemError("ENOTDIR");
	if (content === "EIO") throw new SystemError("EIO");
	return content;
};
const modeOf = (content: string | null): number => (content === null ? DIR : content === "FIFO" ? 0o010644 : FILE);
const store: FileStore = {
	stat: async (path) => ({ mode: modeOf(lookUp(path)) }),
	open: async (path) => {
		const content = lookUp(path);
		if (content === "EACCES") throw new SystemError("EACCES");
		opened++;
		let bytes = bytesOfText(content ?? "");
		return {
			stat: async () => ({ mode: modeOf(content), size: bytes.length, mtimeMs: MODIFIED }),
			readAt: async (offset, count) => {
				if (path.endsWith("shrinks")) bytes = bytes.subarray(0, 10);
				return bytes.subarray(offset, offset + count);
			},
			close: async () => void opened--,
		};
	},
	readdir: async (path) => {
		const below = path.endsWith("/") ? path : `${path}/`;
		const names = Object.keys(tree).filter((each) => each.startsWith(below) && !each.slice(below.length).includes("/"));
		return names
			.sort()
			.map((each) => ({ name: each.slice(below.length), kind: modeOf(tree[each] as string) & 0o170000 }));
	},
};

const show = (text: string): string =>
	text
		.replace(/Date: .*?\r\n/g, "")
		.replace(/\r\n/g, "\\r\\n")
		.replace(/\n/g, "\\n")
		.replace(/helios-[\da-f]+/g, "BOUNDARY");

async function talk(sent: string, options: HttpdOptions, callback?: HttpdCallback): Promise<string> {
	const transport = memoryTransport();
	const server = await startHttpd(
		{ port: 80, transport, store, onError: (error) => console.log(`  reported: ${error}`), ...options },
		callback,
	);
	const connection = await transport.connect("127.0.0.1", 80);
	await connection.write(bytesOfText(sent));
	await connection.shutdown("write");
	let text = "";
	for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) text += textOfBytes(bytes);
	await server.close();
	return text;
}
const ask = (line: string, fields = "", options: HttpdOptions = {}): Promise<string> =>
	talk(`${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`, { root: "/www", ...options });
async function get(line: string, fields = "", options: HttpdOptions = {}): Promise<void> {
	const answer = show(await ask(line, fields, options));
	const shown = answer.length > 700 ? `${answer.slice(0, 300)}… (${answer.length})` : answer;
	console.log(line, JSON.stringify(fields), "->", shown.replace("Connection: close\\r\\n", ""));
}

console.log("# files");
for (const line of [
	"GET /",
	"GET /index.html",
	"HEAD /letters.txt",
	"GET /letters.txt?query",
	"GET /empty",
	"GET /large.bin",
	"GET /%C3%BCn%C3%AF.css",
	"GET /sub/a%20b&c.json",
	"GET /none",
	"GET /letters.txt/",
	"GET /letters.txt/x",
	"GET /secret",
	"GET /broken",
	"GET /pipe",
	"POST /letters.txt",
	"OPTIONS /letters.txt",
	"GET /sub",
	"GET /sub?a=b",
	"GET /sub/",
	"HEAD /sub/",
	"GET /sub/deeper/",
	"GET //letters.txt",
	"GET /sub/./a%20b%26c.json",
]) {
	await get(line);
}
await get("GET /sub/", "", { listing: false });
await get("GET /", "", { index: "letters.txt" });
await get("GET /", "", { root: "/www/" });
console.log("open files", opened);

console.log("# ways out of the root");
for (const path of [
	"/../etc/passwd",
	"/%2e%2e/etc/passwd",
	"/..%2fetc/passwd",
	"/..%2Fetc%2fpasswd",
	"/sub/..%2f..%2f..%2fetc/passwd",
	"/%252e%252e/etc/passwd",
	"/....//etc/passwd",
	"/..\\etc\\passwd",
	"/%00",
	"/letters.txt%00.html",
	"/%ff",
	"/%zz",
	"/%",
	"//etc/passwd",
	"/%2fetc/passwd",
]) {
	const [status] = (await ask(`GET ${path}`)).split("\r\n");
	console.log(status, path);
}
console.log((await ask("GET http://a/../etc/passwd")).split("\r\n")[0]);

console.log("# conditions");
const head = await ask("HEAD /letters.txt");
const etag = /ETag: (.*)\r/.exec(head)?.[1] as string;
const date = /Last-Modified: (.*)\r/.exec(head)?.[1] as string;
console.log(etag, date);
for (const fields of [
	`If-None-Match: ${etag}`,
	`If-None-Match: "x", W/${etag}`,
	"If-None-Match: *",
	'If-None-Match: "x"',
	`If-Modified-Since: ${date}`,
	"If-Modified-Since: Tue, 06 Jun 2034 07:08:08 GMT",
	"If-Modified-Since: Tuesday, 06-Jun-34 07:08:09 GMT",
	"If-Modified-Since: Tue Jun  6 07:08:09 2034",
	"If-Modified-Since: yesterday",
	`If-None-Match: "x"\r\nIf-Modified-Since: ${date}`,
	`If-Match: ${etag}`,
	`If-Match: W/${etag}`,
	'If-Match: "x"',
	"If-Match: *",
	`If-Unmodified-Since: ${date}`,
	"If-Unmodified-Since: Tue, 06 Jun 2034 07:08:08 GMT",
	`If-Match: ${etag}\r\nIf-None-Match: ${etag}`,
]) {
	console.log(JSON.stringify(fields), (await ask("GET /letters.txt", `${fields}\r\n`)).split("\r\n")[0]);
}
await get("GET /letters.txt", `If-None-Match: ${etag}\r\n`);

console.log("# ranges");
for (const range of [
	"bytes=0-0",
	"bytes=2-4",
	"Bytes=20-",
	"bytes=-3",
	"bytes=-100",
	"bytes=25-99",
	"bytes=26-",
	"bytes=-0",
	"bytes=5-4",
	"bytes=a-b",
	"bytes=",
	"bytes=1",
	"bytes=--1",
	"items=0-1",
	"bytes=0-1,4-5",
	"bytes=0-1, ,24-30,90-",
	"bytes=90-,91-",
	"bytes=0-,0-",
	`bytes=${Array.from({ length: 17 }, () => "0-0").join()}`,
	"bytes=99999999999999999999-",
]) {
	await get("GET /letters.txt", `Range: ${range}\r\n`);
}
await get("HEAD /letters.txt", "Range: bytes=0-0\r\n");
await get("GET /empty", "Range: bytes=0-0\r\n");
await get("GET /letters.txt", `Range: bytes=0-0\r\nIf-Range: ${etag}\r\n`);
await get("GET /letters.txt", `Range: bytes=0-0\r\nIf-Range: W/${etag}\r\n`);
await get("GET /letters.txt", `Range: bytes=0-0\r\nIf-Range: ${date}\r\n`);
await get("GET /letters.txt", 'Range: bytes=0-0\r\nIf-Range: "x"\r\n');
const middle = await ask("GET /large.bin", "Range: bytes=100-150000\r\n");
console.log(middle.endsWith(large.slice(100, 150_001)), middle.split("\r\n\r\n")[1]?.length, "open files", opened);
const whole = await ask("GET /large.bin");
console.log(whole.split("\r\n\r\n")[1] === large);
tree["/www/shrinks"] = large;
console.log((await ask("GET /shrinks")).split("\r\n\r\n")[1]?.length, "open files", opened);

console.log("# callbacks");
const requests = [
	"/text",
	"/bytes",
	"/json",
	"/redirect",
	"/status",
	"/pieces",
	"/response",
	"/late",
	"/files",
	"/throws",
	"/twice",
	"/form?x=1&y=%20",
];
const callback: HttpdCallback = async (request, response, next) => {
	switch (request.path) {
		case "/text":
			return response.set("X", "y").send("text");
		case "/bytes":
			return response.type("png").send(new Uint8Array([65]));
		case "/json":
			return response.status(201).send({ a: 1 });
		case "/redirect":
			return response.redirect("/text", 307);
		case "/status":
			return response.sendStatus(418);
		case "/pieces":
			await response.type("txt").write("one ");
			await response.write("two ");
			return response.end("three");
		case "/response":
			return new Response("own", { status: 202 });
		case "/late":
			await sleep(20);
			return response.end("late");
		case "/files":
			return next();
		case "/throws":
			throw new RangeError("oops");
		case "/twice":
			response.send("once");
			return response.send("twice");
		default:
			return response.json([
				request.method,
				request.url,
				[...request.query],
				request.ip,
				request.get("host"),
				await request.text(),
			]);
	}
};
for (const path of requests) {
	const answer = await talk(
		`POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi`,
		{},
		callback,
	);
	console.log(path, "->", show(answer).replace("Connection: close\\r\\n", ""));
}
console.log(
	show(await talk("GET /letters.txt HTTP/1.0\r\n\r\n", { root: "/www" }, (_request, _response, next) => next())),
);

console.log("# the log");
const lines: string[] = [];
const log = (line: string): void => void lines.push(line);
await talk(
	'GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD /none"x" HTTP/1.0\r\nConnection: keep-alive\r\n\r\nnonsense\r\n\r\n',
	{ root: "/www", log },
);
for (const line of lines) console.log(line.replace(/\[\d\d\/Jan\/2035:\d\d:\d\d:\d\d \+0000\]/, "[now]"));

console.log("# all together");
setTransport(memoryTransport({}, { "www.test": "10.0.0.1" }));
const server = await startHttpd({ root: "/www", store });
const response = await fetch("http://www.test/letters.txt", { headers: { Range: "bytes=1-3" } });
console.log(response.status, response.headers.get("content-range"), await response.text());
await server.shutdown();
console.log(await startHttpd({ tls: {} }).catch((error: Error) => `${error.name} ${error.message}`));
setTransport(undefined);
console.log(await startHttpd().catch((error: SystemError) => `${error.name} ${error.code}`));

console.log("# dates");
for (const text of [
	"Sun, 06 Nov 1994 08:49:37 GMT",
	"Sunday, 06-Nov-94 08:49:37 GMT",
	"Sun Nov  6 08:49:37 1994",
	"Monday, 01-Jan-90 00:00:00 GMT",
	"Sun, 06 Nov 1994 08:49:37 UTC",
	"Sun, 06 Nov 1994 24:49:37 GMT",
	"Sun, 32 Nov 1994 08:49:37 GMT",
	"Sun, 06 Nix 1994 08:49:37 GMT",
	"1994-11-06T08:49:37Z",
	"",
]) {
	const ms = parseHttpDate(text, Date.UTC(2035, 0, 1));
	console.log(JSON.stringify(text), ms === undefined ? "none" : new Date(ms).toISOString());
}
