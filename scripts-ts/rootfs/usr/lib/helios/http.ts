/**
 * `helios:http`: servers of HTTP/1.1, and what clients and servers have in common. `fetch` is a global.
 */

export { type ClientRequest, type ClientResponse, closeIdleConnections, exchange } from "helios:http/client";
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
