// Base64 and hexadecimal text of `Uint8Array`.

// biome-ignore lint/suspicious/noExplicitAny: built-ins whose types the compiler may not know, and what does not fit them.
type Any = any;
const Bytes = Uint8Array as Any;

function attempt(what: string, run: () => unknown): void {
	try {
		console.log(what, run());
	} catch (error) {
		console.log(what, "throws", (error as Error).name);
	}
}
const of = (...bytes: number[]) => new Uint8Array(bytes) as Any;

for (let n = 0; n < 6; n++) {
	const bytes = of(...[251, 255, 254, 1, 2].slice(0, n));
	console.log(
		bytes.toHex(),
		bytes.toBase64(),
		bytes.toBase64({ alphabet: "base64url" }),
		bytes.toBase64({ omitPadding: true, alphabet: "base64url" }),
		bytes.toBase64({ omitPadding: 0, alphabet: undefined }),
	);
}
attempt("options", () => of(1).toBase64(null));
attempt("options", () => of(1).toBase64("base64"));
attempt("alphabet", () => of(1).toBase64({ alphabet: "base32" }));
attempt("alphabet object", () => of(1).toBase64({ alphabet: new String("base64") }));
attempt("receiver", () => of(1).toBase64.call(new Int8Array(1)));
attempt("receiver", () => of(1).toHex.call([1]));
attempt("subclass", () => new (class extends Uint8Array {})([9]) as Any);

const texts = [
	"",
	"YQ",
	"YQ==",
	"YQ=",
	"YWI",
	"YWI=",
	"YWJj",
	"YR==",
	"YR",
	"YWJ=",
	"YWJ",
	"Y",
	"=",
	"==",
	"Y=",
	"Y===",
	"YQ===",
	"YQ==YQ==",
	"YW Jj\n\t\f\r",
	" Y Q = = ",
	"YQ= =",
	"YWI= ",
	"YQ==x",
	"-_-_",
	"+/+/",
	"YW\u00a0I=",
	"YW\u0000",
	"é",
	"YWJjZA",
	"YWJjZA=",
	"YWJjZGU",
	"YWJjY",
	"YWJj====",
	"YWI==",
	"ab=c",
	"abc=d",
];
for (const text of texts) {
	for (const lastChunkHandling of ["loose", "strict", "stop-before-partial"]) {
		for (const alphabet of ["base64", "base64url"]) {
			const options = { lastChunkHandling, alphabet };
			let whole: string;
			try {
				whole = Bytes.fromBase64(text, options).toHex() || "-";
			} catch (error) {
				whole = (error as Error).name;
			}
			const parts: string[] = [];
			for (let size = 0; size < 5; size++) {
				const into = new Uint8Array(size).fill(170) as Any;
				try {
					const { read, written } = into.setFromBase64(text, options);
					parts.push(`${read}/${written}:${into.toHex()}`);
				} catch (error) {
					parts.push(`${(error as Error).name}:${into.toHex()}`);
				}
			}
			console.log(JSON.stringify(text), lastChunkHandling, alphabet, whole, parts.join(" "));
		}
	}
}
for (const text of ["", "00ff", "00FFaA", "0", "0g", "00 1", "0011g2", "é0", "001122334455"]) {
	attempt(JSON.stringify(text), () => Bytes.fromHex(text).join());
	for (let size = 0; size < 4; size++) {
		const into = new Uint8Array(size).fill(9) as Any;
		attempt(`  into ${size}`, () => Object.entries(into.setFromHex(text)).join(";"));
		console.log("   ", into.join());
	}
}
for (const bad of [undefined, 1, null, new String("YQ==")]) {
	attempt("text", () => Bytes.fromBase64(bad));
	attempt("text", () => Bytes.fromHex(bad));
	attempt("text", () => of(1).setFromBase64(bad));
	attempt("text", () => of(1).setFromHex(bad));
}
attempt("last chunk", () => Bytes.fromBase64("YQ==", { lastChunkHandling: "lax" }));
attempt("options", () => Bytes.fromBase64("YQ==", 1));
attempt("receiver", () => of(1).setFromBase64.call(new Uint16Array(1), "YQ=="));
const result = of(0, 0).setFromBase64("YQ==");
console.log(Reflect.ownKeys(result), Object.getPrototypeOf(result) === Object.prototype);
console.log(Bytes.fromBase64.call(Int8Array, "YQ==") instanceof Uint8Array, Bytes.fromHex("").length);
{
	const gone = of(1, 2, 3);
	gone.buffer.transfer();
	attempt("detached", () => gone.toBase64());
	attempt("detached", () => gone.toHex());
	attempt("detached", () => gone.setFromBase64("YQ=="));
	attempt("detached", () => gone.setFromHex("00"));
	const late = of(1, 2, 3);
	attempt("detached by an option", () =>
		late.toBase64({
			get omitPadding() {
				late.buffer.transfer();
				return false;
			},
		}),
	);
	const order: string[] = [];
	const options = (late: boolean) => ({
		get alphabet() {
			order.push("alphabet");
			return undefined;
		},
		get lastChunkHandling() {
			order.push("lastChunkHandling");
			return undefined;
		},
		get omitPadding() {
			order.push("omitPadding");
			return late;
		},
	});
	of(1).toBase64(options(true));
	of(1).setFromBase64("YQ==", options(true));
	console.log(order.join());
}
{
	// Long enough for more than one piece, and back.
	const long = new Uint8Array(20_000) as Any;
	for (let i = 0; i < long.length; i++) long[i] = (i * 7919) >> 3;
	const back = [
		Bytes.fromBase64(long.toBase64()),
		Bytes.fromHex(long.toHex()),
		Bytes.fromBase64(long.toBase64({ alphabet: "base64url", omitPadding: true }), { alphabet: "base64url" }),
	];
	console.log(
		back.map((bytes) => bytes.length === long.length && long.every((byte: number, i: number) => byte === bytes[i])),
	);
	console.log(
		atob(long.toBase64()).length,
		btoa(String.fromCharCode(...long.subarray(0, 100))) === long.subarray(0, 100).toBase64(),
	);
}
{
	// Nothing that a program does to a prototype reaches them.
	const some = of(1, 2, 3);
	const values = Array.prototype[Symbol.iterator];
	const { push } = Array.prototype;
	Array.prototype[Symbol.iterator] = (() => {
		throw new Error("reached");
	}) as Any;
	Array.prototype.push = (() => 0) as Any;
	String.prototype.charCodeAt = (() => 65) as Any;
	const text = some.toBase64();
	const bytes = Bytes.fromBase64("AQID");
	Array.prototype[Symbol.iterator] = values;
	Array.prototype.push = push;
	console.log(text, bytes.toHex());
}
