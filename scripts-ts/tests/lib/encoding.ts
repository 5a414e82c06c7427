// `TextEncoder`, `TextDecoder` and their streams.

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, run());
	} catch (error) {
		console.log(what, "throws", (error as Error).name);
	}
}

const encoder = new TextEncoder();
console.log(
	encoder.encoding,
	hex(encoder.encode("aé€😀")),
	hex(encoder.encode("\ud800x\udc00")),
	hex(encoder.encode()),
);
const target = new Uint8Array(6);
console.log(encoder.encodeInto("é€😀", target), hex(target));
console.log(encoder.encodeInto("😀", new Uint8Array(3)), encoder.encodeInto("", new Uint8Array(0)));
attempt("encodeInto a plain array", () => encoder.encodeInto("a", [] as never));

const utf8 = new TextDecoder();
console.log(utf8.encoding, utf8.fatal, utf8.ignoreBOM);
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);
for (const [name, input] of [
	["whole", bytes(0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80)],
	["lone continuation", bytes(0x80, 0x41)],
	["truncated", bytes(0xe2, 0x82)],
	["overlong", bytes(0xc0, 0xaf)],
	["surrogate", bytes(0xed, 0xa0, 0x80)],
	["too large", bytes(0xf4, 0x90, 0x80, 0x80)],
	["maximal part", bytes(0xf0, 0x9f, 0x98, 0x41)],
] as const) {
	console.log(name, JSON.stringify(new TextDecoder().decode(input)));
	attempt("  fatal", () => new TextDecoder("utf-8", { fatal: true }).decode(input));
}

const mark = bytes(0xef, 0xbb, 0xbf, 0x41);
console.log(utf8.decode(mark).length, new TextDecoder("utf-8", { ignoreBOM: true }).decode(mark).length);

// Every way of cutting a text in two gives the same text.
const text = "a\u00e9\u20ac\u{1f600}\ufeffz";
const encoded = encoder.encode(`\ufeff${text}`);
let same = 0;
for (let cut = 0; cut <= encoded.length; cut++) {
	const decoder = new TextDecoder();
	const parts = decoder.decode(encoded.subarray(0, cut), { stream: true }) + decoder.decode(encoded.subarray(cut));
	if (parts === text) same++;
}
console.log("cuts", same, "of", encoded.length + 1);
const bad = new TextDecoder();
console.log(
	JSON.stringify(
		bad.decode(bytes(0xf0, 0x9f), { stream: true }) + bad.decode(bytes(0x41), { stream: true }) + bad.decode(),
	),
);
const fatal = new TextDecoder("utf-8", { fatal: true });
console.log(JSON.stringify(fatal.decode(bytes(0xe2, 0x82), { stream: true })));
attempt("the rest never comes", () => fatal.decode());
console.log("and it starts afresh", fatal.decode(bytes(0x42)));

console.log(new TextDecoder("utf-16le").decode(bytes(0x41, 0, 0x3d, 0xd8, 0, 0xde, 0xff, 0xfe)));
console.log(new TextDecoder("utf-16be").decode(bytes(0, 0x41, 0xd8, 0x3d, 0xde, 0)));
const wide = new TextDecoder("utf-16");
let pieces = "";
for (const byte of [0xff, 0xfe, 0x41, 0, 0x3d, 0xd8, 0, 0xde]) pieces += wide.decode(bytes(byte), { stream: true });
console.log(wide.encoding, JSON.stringify(pieces + wide.decode()));
attempt("odd", () => JSON.stringify(new TextDecoder("utf-16le").decode(bytes(0x41, 0, 0x42))));
attempt("odd, fatal", () => new TextDecoder("utf-16le", { fatal: true }).decode(bytes(0x41, 0, 0x42)));
attempt("lone surrogate, fatal", () => new TextDecoder("utf-16le", { fatal: true }).decode(bytes(0, 0xd8)));
console.log(new TextDecoder("latin1").encoding, new TextDecoder("ascii").decode(bytes(0x80, 0x9f, 0xe9, 0x81)));

console.log(
	[" UTF8 ", "Unicode-1-1-UTF-8", "\tucs-2\n", "ISO-8859-1", "x-cp1252"].map(
		(label) => new TextDecoder(label).encoding,
	),
);
for (const label of ["utf-7", "", "utf-8 x", "replacement"]) attempt(`label "${label}"`, () => new TextDecoder(label));
attempt("decode a string", () => new TextDecoder().decode("a" as never));
console.log(
	new TextDecoder().decode(new Uint16Array([0x4241])),
	new TextDecoder().decode(new DataView(encoded.buffer as ArrayBuffer, 3, 1)),
);
console.log(new TextDecoder().decode(encoder.encode("buffer").slice().buffer));

async function collect<T>(stream: ReadableStream<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const chunk of stream) all.push(chunk);
	return all;
}
const cutBytes = ReadableStream.from([encoded.slice(0, 5), encoded.slice(5, 7), encoded.slice(7)]);
console.log((await collect(cutBytes.pipeThrough(new TextDecoderStream()))).join("") === text);
console.log(
	(await collect(ReadableStream.from(["a\ud83d", "\ude00", "\ud83d"]).pipeThrough(new TextEncoderStream()))).map(hex),
);
const failing = ReadableStream.from([bytes(0xff)]).pipeThrough(new TextDecoderStream("utf-8", { fatal: true }));
await collect(failing).catch((error) => console.log("stream", error.name));
const { encoding, fatal: isFatal, ignoreBOM } = new TextDecoderStream("utf-16");
console.log(encoding, isFatal, ignoreBOM, new TextEncoderStream().encoding);
console.log(Object.prototype.toString.call(utf8), Object.keys(TextDecoder.prototype), TextDecoder.length);
