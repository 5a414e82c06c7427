// `Blob`, `File`, `atob`, `btoa`, `crypto`, compression, `navigator`.

import { digest, hex, hmac, randomBytes, sha256 } from "helios:crypto";

function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, run());
	} catch (error) {
		console.log(what, "throws", (error as Error).name, (error as DOMException).code ?? "");
	}
}
async function outcome(what: string, promise: Promise<unknown>): Promise<void> {
	try {
		console.log(what, await promise);
	} catch (error) {
		console.log(what, "fails", (error as Error).name);
	}
}

const blob = new Blob(["ab", new Uint8Array([99]), new Blob(["d"]), new Uint8Array([101]).buffer], {
	type: "Text/Plain",
});
console.log(blob.size, blob.type, await blob.text(), new Uint8Array(await blob.arrayBuffer()), await blob.bytes());
console.log(
	await blob.slice(1, 3).text(),
	await blob.slice(-2).text(),
	await blob.slice(3, 1).text(),
	blob.slice(0, 1, "x/y").type,
);
console.log(
	new Blob(["x"], { type: "bad\u00e9" }).type,
	new Blob().size,
	await new Blob(["a\r\nb\rc"], { endings: "native" }).text(),
);
attempt("parts", () => new Blob("text" as never));
attempt("endings", () => new Blob([], { endings: "other" as never }));
const chunks: number[] = [];
for await (const chunk of new Blob([new Uint8Array(150_000)]).stream()) chunks.push(chunk.length);
console.log(
	chunks.reduce((sum, length) => sum + length, 0),
	(await new Blob([]).stream().getReader().read()).done,
);
const file = new File(["content"], "a.txt", { lastModified: 42 });
console.log(file.name, file.lastModified, file.size, file instanceof Blob, Object.prototype.toString.call(file));
attempt("no name", () => new (File as never as new (parts: []) => File)([]));

console.log(btoa(""), btoa("a"), btoa("\xff\x00b"), atob("YQ=="), atob(" Y Q\n"), atob("YWI").length);
attempt("btoa", () => btoa("€"));
for (const text of ["Y", "YQ=", "Y=Q=", "Y$==", "YQ==="]) attempt(`atob ${text}`, () => atob(text));

const text = new TextEncoder().encode("abc");
for (const name of ["SHA-1", "sha-256", "SHA-384", { name: "SHA-512" }]) {
	console.log(hex(new Uint8Array(await crypto.subtle.digest(name, text))));
}
await outcome("unknown digest", crypto.subtle.digest("MD4", text));
await outcome("not bytes", crypto.subtle.digest("SHA-1", "abc" as never));
console.log(
	hex(sha256("abc")) === hex(digest("SHA-256", text)),
	hex(digest("MD5", "")),
	hex(hmac("SHA-256", "key", "The quick brown fox jumps over the lazy dog")),
);
const algorithm = { name: "HMAC", hash: "SHA-256" };
const key = await crypto.subtle.importKey("raw", new TextEncoder().encode("key"), algorithm, false, ["verify", "sign"]);
console.log(key.type, key.algorithm, key.usages, key.extractable);
const mac = await crypto.subtle.sign("HMAC", key, text);
console.log(
	hex(new Uint8Array(mac)),
	await crypto.subtle.verify("HMAC", key, mac, text),
	await crypto.subtle.verify("HMAC", key, mac, new Uint8Array(1)),
);
await outcome("export", crypto.subtle.exportKey("raw", key));
await outcome("no usage", crypto.subtle.importKey("raw", text, algorithm, true, []));
const fresh = await crypto.subtle.generateKey(algorithm, true, ["sign"]);
console.log((await crypto.subtle.exportKey("raw", fresh)).byteLength);
await outcome("may not verify", crypto.subtle.verify("HMAC", fresh, mac, text));

const values = crypto.getRandomValues(new Uint32Array(4));
console.log(new Set(values).size, randomBytes(70_000).length, hex(randomBytes(2)).length);
const uuid = crypto.randomUUID();
console.log(
	/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid),
	uuid !== crypto.randomUUID(),
);
attempt("floats", () => crypto.getRandomValues(new Float32Array(1)));
attempt("too many", () => crypto.getRandomValues(new Uint8Array(65_537)));
attempt("not an array", () => crypto.getRandomValues([] as never));
const draws = Array.from({ length: 1000 }, () => Math.random());
console.log(
	draws.every((draw) => draw >= 0 && draw < 1),
	new Set(draws).size,
	Math.abs(draws.reduce((sum, draw) => sum + draw, 0) / 1000 - 0.5) < 0.05,
);

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
	const out: Uint8Array[] = [];
	for await (const chunk of ReadableStream.from([bytes.slice(0, 2), bytes.slice(2)]).pipeThrough(stream))
		out.push(chunk);
	return new Blob(out).bytes();
}
const long = new TextEncoder().encode("helios ".repeat(20_000));
for (const format of ["gzip", "deflate", "deflate-raw"] as const) {
	const packed = await through(long, new CompressionStream(format));
	const unpacked = await through(packed, new DecompressionStream(format));
	console.log(format, packed.length < 2000, hex(sha256(unpacked)) === hex(sha256(long)));
	await outcome("  cut short", through(packed.slice(0, -5), new DecompressionStream(format)));
	await outcome("  garbage", through(new Uint8Array(40).fill(0xfe), new DecompressionStream(format)));
}
console.log((await through(new Uint8Array(0), new CompressionStream("gzip"))).subarray(0, 2));
attempt("format", () => new CompressionStream("brotli" as never));
await outcome(
	"not bytes",
	ReadableStream.from(["text"])
		.pipeThrough(new CompressionStream("gzip") as never)
		.getReader()
		.read(),
);

console.log(
	navigator.userAgent.startsWith("Helios/"),
	Object.prototype.toString.call(navigator),
	Object.keys(globalThis).includes("crypto"),
);
console.log(
	Object.getOwnPropertyDescriptor(globalThis, "Blob")?.enumerable,
	Object.getOwnPropertyDescriptor(globalThis, "atob")?.enumerable,
);
attempt("illegal", () => new (Crypto as never as new () => Crypto)());
