/** Numbers as the arguments of network commands have them. */

import { Failure } from "/usr/lib/sh/cli.ts";

/** A whole number between two others. */
export function integer(text: string, least: number, most: number, message: string, code?: number): number {
	if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most) throw new Failure(message, code);
	return Number(text);
}

/** Seconds, as `1` or `0.2`, in milliseconds. */
export function milliseconds(text: string, message: string, code?: number): number {
	if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) throw new Failure(message, code);
	return Math.round(Number(text) * 1000);
}
