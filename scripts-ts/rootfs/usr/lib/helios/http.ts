/**
 * `helios:http`: servers of HTTP/1.1, and what clients and servers have in common. `fetch` is a global.
 */

import type { ClientRequest, ClientResponse } from "helios:http/client";
import { lazy } from "helios:internal";

export type { ClientRequest, ClientResponse } from "helios:http/client";
export { httpDate, parseHttpDate } from "helios:http/dates";
export { type FileStore, type FilesOptions, serveFile, serveFiles } from "helios:http/files";
export {
	commonLogLine,
	type HttpdCallback,
	type HttpdOptions,
	type HttpdRequest,
	type HttpdResponse,
	startHttpd,
} from "helios:http/httpd";
export { memoryPair, memoryTransport } from "helios:http/memory";
export { HttpServer, type ListenAddress, type ServeOptions, serve } from "helios:http/serve";
export type { ConnectionInfo, Exchange, Handler, ServeLimits } from "helios:http/server";
export { HttpError, reasonOf } from "helios:http/status";
export type { Address, Connection, Listener, Transport } from "helios:http/transport";
export { setTransport } from "helios:http/transport";

/** The asking side, loaded by those who ask. */
const client = (): typeof import("helios:http/client") => lazy("helios:http/client") as never;

/**
 * Asks with just these fields, follows no redirection, and answers when the head of the answer has come: for tools that
 * are to send what they are told. TypeError for what is no method, target or field.
 */
export function exchange(request: ClientRequest): Promise<ClientResponse> {
	return client().askOnce(request);
}

/** Closes the connections that `fetch` and `exchange` keep without work. */
export function closeIdleConnections(): void {
	client().closeIdleConnections();
}
