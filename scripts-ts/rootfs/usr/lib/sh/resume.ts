/** Hands a shell's state to another process that goes on with it, for what runs in the background. */

import { close, fromFd } from "helios:fs";
import { toText } from "helios:io";
import { env } from "helios:process";
import { Parser } from "/usr/lib/sh/parser.ts";
import type { Shell } from "/usr/lib/sh/shell.ts";
import type { Variable } from "/usr/lib/sh/variables.ts";

/** The descriptor that the state comes over. */
export const RESUME_FD = 250;
/** The variable of the environment that says so. */
export const RESUME_VARIABLE = "HELIOS_SH_RESUME";

type Stored = Omit<Variable, "list" | "table"> & { list?: [number, string][]; table?: [string, string][] };

interface State {
	variables: [string, Stored][];
	functions: string[];
	aliases: [string, string][];
	options: string[];
	shopts: string[];
	traps: [string, string][];
	frames: Shell["frames"];
	status: number;
	background: number | null;
	pid: number;
	origin: string;
	line: number;
}

/** The state of a shell, as text. */
export function stateOf(shell: Shell, line: number): string {
	const variables = shell.variables.all().map(([name, { list, table, ...rest }]): [string, Stored] => [
		name,
		{
			...rest,
			...(list === undefined ? {} : { list: [...list] }),
			...(table === undefined ? {} : { table: [...table] }),
		},
	]);
	const state: State = {
		variables: variables.filter(([name]) => name !== RESUME_VARIABLE),
		functions: [...shell.functions.values()].map((definition) => definition.source),
		aliases: [...shell.aliases],
		options: [...shell.options].filter((name) => name !== "interactive" && name !== "monitor"),
		shopts: [...shell.shopts],
		traps: [...shell.traps].filter(([, action]) => action === ""),
		frames: shell.frames,
		status: shell.status,
		background: shell.background ?? null,
		pid: shell.pid,
		origin: shell.origin,
		line,
	};
	return JSON.stringify(state);
}

/** The descriptor of a state to take over, if there is one. */
export function resumeFd(): number | undefined {
	const text = env[RESUME_VARIABLE];
	return text === String(RESUME_FD) ? RESUME_FD : undefined;
}

/** Reads a state. */
export async function readState(fd: number): Promise<State> {
	const text = toText(await fromFd(fd).readAll());
	await close(fd);
	return JSON.parse(text) as State;
}

/** Takes a state over. */
export function resume(shell: Shell, state: State): void {
	const { variables } = shell;
	variables.clear();
	for (const [name, { list, table, ...rest }] of state.variables)
		variables.mark(name, {
			...rest,
			...(list === undefined ? {} : { list: new Map(list) }),
			...(table === undefined ? {} : { table: new Map(table) }),
		});
	for (const source of state.functions) {
		const command = new Parser(source).nextLine()?.[0]?.first.commands[0];
		if (command?.type === "function") shell.functions.set(command.name, command);
	}
	for (const [name, value] of state.aliases) shell.aliases.set(name, value);
	shell.options.clear();
	for (const name of state.options) shell.options.add(name);
	shell.shopts.clear();
	for (const name of state.shopts) shell.shopts.add(name);
	for (const [name, action] of state.traps) shell.traps.set(name, action);
	shell.frames = state.frames;
	shell.status = state.status;
	shell.background = state.background ?? undefined;
	shell.origin = state.origin;
	shell.line = state.line;
}
