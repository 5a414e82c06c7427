/** What files are, by their first bytes. */

import { textKind } from "/usr/lib/magic/text.ts";

/** What a file is: in words, and as MIME has it. */
export interface Kind {
	words: string;
	mime: string;
	charset: string;
}

/** How much of a file is looked at. */
export const LOOK_BYTES = 65_536;
/** Longest JSON that is read whole to see whether it is. */
const JSON_BYTES = LOOK_BYTES;

function view(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
	return String.fromCharCode(...bytes.subarray(from, to));
}

function begins(bytes: Uint8Array, ...prefix: number[]): boolean {
	return prefix.every((byte, at) => bytes[at] === byte);
}

function binary(words: string, mime: string): Kind {
	return { words, mime, charset: "binary" };
}

const GZIP_SYSTEMS: Record<number, string> = { 0: "FAT filesystem (MS-DOS, OS/2, NT)", 3: "Unix", 255: "unknown" };

function gzip(bytes: Uint8Array, tail: Uint8Array): Kind | undefined {
	if (!begins(bytes, 0x1f, 0x8b) || bytes.length < 10) return undefined;
	const flags = bytes[3] ?? 0;
	const parts = ["gzip compressed data"];
	if ((flags & 8) !== 0 && (flags & 4) === 0) {
		const end = bytes.indexOf(0, 10);
		parts.push(`was "${ascii(bytes, 10, end < 0 ? bytes.length : end)}"`);
	}
	const time = view(bytes).getUint32(4, true);
	if (time !== 0)
		parts.push(
			`last modified: ${new Date(time * 1000).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+).*/, "$1 $3 $2 $5 $4")}`,
		);
	if (bytes[8] === 2) parts.push("max compression");
	if (bytes[8] === 4) parts.push("max speed");
	const system = GZIP_SYSTEMS[bytes[9] ?? 255];
	if (system !== undefined) parts.push(`from ${system}`);
	if (tail.length >= 4) parts.push(`original size modulo 2^32 ${view(tail).getUint32(tail.length - 4, true)}`);
	return binary(parts.join(", "), "application/gzip");
}

function tar(bytes: Uint8Array): Kind | undefined {
	if (ascii(bytes, 257, 262) !== "ustar") return undefined;
	return binary(ascii(bytes, 262, 264) === "  " ? "POSIX tar archive (GNU)" : "POSIX tar archive", "application/x-tar");
}

function png(bytes: Uint8Array): Kind | undefined {
	if (!begins(bytes, 0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)) return undefined;
	if (bytes.length < 29) return binary("PNG image data", "image/png");
	const data = view(bytes);
	const color =
		{ 0: "grayscale", 2: "/color RGB", 3: " colormap", 4: " gray+alpha", 6: "/color RGBA" }[bytes[25] ?? -1] ?? "";
	const bits = `${bytes[24]}-bit${color === "grayscale" ? " grayscale" : color}`;
	const woven = bytes[28] === 0 ? "non-interlaced" : "interlaced";
	return binary(`PNG image data, ${data.getUint32(16)} x ${data.getUint32(20)}, ${bits}, ${woven}`, "image/png");
}

function capture(bytes: Uint8Array): Kind | undefined {
	if (bytes.length < 24) return undefined;
	if (begins(bytes, 0x0a, 0x0d, 0x0d, 0x0a)) {
		const little = view(bytes).getUint32(8, true) === 0x1a2b3c4d;
		const [major, minor] = [view(bytes).getUint16(12, little), view(bytes).getUint16(14, little)];
		return binary(`pcapng capture file - version ${major}.${minor}`, "application/x-pcapng");
	}
	const magic = view(bytes).getUint32(0, true);
	if (magic !== 0xa1b2c3d4 && magic !== 0xd4c3b2a1) return undefined;
	const little = magic === 0xa1b2c3d4;
	const data = view(bytes);
	const link = data.getUint32(20, little);
	const layer = link === 1 ? "Ethernet" : `linktype#${link}`;
	const snap = data.getUint32(16, little);
	const version = `${data.getUint16(4, little)}.${data.getUint16(6, little)}`;
	return binary(
		`pcap capture file, microsecond ts (${little ? "little" : "big"}-endian) - version ${version} (${layer}, capture length ${snap})`,
		"application/vnd.tcpdump.pcap",
	);
}

function bzip2(bytes: Uint8Array): Kind | undefined {
	const size = /^BZh([1-9])$/.exec(ascii(bytes, 0, 4))?.[1];
	if (size === undefined) return undefined;
	return binary(`bzip2 compressed data, block size = ${size}00k`, "application/x-bzip2");
}

function pdf(bytes: Uint8Array): Kind | undefined {
	const match = /^%PDF-(?:(\d)\.(\d))?/.exec(ascii(bytes, 0, 8));
	if (match === null) return undefined;
	return binary(`PDF document${match[1] === undefined ? "" : `, version ${match[1]}.${match[2]}`}`, "application/pdf");
}

/** Formats that their first bytes are enough for. */
const PREFIXES: readonly (readonly [prefix: readonly number[], words: string, mime: string])[] = [
	[[0x7f, 0x45, 0x4c, 0x46], "ELF executable", "application/x-executable"],
	[[0x50, 0x4b, 3, 4], "Zip archive data", "application/zip"],
	[[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "XZ compressed data", "application/x-xz"],
	[[0x28, 0xb5, 0x2f, 0xfd], "Zstandard compressed data", "application/zstd"],
	[[0xff, 0xd8, 0xff], "JPEG image data", "image/jpeg"],
	[[0x47, 0x49, 0x46, 0x38], "GIF image data", "image/gif"],
	[[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], "WebAssembly (wasm) binary module version 0x1 (MVP)", "application/wasm"],
];

/** Interpreters by their last component: what their scripts are called. */
const SCRIPTS: Record<string, readonly [words: string, mime: string]> = {
	sh: ["POSIX shell script", "text/x-shellscript"],
	bash: ["Bourne-Again shell script", "text/x-shellscript"],
	ts: ["TypeScript script", "application/typescript"],
	python3: ["Python script", "text/x-script.python"],
	perl: ["Perl script text", "text/x-perl"],
	awk: ["awk script", "text/x-awk"],
};

function script(text: string): readonly [words: string, mime: string] | undefined {
	const line = /^#! *(\S+)(?:[ \t]+(\S+))?/.exec(text);
	if (line === null) return undefined;
	const [, path = "", argument = ""] = line;
	const program = path.slice(path.lastIndexOf("/") + 1);
	const name = program === "env" ? argument : program;
	return Object.hasOwn(SCRIPTS, name)
		? SCRIPTS[name]
		: [`a ${path}${argument === "" ? "" : ` ${argument}`} script`, "text/plain"];
}

/** Whether a text is TypeScript, as programs here are: it imports, or says types. */
function isTypeScript(text: string): boolean {
	return /^\s*(?:\/\*[\s\S]*?\*\/\s*|\/\/[^\n]*\n\s*)*(?:import\s[^\n]*["'];?|import\s*\{[^}]*\}\s*from\s*["']|export\s+(?:async\s+)?(?:function|class|const|interface|type|enum)\s)/.test(
		text.slice(0, 8192),
	);
}

function isJson(text: string, whole: boolean): boolean {
	const start = text.trimStart();
	if (!whole || text.length > JSON_BYTES || !/^[[{]/.test(start)) return false;
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function ofText(bytes: Uint8Array, whole: boolean): Kind | undefined {
	const kind = textKind(bytes);
	if (kind === undefined) return undefined;
	const { charset, encoding, notes } = kind;
	const text = new TextDecoder().decode(bytes);
	const ended = [`${charset} text`, ...notes].join(", ");
	if (isJson(text, whole)) return { words: "JSON text data", mime: "application/json", charset: encoding };
	const run = script(text);
	if (run !== undefined)
		return { words: [run[0], `${charset} text executable`, ...notes].join(", "), mime: run[1], charset: encoding };
	if (isTypeScript(text))
		return { words: `TypeScript source, ${ended}`, mime: "application/typescript", charset: encoding };
	if (/^\s*<!DOCTYPE html/i.test(text) || /^\s*<html/i.test(text))
		return { words: `HTML document, ${ended}`, mime: "text/html", charset: encoding };
	if (/^\s*<\?xml /.test(text)) return { words: `XML 1.0 document, ${ended}`, mime: "text/xml", charset: encoding };
	return { words: ended, mime: "text/plain", charset: encoding };
}

/** What a file is that begins with these bytes and ends with `tail`; `whole`: there is nothing between. */
export function identify(bytes: Uint8Array, whole: boolean, tail = whole ? bytes : new Uint8Array(0)): Kind {
	if (bytes.length === 0) return binary("empty", "inode/x-empty");
	const special = gzip(bytes, tail) ?? bzip2(bytes) ?? pdf(bytes) ?? png(bytes) ?? capture(bytes) ?? tar(bytes);
	if (special !== undefined) return special;
	for (const [prefix, words, mime] of PREFIXES) if (begins(bytes, ...prefix)) return binary(words, mime);
	if (bytes.length === 1) return binary("very short file (no magic)", "application/octet-stream");
	return ofText(bytes, whole) ?? binary("data", "application/octet-stream");
}
