/** What the isolate host gives to the library, and to nobody else: `helios:internal`. */

import type { LoadedModule } from "helios-abi";

/** One statement of a source. */
export interface OutlinedStatement {
	kind: string;
	start: number;
	end: number;
	names: string[];
}

/** A source that does not parse. */
export interface BrokenSource {
	incomplete: boolean;
	message: string;
}

/** The parts of a parsed URL, each as its attribute reads. */
export interface UrlParts {
	href: string;
	protocol: string;
	username: string;
	password: string;
	host: string;
	hostname: string;
	port: string;
	pathname: string;
	search: string;
	hash: string;
	origin: string;
}

/** The parts that can be set. */
export type UrlPart = Exclude<keyof UrlParts, "origin">;

/** A digest's name. */
export type DigestName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512" | "MD5";

/** A compression format's name. */
export type CompressionName = "gzip" | "deflate" | "deflate-raw";

/** Queues a call and answers its number: 1, 2, 3, … */
export function syscall(name: string, args: object): number;
/** Sets the function that takes what a slice is given: triples of kind and two values. */
export function setDeliver(fn: (nowMs: number, flat: unknown[]) => void): void;
/** Ends the slice at once. Nothing catches it. */
export function halt(): never;
/** Ends the process as an uncaught error does. */
export function fatal(error: unknown): never;
/** Charges gas. */
export function charge(units: number): void;
/** Says whether an outstanding call keeps the process alive. */
export function setRef(call: number, keepAlive: boolean): void;
/** Evaluates a module of the base layer now and answers its namespace. */
export function lazy(specifier: string): Record<string, unknown>;
/** Adds modules to those of the process, charged by size; those that it has stay as they are. */
export function define(modules: LoadedModule[]): void;
/** The namespace of a module that was defined, when it has run. */
export function importDefined(name: string): Promise<Record<string, unknown>>;

/** UTF-8 of a string; lone surrogates become U+FFFD. */
export function utf8Encode(text: string): Uint8Array;
/** Text of UTF-8, a leading mark kept; `null` on an error when fatal. */
export function utf8Decode(bytes: Uint8Array, fatal: boolean): string | null;
/** Text of windows-1252, which the Encoding standard gives for `latin1`. */
export function latin1Decode(bytes: Uint8Array): string;
/** Text of UTF-16LE, a leading mark kept; `null` on an error when fatal. */
export function utf16leDecode(bytes: Uint8Array, fatal: boolean): string | null;
/** Base64 of bytes, padded. */
export function base64Encode(bytes: Uint8Array): string;
/** Bytes of forgiving base64, or `null`. */
export function base64Decode(text: string): Uint8Array | null;
/** A digest of bytes. */
export function digest(name: DigestName, bytes: Uint8Array): Uint8Array;
/** An HMAC of bytes. */
export function hmac(name: DigestName, key: Uint8Array, bytes: Uint8Array): Uint8Array;
/** `count` bytes of ChaCha20's key stream from 64-byte block `block`. */
export function chacha(key: Uint8Array, block: number, count: number): Uint8Array;
/** Parses a URL as the URL standard does, or answers `null`. */
export function urlParse(input: string, base?: string): UrlParts | null;
/** Sets one part of a URL, or answers `null` when the value is refused. */
export function urlSet(href: string, part: UrlPart, value: string): UrlParts | null;
/** Compresses. */
export function deflate(format: CompressionName, bytes: Uint8Array): Uint8Array;
/** Decompresses up to `maxBytes`, or says what is wrong. */
export function inflate(format: CompressionName, bytes: Uint8Array, maxBytes: number): Uint8Array | string;
/** The statements of a TypeScript source, or what is wrong with it. */
export function outline(source: string, name: string): OutlinedStatement[] | BrokenSource;
/** The layers of a frame, as JSON. */
export function dissectFrame(frame: Uint8Array, linkType: number): string;
/** A frame in a line. */
export function frameSummary(frame: Uint8Array, linkType: number): string;
/** What is wrong with a filter, or `null`. */
export function filterFault(text: string): { column: number; message: string } | null;
/** Whether a filter takes a frame, of which `wireLength` bytes were on the link. */
export function filterMatches(text: string, frame: Uint8Array, wireLength: number): boolean;
