exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
logd --help; logd; echo $?; logd x; echo $?
ts -e '
import { ask, isRefusal } from "/usr/lib/service/protocol.ts";
for (const request of [{}, { tag: "x y", priority: "user.info", text: "a" }, { tag: "x", priority: "info", text: "a" }, { tag: "x", priority: "user.info", text: "two\nlines" }]) console.log({ ...(await ask<object>("logd", request)), id: "" });
for (const daemon of ["init", "crond"]) console.log({ ...(await ask<object>(daemon, { op: "fly" })), id: "" });
await ask("nothing", {}).catch((error) => console.log(error.message));
'
ts fields.ts 3 < /var/log/messages
