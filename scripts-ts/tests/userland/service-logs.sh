exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
ts -e '
import { readdir, readTextFile, stat } from "helios:fs";
import { RotatingLog } from "/usr/lib/log/rotating.ts";
const log = new RotatingLog("/tmp/small.log", { maxBytes: 100, files: 3 });
for (let at = 0; at < 20; at++) await log.write(`entry ${String(at).padStart(2, "0")} of the log\n`);
await log.close();
for (const { name } of await readdir("/tmp")) if (name.startsWith("small")) console.log(name, (await stat(`/tmp/${name}`)).size);
console.log(await readTextFile("/tmp/small.log.2") + "--\n" + await readTextFile("/tmp/small.log"));
const again = new RotatingLog("/tmp/small.log", { maxBytes: 100, files: 3 });
await Promise.all(["a", "b", "c"].map((text) => again.write(`${text}\n`)));
console.log((await readTextFile("/tmp/small.log")).slice(-6));
await new RotatingLog("/tmp/none/x").write("x").catch((error) => console.log(error.code));
'
cat > long.json <<'X'
{ "name": "long", "exec": ["/bin/sh", "-c", "head -c 5000 /dev/zero; echo; cat /dev/fd/0; echo end"], "user": "player" }
X
doas cp long.json /etc/units; doas service start long; sleep 0.2; service log long | wc; service log -n 1 long | ts fields.ts 1
