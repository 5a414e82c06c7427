/** Ports and their names: `/etc/services`. */

import { readTextFile } from "helios:fs";

/** A protocol that has ports. */
export type Proto = "tcp" | "udp";

/** Names of ports. */
export class Services {
	readonly #names = new Map<string, string>();
	readonly #ports = new Map<string, number>();

	constructor(text: string) {
		for (const [, name, port, proto, aliases] of text.matchAll(/^(\S+)[ \t]+(\d+)\/(tcp|udp)([^#\n]*)/gm)) {
			if (!this.#names.has(`${port}/${proto}`)) this.#names.set(`${port}/${proto}`, name as string);
			for (const each of [name as string, ...(aliases as string).split(/\s+/)])
				if (each !== "" && !this.#ports.has(`${each}/${proto}`)) this.#ports.set(`${each}/${proto}`, Number(port));
		}
	}

	/** The name of a port, or `undefined`. */
	name(port: number, proto: Proto): string | undefined {
		return this.#names.get(`${port}/${proto}`);
	}

	/** The port of a name, or `undefined`. */
	port(name: string, proto: Proto): number | undefined {
		return this.#ports.get(`${name}/${proto}`);
	}
}

let known: Promise<Services> | undefined;

/** What `/etc/services` says; nothing where it cannot be read. */
export function services(): Promise<Services> {
	known ??= readTextFile("/etc/services").then(
		(text) => new Services(text),
		() => new Services(""),
	);
	return known;
}

/** A port that is a number or a service's name; `undefined` where it is neither. */
export async function portOf(text: string, proto: Proto): Promise<number | undefined> {
	if (!/^\d+$/.test(text)) return (await services()).port(text, proto);
	const port = Number(text);
	return port <= 65_535 ? port : undefined;
}
