/** Names in the place of addresses and ports: `/etc/hosts` and `/etc/services`, without asking anybody. */

import { readTextFile } from "helios:fs";
import { parseHosts } from "helios:net/names";
import { type Services, services } from "/usr/lib/net/services.ts";

const HEAD =
	/^(IP (?:truncated-ip - \d+ bytes missing! )?)(\d+\.\d+\.\d+\.\d+)(?:\.(\d+))? > (\d+\.\d+\.\d+\.\d+)(?:\.(\d+))?:/;
const ADDRESS = /\d+\.\d+\.\d+\.\d+/g;

/** What is called how. */
export class Names {
	readonly #hosts: Map<string, string>;
	readonly #services: Services;

	private constructor(hosts: Map<string, string>, ports: Services) {
		this.#hosts = hosts;
		this.#services = ports;
	}

	/** Reads the tables; those that cannot be read are empty. */
	static async read(): Promise<Names> {
		const text = await readTextFile("/etc/hosts").catch(() => "");
		const hosts = new Map<string, string>();
		for (const { address, names } of parseHosts(text)) if (!hosts.has(address)) hosts.set(address, names[0] as string);
		return new Names(hosts, await services());
	}

	#host(address: string): string {
		return this.#hosts.get(address) ?? address;
	}

	#end(address: string, port: string | undefined, protocol: number): string {
		const host = this.#host(address);
		if (port === undefined) return host;
		return `${host}.${this.#services.name(Number(port), protocol === 6 ? "tcp" : "udp") ?? port}`;
	}

	/** A line with names, of a datagram of `protocol`. */
	in(line: string, protocol: number | undefined): string {
		if (line.startsWith("ARP, ")) return line.replace(ADDRESS, (address) => this.#host(address));
		if (protocol === undefined) return line;
		return line.replace(
			HEAD,
			(
				_,
				start: string,
				source: string,
				sourcePort: string | undefined,
				target: string,
				targetPort: string | undefined,
			) => `${start}${this.#end(source, sourcePort, protocol)} > ${this.#end(target, targetPort, protocol)}:`,
		);
	}
}
