// `helios:process` and `helios:errors`: what needs no files.

import { isSystemError, SystemError, strerror } from "helios:errors";
import { type File, fromFd, open } from "helios:fs";
import { args, argv0, cwd, env, exit, kill, pid, signals, stderr, stdin, stdout } from "helios:process";

console.log(argv0.length > 0, Array.isArray(args), typeof env, pid > 0, cwd().startsWith("/"));
console.log(signals.SIGINT, signals.SIGKILL, stdin.fd, stdout.fd, stderr.fd, Object.isFrozen(args));

// Writes keep their order, whether awaited or not, and with `console`.
void stdout.write("a ");
console.log("b");
void stdout.write(new TextEncoder().encode("c\n"));
const long = "x".repeat(10_000);
const writes = [
	stdout.write(`${long.length}\n`),
	stdout.write(""),
	stdout.write(`${long.slice(0, 5000)}\n`.slice(-3)),
	stdout.write("d\n"),
];
await Promise.all(writes);
for (let index = 0; index < 100; index++) void stdout.write(index % 10 === 9 ? `${index}\n` : `${index} `);
const writer = stdout.writable.getWriter();
await writer.write("from a web stream\n");
writer.releaseLock();

const error = new SystemError("ENOENT", "no such file: x", "open");
console.log(error.name, error.code, error.errno, error.syscall, error.message, error instanceof Error);
console.log(
	new SystemError("EACCES").message,
	strerror("EPIPE"),
	strerror("EWHAT"),
	isSystemError(error),
	isSystemError(error, "EPERM"),
);

// A failed call names itself, and its trace names who waited for it.
async function close(fd: number): Promise<void> {
	await stdinLike(fd).write("x");
}
try {
	await close(55);
} catch (failure) {
	console.log(
		isSystemError(failure),
		(failure as SystemError).syscall,
		/at (async )?close/.test((failure as Error).stack ?? ""),
	);
}
function stdinLike(fd: number): File {
	return fromFd(fd);
}
console.log(await stdin.read(), JSON.stringify(await stdin.readText()), (await stdin.readable.getReader().read()).done);
await kill(pid, "SIGNONE" as never).catch((failure) => console.log(failure.code));
await open("x", "q" as never).catch((failure) => console.log(failure.code));

// What still waits when the process leaves goes out first.
for (let index = 0; index < 40; index++) void stdout.write(`${index} `);
console.log("last");
exit(0);
console.log("never");
