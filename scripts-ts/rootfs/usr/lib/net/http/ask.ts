/** One question of HTTP, as `curl` and `wget` ask it: their own fields, no redirections followed, and errors by kind. */

import { isSystemError } from "helios:errors";
import { exchange } from "helios:http";
import { UnknownHostError } from "helios:net";
import { Body, type ByteSource } from "helios:web/body";
import { field, type HeaderField } from "helios:web/header-list";
import type { Target } from "/usr/lib/net/http/url.ts";

/** What is asked. */
export interface Question {
	method: string;
	target: Target;
	fields: readonly (readonly [name: string, value: string])[];
	/** Bytes, or something that they are read from. */
	body?: Uint8Array | ByteSource | undefined;
	/** How many there are, where they are not bytes. */
	length?: number | undefined;
	signal?: AbortSignal | undefined;
}

/** What was answered. */
export interface Answer {
	minor: number;
	status: number;
	reason: string;
	fields: readonly HeaderField[];
	/** What its body says of its length. */
	length: number | undefined;
	/** The next bytes; `null` at the end. */
	read(): Promise<Uint8Array | null>;
	/** Nobody wants the rest. */
	cancel(): Promise<void>;
}

/** What went wrong. */
export type Trouble = "host" | "connect" | "timeout" | "empty" | "broken" | "reset" | "malformed" | "argument";

/** A question that got no answer, or not a whole one. */
export class AskError extends Error {
	readonly trouble: Trouble;

	constructor(trouble: Trouble, message: string, options?: ErrorOptions) {
		super(message, options);
		this.trouble = trouble;
	}
}

/** Which trouble an error is. What is none of the network's is thrown. */
export function troubleOf(error: unknown): AskError {
	if (error instanceof AskError) return error;
	const { cause } = (error ?? {}) as { cause?: unknown };
	if (error instanceof UnknownHostError) return new AskError("host", error.host, { cause: error });
	const system = isSystemError(error) ? error : isSystemError(cause) ? cause : undefined;
	if (system !== undefined) {
		if (system.syscall === "connect") return new AskError("connect", system.message, { cause: system });
		return new AskError("reset", system.message, { cause: system });
	}
	if (!(error instanceof Error)) throw error;
	if (error.name === "TimeoutError") return new AskError("timeout", error.message, { cause: error });
	const text = error.message;
	if (text === "the connection was closed") return new AskError("empty", text, { cause: error });
	if (text.includes("closed") || text.startsWith("The body of the answer broke off"))
		return new AskError("broken", text, { cause: error });
	if (text.startsWith("exchange: ")) return new AskError("argument", text.slice(10), { cause: error });
	if (error.name === "HttpError" || "status" in error) return new AskError("malformed", text, { cause: error });
	throw error;
}

/** Which trouble an error is, where `signal` may be what ended it. */
function explained(error: unknown, signal: AbortSignal | undefined): AskError {
	if (signal?.aborted === true) return new AskError("timeout", "the time is over", { cause: error });
	return troubleOf(error);
}

/** Asks. AskError. */
export async function ask({ method, target, fields, body, length, signal }: Question): Promise<Answer> {
	try {
		const { head, body: content } = await exchange({
			method,
			hostname: target.hostname,
			port: target.port,
			target: target.target,
			fields: fields.map(([name, value]) => field(name, value)),
			body: body === undefined ? undefined : new Body(body, length),
			signal,
		});
		const source = content?.take();
		return {
			...head,
			length: content?.length,
			read: async () => {
				try {
					return (await source?.read()) ?? null;
				} catch (error) {
					throw explained(error, signal);
				}
			},
			cancel: async () => source?.cancel(),
		};
	} catch (error) {
		throw explained(error, signal);
	}
}

/** The value of a field of an answer. */
export function valueIn(answer: Pick<Answer, "fields">, name: string): string | undefined {
	return answer.fields.find(({ key }) => key === name)?.value;
}
