/**
 * `helios:process`: the process itself, its standard streams, its signals and its children.
 */

import { call, exit as leave, onRejection, onSignal, reportUncaught, whenStarted } from "helios:core";
import { SystemError } from "helios:errors";
import { define, importDefined } from "helios:internal";
import { Stream } from "helios:io";
import type { FdMap, Limit, ProcessInfo, SignalNumbers, WaitStatus } from "helios-abi";

export type { Limit, ProcessInfo, WaitStatus } from "helios-abi";

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

/** A handler and how it wants its signal. */
interface Handling {
	call: SignalHandler;
	interrupt: boolean;
}

const handlers = new Map<number, Set<Handling>>();

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

function sigaction(signal: number, action: "default" | "ignore" | "handle" | "interrupt"): Promise<void> {
	return call("sigaction", { signal, action });
}

/** What a signal with these handlers is to do. */
function actionOf(set: ReadonlySet<Handling>): "default" | "handle" | "interrupt" {
	if (set.size === 0) return "default";
	for (const handling of set) if (handling.interrupt) return "interrupt";
	return "handle";
}

onSignal((signal) => {
	const name = signalName(signal);
	if (name === undefined) return;
	for (const handling of [...(handlers.get(signal) ?? [])]) handling.call(name);
});

/** How `on` takes a signal. */
export interface SignalOptions {
	/**
	 * In the middle of a computation of the program, do not wait for its end: instead of calling the handler, throw an
	 * `Error` "interrupted" where it goes on, which it may catch. Between computations the handler is called.
	 */
	interrupt?: boolean;
}

/** What is called with a promise that was rejected, and why. */
export type RejectionHandler = (reason: unknown, promise: Promise<unknown>) => void;

/** What an error in a handler of rejections does: what any uncaught error does. */
function tell(handler: RejectionHandler, reason: unknown, promise: Promise<unknown>): void {
	try {
		handler(reason, promise);
	} catch (error) {
		reportUncaught(error);
	}
}

function onRejections(event: "unhandledrejection" | "rejectionhandled", handler: RejectionHandler): () => void {
	const unhandled = event === "unhandledrejection";
	return onRejection({
		rejected(promise, reason) {
			if (unhandled) tell(handler, reason, promise);
			return unhandled;
		},
		handled(promise, reason) {
			if (!unhandled) tell(handler, reason, promise);
		},
	});
}

/**
 * Calls `handler` whenever the signal comes, instead of what it does by default. Answers a function that takes the
 * handler away again; with the last one gone the default is back. A handler does not keep the process alive.
 */
export function on(signal: Signal, handler: SignalHandler, options?: SignalOptions): () => void;
/**
 * Calls `handler` with a promise that was rejected while nobody listened, and still is when all microtasks have run:
 * instead of ending, the process goes on. Answers a function that takes the handler away again.
 */
export function on(event: "unhandledrejection", handler: RejectionHandler): () => void;
/** Calls `handler` with a promise that was told of as `unhandledrejection`, when somebody handles it after all. */
export function on(event: "rejectionhandled", handler: RejectionHandler): () => void;
export function on(
	event: Signal | "unhandledrejection" | "rejectionhandled",
	handler: SignalHandler | RejectionHandler,
	options: SignalOptions = {},
): () => void {
	if (event === "unhandledrejection" || event === "rejectionhandled") {
		return onRejections(event, handler as RejectionHandler);
	}
	return onSignalNumber(signalNumber(event), handler as SignalHandler, options);
}

function onSignalNumber(number: number, handler: SignalHandler, options: SignalOptions): () => void {
	let set = handlers.get(number);
	if (set === undefined) {
		set = new Set();
		handlers.set(number, set);
	}
	const own: Handling = { call: handler, interrupt: options.interrupt === true };
	const change = (edit: () => boolean): void => {
		const before = actionOf(set);
		if (!edit()) return;
		const action = actionOf(set);
		if (action !== before) void sigaction(number, action);
	};
	change(() => set.add(own) === set);
	return () => change(() => set.delete(own));
}

/** Blocks and unblocks signals; a blocked one waits until it is unblocked. Answers what was blocked before. */
export async function mask(change: { block?: readonly Signal[]; unblock?: readonly Signal[] } = {}): Promise<Signal[]> {
	const numbers = (names: readonly Signal[] = []): number[] => names.map(signalNumber);
	const before = await call("sigmask", { block: numbers(change.block), unblock: numbers(change.unblock) });
	return before.map(signalName).filter((name) => name !== undefined);
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
	/** Process group to join; 0: a new one, which the child leads; by default this process's. */
	pgroup?: number;
	/** The child begins a session of its own. */
	setsid?: boolean;
	/** With `setsid`: the child's descriptor whose terminal becomes the session's. */
	ctty?: number;
	/** The child's group is the terminal's foreground before the child runs. */
	foreground?: boolean;
	/** Signals that get their default action in the child. */
	defaults?: readonly Signal[];
	/** Signals that the child ignores. */
	ignores?: readonly Signal[];
	/** User to run as; root only. */
	uid?: number;
	/** Group to run as; root only. */
	gid?: number;
	/** Supplementary groups; root only. */
	groups?: readonly number[];
	/** Capabilities that the child keeps at most. */
	caps?: readonly string[];
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
	const {
		args: rest = [],
		argv0: name = request.path ?? "ts",
		fds,
		groups,
		caps,
		defaults,
		ignores,
		...same
	} = request;
	const child = await call("spawn", {
		...same,
		argv: [name, ...rest],
		env: request.env ?? env,
		...(fds === undefined ? {} : { fds: [...fds] }),
		...(groups === undefined ? {} : { groups: [...groups] }),
		...(caps === undefined ? {} : { caps: [...caps] }),
		...(defaults === undefined ? {} : { defaults: defaults.map(signalNumber) }),
		...(ignores === undefined ? {} : { ignores: ignores.map(signalNumber) }),
	});
	return new Child(child);
}

/** What `exec` puts in this process's place. */
export type ExecRequest = Pick<SpawnRequest, "path" | "code" | "args" | "argv0" | "env" | "cwd" | "fds">;

/**
 * Puts another program in this process's place: pid, group, session and descriptors stay. Comes back only with an
 * error, as `spawn` does. Output that waits goes out first.
 */
export async function exec(request: ExecRequest): Promise<never> {
	const { args: rest = [], argv0: name = request.path ?? "ts", fds, ...same } = request;
	await Promise.all([stdout.drain(), stderr.drain()]);
	await call("exec", {
		...same,
		argv: [name, ...rest],
		env: request.env ?? env,
		...(fds === undefined ? {} : { fds: [...fds] }),
	});
	throw new SystemError("EINVAL", "exec came back", "exec");
}

let loads = 0;

/**
 * Runs TypeScript as a module of this process and answers its namespace, as `import()` does: its top level may await,
 * and what it throws rejects the promise. Its imports are resolved now, relative ones from the working directory; what
 * the process has imported before it keeps. `name` is what traces call the module: letters, digits, `:`, `.` and `-`,
 * new to the process. ENOENT, EACCES, EEXIST, ENOEXEC (with the compiler's words), E2BIG.
 */
export async function load(code: string, name?: string): Promise<Record<string, unknown>> {
	const own = name ?? `load:${++loads}`;
	const { modules } = await call("load", { name: own, code });
	define(modules);
	return importDefined(own);
}

/** What `wait` waits for. */
export interface WaitOptions {
	/** Do not wait. */
	nohang?: boolean;
	/** Any child of this process group. */
	pgid?: number;
	/** Also tell of a child that stopped. */
	untraced?: boolean;
	/** Also tell of a child that went on after a stop. */
	continued?: boolean;
}

/** Waits for a child to end: the one named, or any. With `nohang`: `null` if none has. ECHILD without children. */
export function wait(child?: number, options: WaitOptions = {}): Promise<WaitStatus | null> {
	return call("wait", { ...(child === undefined ? {} : { pid: child }), ...options });
}

/** Begins a session: this process leads it, and a group of its own, without a terminal. EPERM if it leads a group. */
export function setsid(): Promise<number> {
	return call("setsid", {});
}

/** Moves a process (0: this one) to a process group (0: one of its own). ESRCH, EPERM. */
export async function setpgid(process = 0, group = 0): Promise<void> {
	await call("setpgid", { ...(process === 0 ? {} : { pid: process }), ...(group === 0 ? {} : { pgid: group }) });
}

/** Users and groups that `setCredentials` sets; absent: unchanged. */
export interface Credentials {
	/** Real user. */
	uid?: number;
	/** Effective user. */
	euid?: number;
	/** Real group. */
	gid?: number;
	/** Effective group. */
	egid?: number;
	/** Supplementary groups. */
	groups?: number[];
}

/** Sets users and groups. Root may set all of them; others may set the effective ones to the real ones. EPERM. */
export async function setCredentials(to: Credentials): Promise<void> {
	await call("setcreds", { ...to });
}

/** The niceness of a process (0: this one), set first where `nice` is given. ESRCH, EPERM, EACCES. */
export function priority(process = 0, nice?: number): Promise<number> {
	return call("priority", { ...(process === 0 ? {} : { pid: process }), ...(nice === undefined ? {} : { nice }) });
}

/** What can be limited: seconds of CPU in one turn, bytes, descriptors, processes of the user, bytes of a file. */
export type Resource = "cpu" | "memory" | "files" | "processes" | "filesize";

/** A limit of a process (0: this one), set first where `set` is given. EINVAL, EPERM, ESRCH. */
export function limit(resource: Resource, set?: Limit, process = 0): Promise<Limit> {
	return call("rlimit", {
		resource,
		...(process === 0 ? {} : { pid: process }),
		...(set === undefined ? {} : { set }),
	});
}

/**
 * Sends a signal, SIGTERM by default; 0 only asks whether it could be sent. `target` is a process; 0 is this process's
 * group, -1 everybody, less than -1 that process group. ESRCH, EPERM, EINVAL.
 */
export async function kill(target: number, signal: Signal | number = "SIGTERM"): Promise<void> {
	await call("kill", { pid: target, signal: signalNumber(signal) });
}
