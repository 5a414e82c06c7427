/** Whatever is typed at a program, it lives on until it is left, or ends with the terminal as it was. */

import { writeFile } from "helios:fs";
import { Driver } from "/usr/lib/tui/drive.ts";

let seed = 3;
const random = (below: number): number => {
	seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
	return (seed >> 16) % below;
};

/** Bytes of which many begin sequences; without those that end or stop programs, or start others. */
function garbage(length: number, without: string): Uint8Array {
	const common = [0x1b, 0x5b, 0x4f, 0x0d, 0x3b, 0x31, 0x32, 0x41, 0x7e, 0xc3, 0xff];
	const bytes: number[] = [];
	while (bytes.length < length) {
		const byte = random(3) === 0 ? (common[random(common.length)] as number) : random(256);
		if (byte !== 0x1a && byte !== 0x1c && !without.includes(String.fromCharCode(byte))) bytes.push(byte);
	}
	return new Uint8Array(bytes);
}

const binary = Uint8Array.from({ length: 20_000 }, () => random(256));
await writeFile("/tmp/binary", binary);

async function torture(name: string, path: string, args: string[], without: string, leave: string[][]): Promise<void> {
	for (let round = 0; round < 2; round++) {
		const driver = await Driver.start({ path, args }, 10 + random(10), 20 + random(60));
		await driver.settle();
		for (let turn = 0; turn < 8 && !driver.ended; turn++) {
			await driver.type(garbage(60, without));
			if (turn === 4) await driver.resize(1 + random(20), 1 + random(100));
		}
		for (const keys of leave) if (!driver.ended) await driver.keys(...keys);
		if (!driver.ended) await driver.child.kill("SIGTERM");
		const { code, signal } = await driver.wait();
		const left =
			driver.screen.alternate || !driver.screen.cursorShown || driver.screen.bracketed ? ", TERMINAL LEFT WRONG" : "";
		console.log(`${name}: ${code ?? `signal ${signal}`}${left}`);
	}
}

await torture("less", "/bin/less", ["/tmp/binary"], "qQZ:v!F", [
	["C-c", "Escape", "C-c"],
	["q", "q"],
]);
await torture("nano", "/bin/nano", ["/tmp/binary"], "\x18\x0f\x13\x12", [
	["C-c", "C-c", "Escape"],
	["C-c", "C-x"],
	["n"],
	["C-x", "n"],
]);
await torture("nano -v", "/bin/nano", ["-v", "-l", "/tmp/binary"], "\x18\x0f\x13\x12", [
	["C-c", "C-c"],
	["C-x"],
	["C-x"],
]);
await writeFile(
	"/tmp/reader.ts",
	`import { LineEditor, LineInterrupted } from "/usr/lib/tui/editor.ts";
const editor = new LineEditor({ history: () => ["one", "two\\nthree"], suggest: true });
for (;;) {
	try {
		if ((await editor.readLine("> ")) === null) break;
	} catch (error) {
		if (!(error instanceof LineInterrupted)) throw error;
	}
}
`,
);
await torture("editor", "/bin/ts", ["/tmp/reader.ts"], "", [["\x1b[201~", "C-g", "C-c"], ["C-d"], ["C-c", "C-d"]]);
