// gas: at least 30000
// What `helios:dissect` says of frames, that it takes any bytes, and that it costs by their size.
import { compileFilter, dissect, FilterError, RAW_IP, summary } from "helios:dissect";
import { stdout } from "helios:process";

const print = (text: string): Promise<void> => stdout.write(`${text}\n`);
const bytes = (hex: string): Uint8Array => Uint8Array.fromHex(hex.replace(/\s/g, ""));

const ARP = bytes("ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002");
const SYN = bytes(
	"020000000002 020000000001 0800 4500002c 00010000 40060000 0a000001 0a000002 9c400050 00000001 00000000 6002ffff 00000000 020405b4",
);

await print(summary(ARP));
await print(summary(SYN));
await print(summary(SYN.subarray(14), RAW_IP));
for (const { protocol, range, fields, flaws } of dissect(SYN)) {
	await print(`${protocol} ${range.start}-${range.end} ${fields.length} fields ${JSON.stringify(flaws ?? [])}`);
}
await print(JSON.stringify(dissect(SYN)[2]?.fields.find(({ name }) => name === "tcp.dstport")));
for (const cut of [0, 10, 20, 40]) await print(summary(SYN.subarray(0, cut)));
await print(JSON.stringify(dissect(new Uint8Array(0))[0]?.flaws ?? "nothing"));

const web = compileFilter("tcp dst port 80 and src net 10.0.0.0/8");
await print(`${web.matches(SYN)} ${web.matches(ARP)} ${compileFilter("").matches(ARP)}`);
await print(`${compileFilter("len > 1000").matches(SYN)} ${compileFilter("len > 1000").matches(SYN, 1500)}`);
for (const wrong of ["tcp prot 80", "port", "host 10.0.0.300", "(tcp", "x".repeat(5000)]) {
	try {
		compileFilter(wrong);
	} catch (error) {
		await print(`${error instanceof FilterError} ${(error as FilterError).column}: ${(error as Error).message}`);
	}
}
for (const call of [
	() => summary("text" as unknown as Uint8Array),
	() => summary(SYN, -1),
	() => summary(SYN, 65_536),
	() => dissect(new Uint8Array(131_073)),
	() => compileFilter(7 as unknown as string),
	() => web.matches(SYN, 2 ** 32),
]) {
	try {
		await print(String(call()));
	} catch (error) {
		await print(String(error));
	}
}
