// What nearly every program does, so that the functions it takes are compiled in the startup snapshot.

import { args, env, exit, stderr, stdin, stdout } from "helios:process";

async function main(): Promise<number> {
	if (args[0] === "--help" || env.HOME === "") await stderr.write("never\n");
	await stdout.write("a line\n");
	for await (const line of stdin.lines()) await stdout.write(`${line}\n`);
	return 0;
}

exit(await main());
