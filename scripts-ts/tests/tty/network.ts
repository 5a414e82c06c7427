/** The network's tools at a terminal: ^C ends `ping` with its statistics, ^] leaves `telnet`, `nc` talks, `wget` draws a bar. */

import { Driver } from "/usr/lib/tui/drive.ts";

const driver = await Driver.start(
	{
		path: "/bin/sh",
		args: ["-i"],
		env: { TERM: "xterm-256color", HOME: "/tmp", PATH: "/bin:/sbin", PS1: "\\$ " },
		cwd: "/tmp",
	},
	16,
	76,
);
await driver.until("$");

async function show(title: string, ...keys: string[]): Promise<void> {
	await driver.keys(...keys);
	await driver.settle(250);
	console.log(`--- ${title}`);
	console.log(driver.picture());
}

/** Until a program is there that takes what is typed. */
async function start(...keys: string[]): Promise<void> {
	await driver.keys(...keys);
	await driver.settle(500);
}

await driver.keys("ping -i 0.4 localhost", "Enter");
await driver.until("icmp_seq=3");
await show("ping, ended", "C-c");
await show("nc waits", "C-l", "nc -lkd 4000 &", "Enter");
await start("C-l", "nc -N localhost 4000", "Enter");
await show("nc, typed at", "one line", "Enter", "C-d");
await driver.keys("C-l", "kill %1", "Enter");
await driver.keys("nc -l -c 'while read a; do echo \"<$a>\"; done' 4001 &", "Enter");
await driver.settle();
await start("C-l", "telnet localhost 4001", "Enter");
await show("telnet, line by line", "hello", "Enter");
await start("C-]");
await start("status", "Enter");
await show("its commands", "again", "Enter");
await start("C-]");
await show("left", "quit", "Enter");
// A server that echoes itself gets each key at once.
await driver.keys(
	"C-l",
	"nc -l -c \"printf '\\\\377\\\\373\\\\001? '; dd bs=1 count=4 2> /dev/null | od -An -c\" 4002 &",
	"Enter",
);
await driver.settle();
await start("C-l", "telnet localhost 4002", "Enter");
await show("key by key");
await show("four keys later", "a", "b", "c", "d");
await driver.keys("httpd -p 8080 -l - > /dev/null &", "Enter");
await driver.settle(500);
await start("C-l", "wget -O x localhost:8080", "Enter");
console.log("--- a bar");
console.log(/^.*100%\[=+>\]/m.exec(driver.picture())?.[0] ?? driver.picture());
await show("colours", "C-l", "ip -c -br a | cat -v", "Enter");
await driver.keys("kill %1 %2 %3 %4", "Enter", "exit", "Enter");
console.log((await driver.wait()).code !== null);
