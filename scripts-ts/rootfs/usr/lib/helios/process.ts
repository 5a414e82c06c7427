/**
 * `helios:process`: the process itself, its standard streams, its signals and its children.
 */

import { call, exit as leave, onSignal, whenStarted } from "helios:core";
import { SystemError } from "helios:errors";
import { Stream } from "helios:io";
import type { FdMap, ProcessInfo, SignalNumbers, WaitStatus } from "helios-abi";

export type { ProcessInfo, WaitStatus } from "helios-abi";

/** The name of a signal. */
export type Signal = keyof SignalNumbers;

/** What a handled signal calls. */
export type SignalHandler = (signal: Signal) => void;

/** The number of each signal. */
export const signals: { readonly [Name in Signal]: SignalNumbers[Name] } = {
	SIGHUP: 1,
	SIGINT: 2,
	SIGQUIT: 3,
	SIGILL: 4,
	SIGTRAP: 5,
	SIGABRT: 6,
	SIGBUS: 7,
	SIGFPE: 8,
	SIGKILL: 9,
	SIGUSR1: 10,
	SIGSEGV: 11,
	SIGUSR2: 12,
	SIGPIPE: 13,
	SIGALRM: 14,
	SIGTERM: 15,
	SIGCHLD: 17,
	SIGCONT: 18,
	SIGSTOP: 19,
	SIGTSTP: 20,
	SIGTTIN: 21,
	SIGTTOU: 22,
	SIGURG: 23,
	SIGXCPU: 24,
	SIGXFSZ: 25,
	SIGWINCH: 28,
	SIGIO: 29,
	SIGPWR: 30,
	SIGSYS: 31,
};

/** The program's name, as it was called. */
export let argv0 = "";
/** The arguments, without the program's name. */
export let args: readonly string[] = [];
/** The environment: a copy that is the process's own. `spawn` passes it on as it then is. */
export let env: Record<string, string> = {};
/** The process's number. */
export let pid = 0;
let directory = "/";

whenStarted((info) => {
	argv0 = info.argv[0] ?? "";
	args = Object.freeze(info.argv.slice(1));
	env = { ...info.env };
	pid = info.pid;
	directory = info.cwd;
});

/** Standard input. */
export const stdin: Stream = new Stream(0);
/** Standard output. */
export const stdout: Stream = new Stream(1);
/** Standard error. */
export const stderr: Stream = new Stream(2);

/** The working directory. */
export function cwd(): string {
	return directory;
}

/** Changes the working directory. ENOENT, ENOTDIR, EACCES. */
export async function chdir(path: string): Promise<void> {
	await call("chdir", { path });
	directory = (await call("process_info", {})).cwd;
}

/** Ends the process with `code`, 0 to 255. Nothing after it runs. */
export function exit(code = 0): never {
	leave(code);
}

/** What the machine knows of this process. */
export function info(): Promise<ProcessInfo> {
	return call("process_info", {});
}

/** Sets the file-creation mask where one is given, and answers the mask there was. */
export function umask(mask?: number): Promise<number> {
	return call("umask", mask === undefined ? {} : { mask });
}

const handlers = new Map<number, Set<SignalHandler>>();

/** The number of a signal that is named or numbered. */
export function signalNumber(signal: Signal | number): number {
	if (typeof signal === "number") return signal;
	if (!Object.hasOwn(signals, signal)) throw new SystemError("EINVAL", `there is no signal ${signal}`, "kill");
	return signals[signal];
}

/** The name of a signal's number, or `undefined`. */
export function signalName(number: number): Signal | undefined {
	for (const name in signals) if (signals[name as Signal] === number) return name as Signal;
	return undefined;
}

function sigaction(signal: number, action: "default" | "ignore" | "handle"): Promise<void> {
	return call("sigaction", { signal, action });
}

onSignal((signal) => {
	const name = signalName(signal);
	if (name === undefined) return;
	for (const handler of [...(handlers.get(signal) ?? [])]) handler(name);
});

/**
 * Calls `handler` whenever the signal comes, instead of what it does by default. Answers a function that takes the
 * handler away again; with the last one gone the default is back. A handler does not keep the process alive.
 */
export function on(signal: Signal, handler: SignalHandler): () => void {
	const number = signalNumber(signal);
	let set = handlers.get(number);
	if (set === undefined) {
		set = new Set();
		handlers.set(number, set);
	}
	const own = (name: Signal): void => handler(name);
	set.add(own);
	if (set.size === 1) void sigaction(number, "handle");
	return () => {
		if (set.delete(own) && set.size === 0) {
			handlers.delete(number);
			void sigaction(number, "default");
		}
	};
}

/** Ignores a signal from now on, or with `false` gives it back its default. */
export function ignore(signal: Signal, ignored = true): Promise<void> {
	return sigaction(signalNumber(signal), ignored ? "ignore" : "default");
}

/** What `spawn` starts. */
export interface SpawnRequest {
	/** The program's file; or else `code`. */
	path?: string;
	/** TypeScript source; or else `path`. */
	code?: string;
	/** Arguments, without the program's name. */
	args?: readonly string[];
	/** The program's name, as it shall see it; by default the path. */
	argv0?: string;
	/** Environment; by default this process's `env`. */
	env?: Record<string, string>;
	/** Working directory; by default this process's. */
	cwd?: string;
	/** Descriptors of the child (`to`) and what they are here (`from`); by default 0, 1 and 2 as they are. */
	fds?: readonly FdMap[];
	/** Terminal device; by default this process's. */
	tty?: string;
}

/** A child process. */
export class Child {
	/** Its number. */
	readonly pid: number;
	#status: Promise<WaitStatus> | undefined;

	constructor(child: number) {
		this.pid = child;
	}

	/** Waits until it ends. May be asked more than once. */
	wait(): Promise<WaitStatus> {
		this.#status ??= call("wait", { pid: this.pid }) as Promise<WaitStatus>;
		return this.#status;
	}

	/** Sends it a signal, SIGTERM by default. */
	kill(signal: Signal | number = "SIGTERM"): Promise<void> {
		return kill(this.pid, signal);
	}
}

/** Starts a program. ENOENT, EACCES, ENOEXEC (with the compiler's words), E2BIG, EAGAIN, EPERM. */
export async function spawn(request: SpawnRequest): Promise<Child> {
	const { args: rest = [], argv0: name = request.path ?? "ts", fds, ...same } = request;
	const child = await call("spawn", {
		...same,
		argv: [name, ...rest],
		env: request.env ?? env,
		...(fds === undefined ? {} : { fds: [...fds] }),
	});
	return new Child(child);
}

/** Waits for a child to end: the one named, or any. With `nohang`: `null` if none has. ECHILD without children. */
export function wait(child?: number, options: { nohang?: boolean } = {}): Promise<WaitStatus | null> {
	return call("wait", { ...(child === undefined ? {} : { pid: child }), nohang: options.nohang ?? false });
}

/** Sends a signal, SIGTERM by default; 0 only asks whether it could be sent. ESRCH, EPERM, EINVAL. */
export async function kill(target: number, signal: Signal | number = "SIGTERM"): Promise<void> {
	await call("kill", { pid: target, signal: signalNumber(signal) });
}
