/**
 * A small machine for tests of the library without the engine: a bare V8 context in Node with the compiled library in
 * it, `helios:internal` over Node's own functions, and a kernel that knows time, standard output and little else.
 *
 * The engine runs the same cases; this is what `npm test` runs where the engine is not built.
 */

import { spawnSync } from "node:child_process";
import { createCipheriv, createHash, createHmac } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";
import zlib from "node:zlib";

/** Slices after which a program is given up. */
const MAX_SLICES = 20_000;
const EPOCH_MS = Date.UTC(2035, 0, 1);
const DELIVERY = { reply: 0, error: 1, start: 3, rejection: 4, rejectionHandled: 5 };

/** Intrinsics that only the engine has: it dissects frames in Rust. */
const ENGINE_ALONE = ["dissectFrame", "filterFault", "filterMatches", "frameSummary"];

function engineAlone(name) {
	throw new TypeError(`this machine has no ${name}`);
}

/** Compiles everything under `root` to plain JavaScript in `out`; types are `npm run check`'s business. */
export function compile(root, out) {
	const tsc = join(root, "node_modules/typescript/bin/tsc");
	const options = ["--noEmit", "false", "--outDir", out, "--noCheck", "--target", "ES2022", "--rootDir", "."];
	const result = spawnSync(process.execPath, [tsc, "-p", ".", ...options, "--rewriteRelativeImportExtensions"], {
		cwd: root,
		encoding: "utf8",
	});
	if (!existsSync(join(out, "rootfs"))) throw new Error(result.stdout + result.stderr);
}

/** The pure intrinsics, over Node's functions, answering with objects of the context. */
function intrinsics(context) {
	const Bytes = vm.runInContext("Uint8Array", context);
	const give = (buffer) => {
		const bytes = new Bytes(buffer.length);
		bytes.set(buffer);
		return bytes;
	};
	const decode = (label, bytes, fatal) => {
		try {
			return new TextDecoder(label, { fatal, ignoreBOM: true }).decode(bytes);
		} catch {
			return null;
		}
	};
	const parts = (url) => {
		const { href, protocol, username, password, host, hostname, port, pathname, search, hash, origin } = url;
		return { href, protocol, username, password, host, hostname, port, pathname, search, hash, origin };
	};
	const hashName = (name) => name.replace("-", "").toLowerCase();
	const packers = {
		gzip: [zlib.gzipSync, zlib.gunzipSync],
		deflate: [zlib.deflateSync, zlib.inflateSync],
		"deflate-raw": [zlib.deflateRawSync, zlib.inflateRawSync],
	};
	return {
		utf8Encode: (text) => give(Buffer.from(text, "utf8")),
		utf8Decode: (bytes, fatal) => decode("utf-8", bytes, fatal),
		latin1Decode: (bytes) => Buffer.from(bytes).toString("latin1"),
		utf16leDecode: (bytes, fatal) => decode("utf-16le", bytes, fatal),
		base64Encode: (bytes) => Buffer.from(bytes).toString("base64"),
		base64Decode: (text) => {
			try {
				return give(Buffer.from(atob(text), "latin1"));
			} catch {
				return null;
			}
		},
		digest: (name, bytes) => give(createHash(hashName(name)).update(bytes).digest()),
		hmac: (name, key, bytes) => give(createHmac(hashName(name), key).update(bytes).digest()),
		chacha: (key, block, count) => {
			const counter = Buffer.alloc(16);
			counter.writeUInt32LE(block);
			return give(createCipheriv("chacha20", key, counter).update(Buffer.alloc(count)));
		},
		urlParse: (input, base) => (URL.canParse(input, base) ? parts(new URL(input, base)) : null),
		urlSet: (href, part, value) => {
			const url = new URL(href);
			url[part] = value;
			return parts(url);
		},
		deflate: (format, bytes) => give(packers[format][0](bytes)),
		inflate: (format, bytes, maxOutputLength) => {
			try {
				return give(packers[format][1](bytes, { maxOutputLength }));
			} catch (error) {
				return error.message;
			}
		},
	};
}

/** Built-ins that the engine's V8 has and an older Node has not. */
const POLYFILL = `
if (!("transfer" in ArrayBuffer.prototype)) {
	Object.defineProperty(ArrayBuffer.prototype, "transfer", { value() { return hostTransfer(this); } });
	Object.defineProperty(ArrayBuffer.prototype, "detached", {
		get() { try { new Uint8Array(this); return false; } catch { return true; } },
	});
}
`;

class Halt {}

/** One process on one machine. */
export class Machine {
	#out;
	#context;
	#modules = new Map();
	#lazy = new Map();
	#deliver;
	#calls = [];
	#lastCall = 0;
	#open = new Set();
	#unreferenced = new Set();
	#timers = [];
	#sequence = 0;
	#nowMs = EPOCH_MS + 1000;
	#flat = [];
	#fatal;
	#exit;
	#decoders = new Map();
	output = "";
	errors = "";

	constructor(out) {
		this.#out = out;
		this.#context = vm.createContext({ hostTransfer: (buffer) => structuredClone(buffer, { transfer: [buffer] }) });
		vm.runInContext(POLYFILL, this.#context);
	}

	async #load(specifier) {
		const known = this.#modules.get(specifier);
		if (known !== undefined) return known;
		const module = specifier === "helios:internal" ? this.#internal() : this.#source(specifier);
		this.#modules.set(specifier, module);
		return module;
	}

	#source(specifier) {
		const path = specifier.startsWith("helios:")
			? join(this.#out, "rootfs/usr/lib/helios", `${specifier.slice(7)}.js`)
			: specifier;
		return new vm.SourceTextModule(readFileSync(path, "utf8"), { context: this.#context, identifier: specifier });
	}

	#internal() {
		const members = {
			...intrinsics(this.#context),
			syscall: (name, args) => this.#syscall(name, args),
			setDeliver: (deliver) => {
				this.#deliver = deliver;
			},
			halt: () => {
				throw new Halt();
			},
			fatal: (error) => {
				this.#fatal ??= { error };
				throw new Halt();
			},
			charge: () => {},
			setRef: (id, alive) => (alive ? this.#unreferenced.delete(id) : this.#unreferenced.add(id)),
			lazy: (specifier) => this.#evaluateNow(specifier),
			define: () => {
				throw new TypeError("this machine loads no modules");
			},
			outline: () => {
				throw new TypeError("this machine has no compiler");
			},
			...Object.fromEntries(ENGINE_ALONE.map((name) => [name, () => engineAlone(name)])),
			importDefined: (name) => Promise.reject(new TypeError(`there is no module ${name}`)),
		};
		const names = Object.keys(members);
		return new vm.SyntheticModule(
			names,
			function () {
				for (const name of names) this.setExport(name, members[name]);
			},
			{ context: this.#context, identifier: "helios:internal" },
		);
	}

	/** Node links modules later, but evaluates one that is linked at once. */
	#evaluateNow(specifier) {
		const module = this.#lazy.get(specifier);
		if (module === undefined) throw new TypeError(`there is no module ${specifier}`);
		if (module.status === "linked") void module.evaluate();
		if (module.status === "errored") throw module.error;
		return module.namespace;
	}

	async #link(specifier) {
		const module = await this.#load(specifier);
		if (module.status === "unlinked") await module.link((name) => this.#load(name));
		return module;
	}

	/** Runs a program to its end. */
	async run(program) {
		const library = join(this.#out, "rootfs/usr/lib/helios");
		for (const folder of ["", "http/", "net/", "web/"]) {
			for (const file of readdirSync(join(library, folder))) {
				if (!file.endsWith(".js")) continue;
				const specifier = `helios:${folder}${file.slice(0, -3)}`;
				this.#lazy.set(specifier, await this.#link(specifier));
			}
		}
		this.#evaluateNow("helios:core");
		const entry = await this.#link(program);
		const rejections = [];
		const reasons = new WeakMap();
		const rejected = (reason, promise) => {
			reasons.set(promise, reason);
			if (!(reason instanceof Halt)) rejections.push(DELIVERY.rejection, promise, reason);
		};
		const handled = (promise) => rejections.push(DELIVERY.rejectionHandled, promise, reasons.get(promise));
		process.on("unhandledRejection", rejected);
		process.on("rejectionHandled", handled);
		const Bytes = vm.runInContext("Uint8Array", this.#context);
		const info = {
			pid: 7,
			argv: ["case", "one", "two"],
			env: { HOME: "/root", USER: "root" },
			cwd: "/root",
			epochMs: EPOCH_MS,
			randomKey: new Bytes(32).map((_, at) => at),
		};
		this.#slice([DELIVERY.start, info, undefined]);
		let done = false;
		entry.evaluate().then(
			() => {
				done = true;
			},
			(error) => {
				if (!(error instanceof Halt)) this.#fatal ??= { error };
			},
		);
		for (let slices = 0; ; slices++) {
			if (slices > MAX_SLICES) throw new Error(`still running after ${MAX_SLICES} slices`);
			await this.#drain();
			while (rejections.length > 0 && this.#fatal === undefined && this.#exit === undefined) {
				this.#slice(rejections.splice(0));
				await this.#drain();
			}
			this.#apply();
			if (this.#fatal !== undefined || this.#exit !== undefined) break;
			if (this.#flat.length === 0 && !this.#passTime(done)) break;
			this.#slice(this.#flat.splice(0));
		}
		process.off("unhandledRejection", rejected);
		process.off("rejectionHandled", handled);
		if (this.#fatal !== undefined) {
			const { error } = this.#fatal;
			this.errors += `Uncaught ${error?.stack ?? String(error)}\n`;
			return 1;
		}
		if (this.#exit === undefined && !done) this.errors += "Deadlock: the top level waits for what never comes\n";
		return this.#exit ?? (done ? 0 : 13);
	}

	#drain() {
		return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
	}

	#slice(flat) {
		try {
			this.#deliver(this.#nowMs, flat);
		} catch (error) {
			if (!(error instanceof Halt)) throw error;
		}
	}

	#syscall(name, args) {
		const id = ++this.#lastCall;
		if (this.#exit !== undefined || this.#fatal !== undefined) return id;
		this.#open.add(id);
		const copy = structuredClone(args);
		if (name === "exit") {
			this.#apply();
			this.#exit = copy.code;
		} else this.#calls.push({ id, name, args: copy });
		return id;
	}

	#reply(id, value) {
		if (this.#open.delete(id)) this.#flat.push(DELIVERY.reply, id, value);
		this.#unreferenced.delete(id);
	}

	#fail(id, code, message = code) {
		if (this.#open.delete(id)) this.#flat.push(DELIVERY.error, id, [code, message]);
		this.#unreferenced.delete(id);
	}

	#apply() {
		for (const { id, name, args } of this.#calls.splice(0)) this.#applyOne(id, name, args);
	}

	#applyOne(id, name, args) {
		switch (name) {
			case "write": {
				if (args.fd !== 1 && args.fd !== 2) return this.#fail(id, "EBADF", `write: ${args.fd} is not open`);
				const decoder = this.#decoders.get(args.fd) ?? new TextDecoder();
				this.#decoders.set(args.fd, decoder);
				const text = decoder.decode(args.data, { stream: true });
				if (args.fd === 1) this.output += text;
				else this.errors += text;
				return this.#reply(id, args.data.length);
			}
			case "read":
				return args.fd === 0 ? this.#reply(id, this.#bytes([])) : this.#fail(id, "EBADF");
			case "sleep":
				this.#timers.push({ at: this.#nowMs + Math.ceil(args.ns / 1e6), sequence: ++this.#sequence, id });
				return undefined;
			case "cancel": {
				const there = this.#open.has(args.call);
				this.#timers = this.#timers.filter((timer) => timer.id !== args.call);
				this.#fail(args.call, "ECANCELED", "Operation canceled");
				return this.#reply(id, there);
			}
			default:
				return this.#fail(id, "ENOSYS", `there is no syscall ${name}`);
		}
	}

	#bytes(data) {
		const Bytes = vm.runInContext("Uint8Array", this.#context);
		const bytes = new Bytes(data.length);
		bytes.set(data);
		return bytes;
	}

	/** Goes to the next timer. Answers whether anything will still happen. */
	#passTime(done) {
		const referenced = [...this.#open].some((id) => !this.#unreferenced.has(id));
		if (this.#timers.length === 0 || (done && !referenced)) return false;
		this.#timers.sort((a, b) => a.at - b.at || a.sequence - b.sequence);
		this.#nowMs = Math.max(this.#nowMs, this.#timers[0].at);
		while (this.#timers.length > 0 && this.#timers[0].at <= this.#nowMs) this.#reply(this.#timers.shift().id, null);
		return true;
	}
}
