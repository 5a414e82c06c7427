// Captures, written and read again: interfaces, stamps of nanoseconds, pieces of any size, the classic form, what is broken.
import { type CapturedPacket, CaptureError, CaptureReader, CaptureWriter, readCapture } from "helios:pcapng";
import { stdout } from "helios:process";

const print = (text: string): Promise<void> => stdout.write(`${text}\n`);
const bytes = (hex: string): Uint8Array =>
	Uint8Array.from(hex.replace(/\s/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

function describe({
	interface: at,
	interfaceNumber,
	timeNs,
	data,
	length,
	direction,
	comments,
}: CapturedPacket): string {
	const where = `${interfaceNumber} ${JSON.stringify(at)}`;
	return `${where} ${timeNs} ${hex(data)} of ${length} ${direction ?? "-"} ${JSON.stringify(comments)}`;
}

async function show(chunks: Iterable<Uint8Array>): Promise<void> {
	try {
		for await (const packet of readCapture(chunks)) await print(describe(packet));
	} catch (error) {
		await print(`${error instanceof CaptureError}: ${(error as Error).message}`);
	}
}

const pieces: Uint8Array[] = [];
const writer = new CaptureWriter((piece) => pieces.push(piece.slice()), { application: "case", comment: "é" });
const eth0 = await writer.addInterface({ name: "eth0", description: "the first", snapLength: 4 });
const raw = await writer.addInterface({ name: "ra\u0000w", linkType: 101 });
const timeNs = 2_051_222_400_123_456_789n;
await writer.write({ interface: eth0, timeNs, data: bytes("0102030405"), direction: "in" });
await writer.write({
	interface: raw,
	timeNs: timeNs + 1n,
	data: bytes("45"),
	length: 60,
	comments: ["one", "", "two"],
});
await writer.write({ interface: eth0, timeNs: 0n, data: new Uint8Array(0), direction: "out" });
try {
	await writer.write({ interface: 2, timeNs: 0n, data: bytes("00") });
} catch (error) {
	await print(`${error instanceof CaptureError}: ${(error as Error).message}`);
}
const whole = bytes(pieces.map((piece) => hex(piece)).join(""));
await print(hex(whole.subarray(0, 60)));
await print(`${whole.length} bytes, ${whole.length % 4}`);

await print("whole");
await show([whole]);
await print("byte by byte");
await show(Array.from(whole, (byte) => Uint8Array.of(byte)));
await print("twice");
await show([whole, whole]);
await print("cut");
await show([whole.subarray(0, whole.length - 5)]);

const classic = bytes(
	"a1b2c3d4 0002 0004 00000000 00000000 00000100 00000001 00000001 0000000a 00000002 00000003 aabb",
);
const nanos = bytes("4d3cb2a1 0200 0400 00000000 00000000 00010000 65000000 01000000 0a000000 01000000 01000000 cc");
await print("classic");
await show([classic]);
await show([nanos.subarray(0, 30), nanos.subarray(30)]);
await show([classic.subarray(0, 41)]);
await show([classic.subarray(0, 24)]);

await print("broken");
await show([]);
await show([bytes("0a0d0d")]);
await show([bytes("01020304")]);
await show([bytes("0a0d0d0a 0000001c 00000000")]);
await show([bytes("0a0d0d0a 1c000000 4d3c2b1a 0200 0000 ffffffffffffffff 1c000000")]);
await show([bytes("0a0d0d0a ffffff7f 4d3c2b1a")]);
const start = "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000";
await show([bytes(`${start} 06000000 21000000`)]);
await show([bytes(`${start} 06000000 0c000000 10000000`)]);
await show([bytes(`${start} 06000000 20000000 ${"00".repeat(20)} 20000000`)]);
await show([bytes(`${start} 05000000 0c000000 0c000000`)]);
// An interface in units of 2^-10 s with an offset of -1 s, a packet of the obsolete form, a simple one, and a block of no known type.
const clocked = `01000000 2c000000 0100 0000 00000000 09000100 8a000000 0e000800 ffffffffffffffff 00000000 2c000000`;
await show([
	bytes(
		`${start} ${clocked} 02000000 24000000 0000 0000 00000000 00080000 01000000 09000000 ff000000 24000000` +
			"99000000 10000000 01020304 10000000 03000000 14000000 04000000 01020304 14000000",
	),
]);

// What came before a fault is answered first.
const reader = new CaptureReader();
const [packet] = reader.push(bytes(`${hex(classic)} 00000001 00000000 7fffffff 00000000`));
await print(`${packet === undefined ? "nothing" : describe(packet)}`);
for (const call of [() => reader.push(new Uint8Array(1)), () => reader.end()]) {
	try {
		call();
	} catch (error) {
		await print(String(error));
	}
}
