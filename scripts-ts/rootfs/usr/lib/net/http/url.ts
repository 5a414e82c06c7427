/** URLs as `curl` and `wget` are given them. */

/** Where a request goes. */
export interface Target {
	url: URL;
	hostname: string;
	port: number;
	/** Path and query. */
	target: string;
	/** The value of `Host`. */
	host: string;
	/** `user:password`, if the URL has them. */
	userInfo: string | undefined;
}

/** A URL that cannot be asked. */
export class UrlError extends Error {
	/** Whether it is the protocol. */
	readonly protocol: string | undefined;

	constructor(message: string, protocol?: string) {
		super(message);
		this.protocol = protocol;
	}
}

/** Reads a URL; without a scheme it is one of HTTP. */
export function targetOf(text: string, base?: URL): Target {
	const whole = base !== undefined || /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
	if (!URL.canParse(whole, base?.href)) throw new UrlError("URL rejected: Malformed input to a URL function");
	const url = new URL(whole, base?.href);
	const protocol = url.protocol.slice(0, -1);
	if (protocol !== "http") throw new UrlError(`Protocol "${protocol}" not supported`, protocol);
	const { username, password, hostname, host, pathname, search } = url;
	const userInfo = username === "" ? undefined : `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	return { url, hostname, port: Number(url.port || 80), target: pathname + search, host, userInfo };
}

/** The last component of a URL's path; empty where it ends with a slash. */
export function fileNameOf(url: URL): string {
	const name = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
	try {
		return decodeURIComponent(name).replaceAll("/", "_");
	} catch {
		return name;
	}
}
