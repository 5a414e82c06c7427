/** The machine's sockets with the processes that hold them: what `ss` and `netstat` show. */

import { readdir, readlink } from "helios:fs";
import { type SocketAddress, type SocketInfo, sockets } from "helios:net";
import { inParallel } from "/usr/lib/files/parallel.ts";
import { type Proto, type Services, services } from "/usr/lib/net/services.ts";
import { type Process, processes } from "/usr/lib/procs/list.ts";

/** A process that has a socket open. */
export interface Holder {
	name: string;
	pid: number;
	fd: number;
}

/** Who holds which socket, by its number. What may not be looked at is left out. */
export async function holders(): Promise<Map<number, Holder[]>> {
	const found = new Map<number, Holder[]>();
	await inParallel(await processes(), async ({ pid, name }: Process) => {
		const entries = await readdir(`/proc/${pid}/fd`).catch(() => []);
		for (const { name: fd } of entries) {
			const to = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
			const inode = /^socket:\[(\d+)\]$/.exec(to)?.[1];
			if (inode === undefined) continue;
			const list = found.get(Number(inode)) ?? [];
			list.push({ name, pid, fd: Number(fd) });
			found.set(Number(inode), list);
		}
	});
	for (const list of found.values()) list.sort((a, b) => a.pid - b.pid || a.fd - b.fd);
	return found;
}

/** Which sockets are meant. */
export interface SocketFilter {
	/** Kinds: `tcp`, `udp`, …; none: all. */
	kinds: ReadonlySet<string>;
	/** Those that listen, those that do not, or all. */
	which: "listening" | "connected" | "all";
}

/** Whether a socket waits for others to begin. */
export function isListening({ state }: SocketInfo): boolean {
	return state === "LISTEN" || state === "UNCONN";
}

const ORDER = ["packet", "raw", "icmp", "udp", "tcp"];

/** Sockets in the order in which tables show them. */
export async function chosenSockets({ kinds, which }: SocketFilter): Promise<SocketInfo[]> {
	const chosen = (await sockets()).filter(
		(one) =>
			(kinds.size === 0 || kinds.has(one.kind)) && (which === "all" || isListening(one) === (which === "listening")),
	);
	const rank = (one: SocketInfo): number => ORDER.indexOf(one.kind) * 2 + (isListening(one) ? 0 : 1);
	return chosen.sort((a, b) => rank(a) - rank(b) || a.inode - b.inode);
}

/** How ends of connections are shown. */
export class Names {
	readonly #services: Services | undefined;

	private constructor(known: Services | undefined) {
		this.#services = known;
	}

	/** With names of services, or with numbers only. */
	static async make(numeric: boolean): Promise<Names> {
		return new Names(numeric ? undefined : await services());
	}

	/** A port: its name, its number, or a star. */
	port(port: number, kind: string): string {
		if (port === 0) return "*";
		const name = kind === "tcp" || kind === "udp" ? this.#services?.name(port, kind as Proto) : undefined;
		return name ?? `${port}`;
	}

	/** An end, `address:port`. */
	end(end: SocketAddress | null | undefined, kind: string): string {
		return end == null ? "0.0.0.0:*" : `${end.address}:${this.port(end.port, kind)}`;
	}
}
