exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
echo '{ "name": "bad", "exec": ["/bin/true"], "colour": 1 }' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad; echo $?
echo '{ "name": "other", "exec": ["/bin/true"] }' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
echo '{ "name": "bad", "exec": ["true"] }' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
echo '{ "name": "bad", "exec": "/bin/true" }' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
echo '{ "name": "bad", "exec": ["/bin/true"], "restart": "often" }' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
echo '{ "name": "bad", "exec": ["/bin/true"], "after": ["A"] }' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
echo '{ "name": "bad", "exec": ["/bin/true"], "log": "here" }' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
echo '{ "name": "bad", "exec": ["/bin/true"], "user": 7 }' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
echo '{ "name": "bad", "exec": ["/bin/true"], "caps": "fs" }' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
echo '{ "name": "bad", "exec": ["/bin/true"], "tty": "../null" }' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
echo '[1]' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
echo '{' > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
head -c 70000 /dev/zero > bad.json; doas cp bad.json /etc/units/bad.json; service status bad
doas cp bad.json /etc/units/UPPER.json; service list | wc -l; doas ts -e 'import { chmod, writeFile } from "helios:fs"; await writeFile("/etc/units/open.json", "{}"); await chmod("/etc/units/open.json", 0o666)'; service status open
echo '{ "name": "ghost", "exec": ["/bin/true"], "user": "casper" }' > ghost.json; doas cp ghost.json /etc/units; doas service start ghost; echo $?
cat > /tmp/caps.ts <<'X'
import { readTextFile } from "helios:fs";
await readTextFile("/etc/hostname").then(console.log);
await readTextFile("/etc/motd").catch((error) => console.log(error.code));
X
echo '{ "name": "small", "exec": ["/tmp/caps.ts"], "caps": ["fs:read:/etc/hostname"] }' > small.json; doas cp small.json /etc/units
ts -e 'import { chmod } from "helios:fs"; await chmod("/tmp/caps.ts", 0o755)'; doas service start small; sleep 0.1; service log small | ts fields.ts 1
ts -e 'import { order } from "/usr/lib/service/order.ts"; console.log(order([{ name: "a", after: ["c"] }, { name: "c", after: ["b", "none"] }, { name: "b", after: ["a"] }, { name: "d", after: ["b"] }]))'
