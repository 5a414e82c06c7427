cat > /tmp/dialogue.ts <<'E'
// Types into a shell on a terminal of its own, a step every 0.3 seconds, and shows what the terminal shows.
import { close, fromFd } from "helios:fs";
import { args, spawn } from "helios:process";
import { sleep } from "helios:time";
import { openPty } from "helios:tty";

const { master, slave } = await openPty({ rows: 24, columns: 80 });
const fds = [0, 1, 2].map((to) => ({ to, from: slave }));
const env = { TERM: "dumb", HOME: "/tmp", PATH: "/bin:/sbin", PS1: "$ ", ENV: "/dev/null", HISTFILE: "" };
const shell = await spawn({ path: "/bin/sh", argv0: "sh", args: ["-i"], setsid: true, ctty: 0, env, fds });
await close(slave);
const terminal = fromFd(master);
let shown = "";
const reading = (async () => {
	const decoder = new TextDecoder();
	for await (const chunk of terminal.chunks()) shown += decoder.decode(chunk, { stream: true });
})().catch(() => undefined);
await sleep(300);
await terminal.write("PS1='$ '\n");
for (const step of args) {
	await sleep(300);
	const control = /^\^([A-Z\\])$/.exec(step);
	await terminal.write(control === null ? `${step}\n` : String.fromCharCode((control[1] as string).charCodeAt(0) & 31));
}
const status = await Promise.race([shell.wait(), sleep(5000)]);
await Promise.race([reading, sleep(100)]);
console.log(shown.replaceAll("\r\n", "\n").replace(/^(\[\d\][-+ ]*)\s*\d+$/gm, "$1PID").replace(/^(\[\d\][-+ ] +)\d+ /gm, "$1PID "));
console.log(status === undefined ? "still running" : status.code);
E
d() { echo "--- $1"; shift; ts /tmp/dialogue.ts "$@"; }
d jobs 'sleep 100' ^Z jobs bg 'jobs -l' fg ^C 'echo $?' 'sleep 0.1 &' 'sleep 0.4' '' 'sleep 30 | sleep 40 &' 'kill -9 %1' '' jobs 'exit 3'
d pipelines 'cat | cat' abc ^Z fg def ^D 'sleep 9 | { read x; echo $x; }' ^Z '%' ^C '(sleep 50; echo no)' ^Z 'kill %1' '' 'exit'
d interrupts 'while :; do :; done' ^C 'echo $?' 'read x' ^C 'for i in 1 2 3; do sleep 5; echo $i; done' ^C 'echo $(sleep 9)' ^C 'trap "echo trapped" INT' ^C 'trap - INT' ^D
d 'stopped jobs' 'sleep 20' ^Z exit 'sleep 21' ^Z jobs 'fg %1' ^C 'kill %2' 'wait' jobs 'sleep 22' ^Z exit exit
d history 'if true' 'then echo multi' 'fi' 'echo a b' 'echo !$' '!echo' '!nosuch' '^b^c' 'echo )' '!!' 'history 4' 'fc -l -2' 'fc -s a=z echo' 'PS1="\W \$ "' 'cd /etc' 'PROMPT_COMMAND="echo pc"' 'false' 'echo $?' exit
