exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
cat > drive.ts <<'TS'
import { close, fromFd } from "helios:fs";
import { args, spawn } from "helios:process";
import { openPty } from "helios:tty";

// Runs a program on a terminal: steps are pairs of what is waited for and what is then typed.
const [program = "", words = "", ...steps] = args;
const pty = await openPty();
const child = await spawn({
	path: program,
	args: words.split(" ").filter((word) => word !== ""),
	fds: [0, 1, 2].map((to) => ({ from: pty.slave, to })),
	setsid: true,
	ctty: 0,
});
await close(pty.slave);
const master = fromFd(pty.master);
let seen = "";
let all = "";
for (let at = 0; at < steps.length; at += 2) {
	const wanted = steps[at] as string;
	while (!seen.includes(wanted)) {
		const chunk = await master.read().catch(() => null);
		if (chunk === null) break;
		seen += new TextDecoder().decode(chunk);
	}
	all += seen;
	seen = "";
	await master.write((steps[at + 1] as string).replaceAll("\\n", "\n").replaceAll("\\x03", "\x03"));
}
for (;;) {
	const chunk = await master.read().catch(() => null);
	if (chunk === null) break;
	all += new TextDecoder().decode(chunk);
}
const ended = await child.wait();
console.log(all.replaceAll("\r\n", "\n").replaceAll("\r", "<CR>"));
console.log(`ended with ${ended.code ?? `signal ${ended.signal}`}`);
TS
echo "correct horse
correct horse" | doas adduser alice > /dev/null
doas ts drive.ts /bin/login "-f player" '$ ' 'who; who am i; who -q; w -h; w --short; users; last -n 1; exit 4\n'
doas ts drive.ts /bin/login "" 'login: ' 'nobodyhere\n' 'Password: ' 'secret\n' 'login: ' 'alice\n' 'Password: ' 'wrong\n' 'login: ' '\n' 'login: ' 'alice\n' 'Password: ' 'correct horse\n' '$ ' 'id -un; su player\n' 'Password: ' '\x03' '$ ' 'exit\n'
doas ts drive.ts /bin/login "root" 'Password: ' 'a\n' 'login: ' 'root\n' 'Password: ' 'b\n' 'login: ' 'root\n' 'Password: ' 'c\n'
doas ts drive.ts /bin/passwd "alice" 'New password: ' 'battery staple\n' 'Retype new password: ' 'battery staple\n'
doas ts drive.ts /sbin/adduser "bob" 'New password: ' 'battery staple\n' 'Retype new password: ' 'battery staple\n' 'Full name []: ' 'Bob B.\n'
tail -n 1 /etc/passwd
last | ts fields.ts 0 3
doas ts drive.ts /bin/login "-f player" '$ ' 'doas shutdown -r +9 "Back soon."\n' 'UTC!' 'doas shutdown -c\n' 'cancelled.' 'exit\n'
