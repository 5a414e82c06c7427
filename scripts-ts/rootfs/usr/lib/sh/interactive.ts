/** The shell at a terminal: prompts, SIGINT, news of background jobs. */

import { info } from "helios:process";
import { info as machine } from "helios:sys";
import { ShellSyntaxError } from "/usr/lib/sh/ast.ts";
import { Interrupted } from "/usr/lib/sh/exec.ts";
import { ExpansionError } from "/usr/lib/sh/expand.ts";
import { LineInput } from "/usr/lib/sh/input.ts";
import { CommandReader, complain, STATUS_SYNTAX } from "/usr/lib/sh/script.ts";
import { Leave, type Shell } from "/usr/lib/sh/shell.ts";
import { users } from "/usr/lib/sh/users.ts";

const STATUS_INTERRUPTED = 130;

/** What stands for a letter after a backslash in a prompt. */
async function facts(): Promise<{ user: string; host: string; root: boolean }> {
	const [{ euid }, { hostname }, people] = [await info(), await machine(), await users()];
	return { user: people.find((user) => user.uid === euid)?.name ?? String(euid), host: hostname, root: euid === 0 };
}

/** The text of a prompt: `\u` user, `\h` host, `\w` directory, `\W` its last component, `\$` `#` for root. */
function promptText(shell: Shell, form: string, { user, host, root }: Awaited<ReturnType<typeof facts>>): string {
	const home = shell.lookup("HOME");
	const below = home !== undefined && home !== "/" && `${shell.cwd}/`.startsWith(`${home}/`);
	const directory = below ? `~${shell.cwd.slice(home.length)}` : shell.cwd;
	const letters: Record<string, string> = {
		$: root ? "#" : "$",
		"\\": "\\",
		h: host,
		n: "\n",
		u: user,
		w: directory,
		W: directory.slice(directory.lastIndexOf("/") + 1) || "/",
	};
	return form.replace(/\\(.)/g, (all, letter: string) => letters[letter] ?? all);
}

async function tellJobs(shell: Shell): Promise<void> {
	for (const [index, job] of shell.jobs.entries())
		if (job.status !== undefined)
			await shell.say(`[${index + 1}] Done${job.status === 0 ? "" : `(${job.status})`}  ${job.text}`);
	shell.jobs = shell.jobs.filter((job) => job.status === undefined);
}

/** Reads commands at a terminal until its end, and answers the last one's status. */
export async function interact(shell: Shell): Promise<number> {
	const reader = new CommandReader(new LineInput(0));
	const known = await facts();
	let continued = false;
	const ask = async (): Promise<void> => {
		const form = continued ? (shell.lookup("PS2") ?? "> ") : (shell.lookup("PS1") ?? "\\$ ");
		await shell.print(promptText(shell, form, known));
	};
	let reading = false;
	shell.interrupts.handle(() => {
		// The terminal has dropped the line under edit; only the prompt is missing.
		if (!reading) return;
		shell.interrupts.seen = false;
		void ask();
	});
	for (;;) {
		await tellJobs(shell);
		try {
			shell.interrupts.seen = false;
			reading = true;
			const list = await reader.next((more) => {
				continued = more;
				return ask();
			});
			reading = false;
			if (list === null) break;
			await shell.execute(shell, list);
		} catch (error) {
			reading = false;
			if (error instanceof Interrupted) shell.status = STATUS_INTERRUPTED;
			else if (error instanceof ShellSyntaxError) {
				await complain(shell, error, "");
				shell.status = STATUS_SYNTAX;
			} else if (error instanceof ExpansionError) {
				await shell.complain(error.message);
				shell.status = STATUS_SYNTAX;
			} else if (error instanceof Leave) return error.status;
			else throw error;
		}
	}
	await shell.print("\n");
	return shell.status;
}
