import type { Shell } from "/usr/lib/sh/shell.ts";
export interface Candidate { text: string; kind: string; suffix: string }
export async function complete(_shell: Shell, _line: string, cursor: number): Promise<{ from: number; candidates: Candidate[] }> { return { from: cursor, candidates: [] }; }
