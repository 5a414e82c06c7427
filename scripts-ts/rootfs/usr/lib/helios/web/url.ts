/** `URL` (URL, 6.1). Parsing is an intrinsic. */

import { type UrlPart, type UrlParts, urlParse, urlSet } from "helios:internal";
import { need, usv, webInterface } from "helios:web/idl";
import { bindParams, resetParams, URLSearchParams } from "helios:web/url-search-params";

function parse(url: string, base: string | undefined): UrlParts | null {
	return base === undefined ? urlParse(usv(url)) : urlParse(usv(url), usv(base));
}

/** A uniform resource locator. */
export class URL {
	#parts: UrlParts;
	#params: URLSearchParams | undefined;

	constructor(url: string | URL, base?: string | URL) {
		need(arguments.length, 1, "URL");
		const parts = parse(`${url}`, base === undefined ? undefined : `${base}`);
		if (parts === null) throw new TypeError(`Invalid URL: ${JSON.stringify(`${url}`)}`);
		this.#parts = parts;
	}

	/** The URL, or `null` where it does not parse. */
	static parse(url: string | URL, base?: string | URL): URL | null {
		need(arguments.length, 1, "URL.parse");
		return URL.canParse(url, base) ? new URL(url, base) : null;
	}
	static canParse(url: string | URL, base?: string | URL): boolean {
		need(arguments.length, 1, "URL.canParse");
		return parse(`${url}`, base === undefined ? undefined : `${base}`) !== null;
	}

	#set(part: UrlPart, value: string): void {
		const parts = urlSet(this.#parts.href, part, usv(value));
		if (parts === null) return;
		this.#parts = parts;
		if (part === "search" && this.#params !== undefined) resetParams(this.#params, parts.search.slice(1));
	}

	get href(): string {
		return this.#parts.href;
	}
	set href(value: string) {
		const parts = urlParse(usv(value));
		if (parts === null) throw new TypeError(`Invalid URL: ${JSON.stringify(`${value}`)}`);
		this.#parts = parts;
		if (this.#params !== undefined) resetParams(this.#params, parts.search.slice(1));
	}
	get origin(): string {
		return this.#parts.origin;
	}
	get protocol(): string {
		return this.#parts.protocol;
	}
	set protocol(value: string) {
		this.#set("protocol", value);
	}
	get username(): string {
		return this.#parts.username;
	}
	set username(value: string) {
		this.#set("username", value);
	}
	get password(): string {
		return this.#parts.password;
	}
	set password(value: string) {
		this.#set("password", value);
	}
	get host(): string {
		return this.#parts.host;
	}
	set host(value: string) {
		this.#set("host", value);
	}
	get hostname(): string {
		return this.#parts.hostname;
	}
	set hostname(value: string) {
		this.#set("hostname", value);
	}
	get port(): string {
		return this.#parts.port;
	}
	set port(value: string) {
		this.#set("port", value);
	}
	get pathname(): string {
		return this.#parts.pathname;
	}
	set pathname(value: string) {
		this.#set("pathname", value);
	}
	get search(): string {
		return this.#parts.search;
	}
	set search(value: string) {
		this.#set("search", value);
	}
	get searchParams(): URLSearchParams {
		if (this.#params === undefined) {
			this.#params = new URLSearchParams(this.#parts.search);
			bindParams(this.#params, (query) => {
				this.#parts = urlSet(this.#parts.href, "search", query) ?? this.#parts;
			});
		}
		return this.#params;
	}
	get hash(): string {
		return this.#parts.hash;
	}
	set hash(value: string) {
		this.#set("hash", value);
	}
	toString(): string {
		return this.#parts.href;
	}
	toJSON(): string {
		return this.#parts.href;
	}
}
webInterface(URL, "URL", 1);
