/** Runs one job of a crontab as its user, and delivers what it prints. */

import { close, fromFd, open, pipe } from "helios:fs";
import { type Child, spawn } from "helios:process";
import { deliver } from "/usr/lib/cron/mail.ts";
import type { Job } from "/usr/lib/cron/table.ts";
import { failedWith, reason } from "/usr/lib/sh/cli.ts";
import { groupIdsOf, type User } from "/usr/lib/users/accounts.ts";

/** How much of a job's output is delivered; it may print more. */
const OUTPUT_BYTES = 65_536;
const SHELL = "/bin/sh";
const PATH = "/bin:/usr/bin:/usr/local/bin";

async function start(user: User, job: Job, input: number, output: number): Promise<Child> {
	const shell = job.env.SHELL?.startsWith("/") === true ? job.env.SHELL : SHELL;
	const request = {
		path: shell,
		args: ["-c", job.command],
		// Who the job runs as is not for the table to say.
		env: { PATH, HOME: user.home, ...job.env, SHELL: shell, USER: user.name, LOGNAME: user.name },
		fds: [
			{ from: input, to: 0 },
			{ from: output, to: 1 },
			{ from: output, to: 2 },
		],
		setsid: true,
		uid: user.uid,
		gid: user.gid,
		groups: await groupIdsOf(user),
	};
	try {
		return await spawn({ ...request, cwd: user.home });
	} catch (error) {
		if (!failedWith(error, "ENOENT", "EACCES", "ENOTDIR")) throw error;
		return await spawn({ ...request, cwd: "/" });
	}
}

/** Reads to the end, and keeps the beginning. */
async function collect(fd: number): Promise<string> {
	const source = fromFd(fd);
	const decoder = new TextDecoder();
	let text = "";
	let bytes = 0;
	for await (const chunk of source.chunks()) {
		const room = OUTPUT_BYTES - bytes;
		bytes += chunk.length;
		if (room > 0) text += decoder.decode(chunk.subarray(0, room), { stream: true });
	}
	await source.close();
	return bytes > OUTPUT_BYTES ? `${text}\n[${bytes - OUTPUT_BYTES} further bytes are left out]\n` : text;
}

async function feed(fd: number, text: string): Promise<void> {
	const target = fromFd(fd);
	// A job need not read its input.
	await target.write(text).catch(() => undefined);
	await target.close();
}

/** Runs a job to its end. What goes wrong is said. */
export async function runJob(user: User, job: Job, say: (message: string) => void): Promise<void> {
	const output = await pipe();
	const input = job.input === "" ? undefined : await pipe();
	const empty = await open("/dev/null");
	let child: Child;
	try {
		child = await start(user, job, input?.read ?? empty.fd, output.write);
	} catch (error) {
		say(`(${user.name}) CANNOT RUN (${job.command}): ${reason(error)}`);
		await close(output.read);
		if (input !== undefined) await close(input.write);
		return;
	} finally {
		await empty.close();
		await close(output.write);
		if (input !== undefined) await close(input.read);
	}
	const fed = input === undefined ? undefined : feed(input.write, job.input);
	const [printed] = await Promise.all([collect(output.read), child.wait(), fed]);
	if (printed === "" || job.env.MAILTO === "") return;
	await deliver(user, `Cron <${user.name}> ${job.command}`, printed).catch((error) =>
		say(`(${user.name}) CANNOT DELIVER: ${reason(error)}`),
	);
}
