exec 2>&1
cat > try.ts <<'X'
import { spawn, type SpawnRequest } from "helios:process";
const run = async (what: string, request: SpawnRequest) => {
	const ended = await (await spawn(request)).wait();
	console.log(what, ended.code ?? `signal ${ended.signal}`);
};
await run("without descriptors", { path: "/bin/passwd", args: ["-S"], fds: [] });
await run("without output", { path: "/bin/doas", args: ["id"], fds: [{ from: 0, to: 0 }] });
await run("without capabilities", { path: "/bin/doas", args: ["cat", "/etc/hostname"], caps: ["proc:spawn"] });
await run("hostile surroundings", {
	path: "/bin/doas",
	args: ["env"],
	env: { PATH: "/tmp", HOME: "/tmp", USER: "root", LD_PRELOAD: "/tmp/x", TERM: "x\n/etc", DOAS_USER: "root" },
	ignores: ["SIGTERM", "SIGPIPE", "SIGCHLD"],
});
await run("ignored signals", { path: "/bin/doas", args: ["cat", "/proc/self/status"], ignores: ["SIGTERM", "SIGINT"] });
X
ts try.ts > out; head -n 11 out; ts -e 'import { readTextFile } from "helios:fs"; for (const line of (await readTextFile("out")).split("\n")) if (/^(Uid|Gid|Groups|SigIgn|Caps)|^[a-z]+ [a-z]+ \d+$/.test(line)) console.log(line)'
ts -e 'import { copyFile, chmod } from "helios:fs"; await copyFile("/bin/doas", "/tmp/doas.ts"); await chmod("/tmp/doas.ts", 0o4755);'; /tmp/doas.ts id; echo $?
doas -u player sh -c 'id -u; doas id -u'; ts -e 'import { chmod } from "helios:fs"; await chmod("/bin/su", 0o755).catch((error) => console.log(error.code))'
doas cp /bin/su /bin/plain; plain -c id; echo $?
