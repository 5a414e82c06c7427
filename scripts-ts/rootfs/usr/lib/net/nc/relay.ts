/** What `nc` does with a connection: input goes out, what comes in is printed. */

import type { TcpSocket } from "helios:net";
import { stdin, stdout } from "helios:process";
import { sleep } from "helios:time";

/** How a connection ends, and what is done to what is sent. */
export interface RelayOptions {
	/** Read no input. */
	detached: boolean;
	/** At the end of input end the sending direction. */
	shutdownAtEnd: boolean;
	/** So long after the end of input end altogether; negative: never. */
	quitAfterMs: number;
	/** End when nothing was sent or received for so long; 0: never. */
	idleMs: number;
	/** Line ends as CR LF. */
	crlf: boolean;
}

const CR = 13;
const LF = 10;

/** LF as CR LF; what is CR LF already stays. */
export function withCrlf(bytes: Uint8Array): Uint8Array {
	const pieces: number[] = [];
	for (let at = 0; at < bytes.length; at++) {
		if (bytes[at] === LF && bytes[at - 1] !== CR) pieces.push(CR);
		pieces.push(bytes[at] as number);
	}
	return Uint8Array.from(pieces);
}

/** Ends what it guards when nothing has happened for some time. */
export class Idle {
	readonly #ms: number;
	readonly #end: () => void;
	#turn = 0;

	constructor(ms: number, end: () => void) {
		this.#ms = ms;
		this.#end = end;
		this.touch();
	}

	/** Something happened. */
	touch(): void {
		if (this.#ms === 0) return;
		const turn = ++this.#turn;
		setTimeout(() => {
			if (turn === this.#turn) this.#end();
		}, this.#ms);
	}

	/** It is over. */
	stop(): void {
		this.#turn++;
	}
}

async function sendInput(socket: TcpSocket, options: RelayOptions, idle: Idle): Promise<void> {
	for (let bytes = await stdin.read(); bytes !== null; bytes = await stdin.read()) {
		idle.touch();
		await socket.write(options.crlf ? withCrlf(bytes) : bytes);
	}
	if (options.shutdownAtEnd) await socket.shutdown("write");
	if (options.quitAfterMs < 0) return;
	await sleep(options.quitAfterMs);
	await socket.close();
}

/** Relays until the other end has ended. Answers whether nothing went wrong. */
export async function relay(socket: TcpSocket, options: RelayOptions): Promise<boolean> {
	const idle = new Idle(options.idleMs, () => void socket.close());
	if (!options.detached) sendInput(socket, options, idle).catch(() => void socket.close());
	let well = true;
	try {
		for (let bytes = await socket.read(); bytes !== null; bytes = await socket.read()) {
			idle.touch();
			await stdout.write(bytes);
		}
	} catch {
		// Closed here, or reset there.
		well = socket.closed;
	}
	idle.stop();
	await socket.close();
	return well;
}
