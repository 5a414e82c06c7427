// `helios:net` where there are no sockets: names, and what is refused before a call is made.

import { connect, isIPv4, listen, resolve, UdpSocket, UnknownHostError } from "helios:net";
import { Handle } from "helios:net/handle";
import { parseHosts } from "helios:net/names";

const told = (error: Error & { code?: string }): string => `${error.name} ${error.code ?? ""} ${error.message}`.trim();

console.log("# names");
for (const text of ["1.2.3.4", "255.255.255.255", "256.1.1.1", "1.2.3", "1.2.3.4.", "01.2.3.4", "a.b.c.d", ""]) {
	console.log(JSON.stringify(text), isIPv4(text));
}
console.log(
	JSON.stringify(parseHosts("# none\n127.0.0.1 localhost me # x\n::1 six\n10.0.0.1\n\t10.0.0.2\tdesk\tDesk.lan\n")),
);
console.log(await resolve("10.0.0.1"));
for (const host of ["desk", "[::1]", ""]) {
	await resolve(host).catch((error) =>
		console.log(JSON.stringify(host), told(error), error instanceof UnknownHostError),
	);
}

console.log("# arguments");
await (listen as (...args: unknown[]) => Promise<unknown>)(80, "tcp").catch((error) => console.log(told(error)));
await connect("10.0.0.1", 80, { signal: AbortSignal.abort(new Error("no more")) }).catch((error) =>
	console.log(told(error)),
);
for (const call of [() => connect("10.0.0.1", 80), () => listen(80), () => UdpSocket.bind(53)]) {
	await call().catch((error) => console.log(error.name, error.code, error.syscall));
}

console.log("# a handle");
const handle = new Handle(7);
const stop = new AbortController();
const slow = handle.call("sleep", { ns: 5_000_000_000 }, stop.signal).catch(told);
stop.abort(new Error("enough"));
console.log(await slow);
const waiting = [1, 2].map((seconds) => handle.call("sleep", { ns: seconds * 1e9 }).catch(told));
await handle.close().catch((error) => console.log("close:", error.code));
console.log(await Promise.all(waiting));
await handle.close();
console.log(handle.closed, await handle.call("sleep", { ns: 1 }).catch(told));
