/** The protocol of Telnet (RFC 854): commands in the stream, and what is agreed upon. */

const IAC = 255;
const DONT = 254;
const DO = 253;
const WONT = 252;
const WILL = 251;
const SB = 250;
const SE = 240;

const ECHO = 1;
const SUPPRESS_GO_AHEAD = 3;
const TERMINAL_TYPE = 24;
const WINDOW_SIZE = 31;
const IS = 0;
const SEND = 1;

/** What a client knows of itself. */
export interface TelnetHost {
	/** The terminal's name. */
	terminal: string;
	rows: number;
	columns: number;
}

/** What came: data for the screen, and what to answer. */
export interface TelnetInput {
	data: Uint8Array;
	answer: Uint8Array;
}

/** The client's side of a connection. */
export class Telnet {
	readonly #host: TelnetHost;
	/** Bytes of a command that has not ended. */
	#pending: number[] = [];
	/** Options that the other end has, and that this end has. */
	readonly #theirs = new Set<number>();
	readonly #ours = new Set<number>();
	#lastCr = false;

	constructor(host: TelnetHost) {
		this.#host = host;
	}

	/** Whether the other end shows what is typed, so that every key goes at once. */
	get remoteEcho(): boolean {
		return this.#theirs.has(ECHO);
	}

	/** Takes what came. */
	receive(bytes: Uint8Array): TelnetInput {
		// Most of what comes has no commands.
		if (this.#pending.length === 0 && !this.#lastCr && bytes.indexOf(IAC) < 0 && bytes.indexOf(13) < 0)
			return { data: bytes, answer: new Uint8Array(0) };
		const data: number[] = [];
		const answer: number[] = [];
		for (const byte of bytes) this.#take(byte, data, answer);
		return { data: Uint8Array.from(data), answer: Uint8Array.from(answer) };
	}

	#take(byte: number, data: number[], answer: number[]): void {
		if (this.#pending.length === 0 && byte !== IAC) {
			// CR NUL is a CR alone.
			if (!(this.#lastCr && byte === 0)) data.push(byte);
			this.#lastCr = byte === 13;
			return;
		}
		this.#pending.push(byte);
		const [, command = 0, option = 0] = this.#pending;
		if (this.#pending.length === 1) return;
		if (command === SB) {
			const { length } = this.#pending;
			if (length < 5 || byte !== SE || this.#pending[length - 2] !== IAC) {
				if (length > 512) this.#pending = [];
				return;
			}
			this.#negotiated(this.#pending.slice(2, -2), answer);
		} else if (command >= WILL && command <= DONT) {
			if (this.#pending.length < 3) return;
			this.#agree(command, option, answer);
		} else if (command === IAC) data.push(IAC);
		this.#pending = [];
	}

	#agree(command: number, option: number, answer: number[]): void {
		if (command === WILL || command === WONT) {
			const wanted = command === WILL && (option === ECHO || option === SUPPRESS_GO_AHEAD);
			if (this.#theirs.has(option) === wanted && (wanted || command === WONT)) return;
			if (wanted) this.#theirs.add(option);
			else this.#theirs.delete(option);
			answer.push(IAC, wanted ? DO : DONT, option);
			return;
		}
		const wanted = command === DO && [SUPPRESS_GO_AHEAD, TERMINAL_TYPE, WINDOW_SIZE].includes(option);
		if (this.#ours.has(option) === wanted && (wanted || command === DONT)) return;
		if (wanted) this.#ours.add(option);
		else this.#ours.delete(option);
		answer.push(IAC, wanted ? WILL : WONT, option);
		if (wanted && option === WINDOW_SIZE) answer.push(...this.windowSize());
	}

	#negotiated([option, verb]: number[], answer: number[]): void {
		if (option !== TERMINAL_TYPE || verb !== SEND) return;
		const name = [...this.#host.terminal].map((char) => char.charCodeAt(0));
		answer.push(IAC, SB, TERMINAL_TYPE, IS, ...name, IAC, SE);
	}

	/** What tells the other end of the window's size, if it wants to know. */
	windowSize(): number[] {
		if (!this.#ours.has(WINDOW_SIZE)) return [];
		const { columns, rows } = this.#host;
		const bytes = [columns >> 8, columns & 255, rows >> 8, rows & 255].flatMap((byte) =>
			byte === IAC ? [IAC, IAC] : [byte],
		);
		return [IAC, SB, WINDOW_SIZE, ...bytes, IAC, SE];
	}

	/** What is typed, as it goes out: line ends as CR LF, 255 twice. */
	send(bytes: Uint8Array): Uint8Array {
		if (bytes.indexOf(IAC) < 0 && bytes.indexOf(10) < 0 && bytes.indexOf(13) < 0) return bytes;
		const out: number[] = [];
		for (const byte of bytes) {
			if (byte === IAC) out.push(IAC, IAC);
			else if (byte === 10) out.push(13, 10);
			else if (byte === 13) out.push(13, 0);
			else out.push(byte);
		}
		return Uint8Array.from(out);
	}
}
