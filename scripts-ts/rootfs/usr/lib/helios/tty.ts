/** `helios:tty`: terminals. */

import { call } from "helios:core";
import { isSystemError } from "helios:errors";
import { isDevice } from "helios:fs";
import { on } from "helios:process";
import type { PtyPair, Termios, TermiosBits, WinSize } from "helios-abi";

export type { PtyPair, Termios, WinSize } from "helios-abi";

/** Major numbers of terminals, of `/dev/tty` and the console, and of pseudo-terminals, as on Linux. */
const MAJORS = [4, 5, 136];

/** Bits of a terminal's flag words, and places of its control characters, as POSIX names them. */
export const T: { readonly [Name in keyof TermiosBits]: TermiosBits[Name] } = {
	ICRNL: 0o400,
	INLCR: 0o100,
	IGNCR: 0o200,
	IXON: 0o2000,
	IUTF8: 0o40000,
	OPOST: 0o1,
	ONLCR: 0o4,
	ISIG: 0o1,
	ICANON: 0o2,
	ECHO: 0o10,
	ECHOE: 0o20,
	ECHOK: 0o40,
	ECHONL: 0o100,
	NOFLSH: 0o200,
	TOSTOP: 0o400,
	ECHOCTL: 0o1000,
	ECHOKE: 0o4000,
	IEXTEN: 0o100000,
	VINTR: 0,
	VQUIT: 1,
	VERASE: 2,
	VKILL: 3,
	VEOF: 4,
	VTIME: 5,
	VMIN: 6,
	VSTART: 8,
	VSTOP: 9,
	VSUSP: 10,
	VEOL: 11,
	VREPRINT: 12,
	VWERASE: 14,
	VLNEXT: 15,
	NCCS: 17,
};

/** Whether a descriptor is a terminal. A descriptor that is not open is none. */
export async function isatty(fd: number): Promise<boolean> {
	try {
		const stat = await call("fstat", { fd });
		const major = stat.rdev >>> 8;
		return isDevice(stat) && MAJORS.includes(major);
	} catch (error) {
		if (isSystemError(error, "EBADF")) return false;
		throw error;
	}
}

/** The process's terminal as a path, as `/dev/tty0`; `null` without one. */
export async function ttyname(): Promise<string | null> {
	const { tty } = await call("process_info", {});
	if (tty === null || tty === undefined) return null;
	return tty.startsWith("/") ? tty : `/dev/${tty}`;
}

/** How a terminal treats input and output. ENOTTY. */
export function getAttributes(fd = 0): Promise<Termios> {
	return call("tcgetattr", { fd });
}

/** Sets how a terminal treats input and output; with `flush`, input that nobody read is dropped. ENOTTY, EINVAL. */
export async function setAttributes(fd: number, termios: Termios, flush = false): Promise<void> {
	await call("tcsetattr", { fd, termios, flush });
}

/** The attributes of a terminal on which every key comes as it is, at once, and nothing is shown by itself. */
export function rawAttributes(from: Termios, signals = false): Termios {
	const cc = from.cc.slice();
	cc[T.VMIN] = 1;
	cc[T.VTIME] = 0;
	return {
		iflag: from.iflag & ~(T.ICRNL | T.INLCR | T.IGNCR | T.IXON),
		oflag: from.oflag,
		lflag: from.lflag & ~(T.ICANON | T.ECHO | T.ECHONL | T.IEXTEN | (signals ? 0 : T.ISIG)),
		cc,
	};
}

/** Puts a terminal in raw mode; answers a function that puts it back as it was. With `signals`, ^C and ^Z still are. */
export async function raw(fd = 0, options: { signals?: boolean } = {}): Promise<() => Promise<void>> {
	const before = await getAttributes(fd);
	await setAttributes(fd, rawAttributes(before, options.signals ?? false));
	return () => setAttributes(fd, before);
}

/** Switches a terminal's echo on or off: off for passwords. */
export async function echo(fd: number, shown: boolean): Promise<void> {
	const now = await getAttributes(fd);
	const lflag = shown ? now.lflag | T.ECHO : now.lflag & ~T.ECHO;
	await setAttributes(fd, { ...now, lflag });
}

/** The size of a terminal's screen. ENOTTY. */
export function size(fd = 1): Promise<WinSize> {
	return call("tcgetwinsize", { fd });
}

/** Sets the size of a terminal's screen; its foreground gets SIGWINCH. ENOTTY, EINVAL. */
export async function setSize(fd: number, to: WinSize): Promise<void> {
	await call("tcsetwinsize", { fd, ...to });
}

/** Calls `handler` with the new size whenever the terminal of `fd` gets another; answers a function that ends it. */
export function onResize(handler: (to: WinSize) => void, fd = 1): () => void {
	return on("SIGWINCH", () => {
		void size(fd).then(handler, () => undefined);
	});
}

/** The process group in the foreground of the terminal, 0 if there is none. ENOTTY. */
export function foreground(fd = 0): Promise<number> {
	return call("tcgetpgrp", { fd });
}

/** Puts a process group of this session in the foreground of its terminal. ENOTTY, EPERM. */
export async function setForeground(pgid: number, fd = 0): Promise<void> {
	await call("tcsetpgrp", { fd, pgid });
}

/** Makes a terminal the controlling one of the session that this process leads. ENOTTY, EPERM. */
export async function setControlling(fd: number): Promise<void> {
	await call("set_ctty", { fd });
}

/** Makes a pseudo-terminal. EMFILE, ENFILE, EAGAIN. */
export function openPty(screen: Partial<WinSize> = {}): Promise<PtyPair> {
	return call("openpty", screen);
}
