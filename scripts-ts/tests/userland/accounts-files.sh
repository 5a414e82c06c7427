exec 2>&1
doas adduser -D u1 > /dev/null & doas adduser -D u2 > /dev/null & doas adduser -D u3 > /dev/null & doas adduser -D u4 > /dev/null & doas addgroup g1 > /dev/null & doas usermod -c together player & wait
wc -l /etc/passwd /etc/group; doas cat /etc/shadow | wc -l; head -n 2 /etc/passwd | tail -n 1; id u1 > out; id u4 >> out; wc -l out; ls -a /etc | head -n 4
echo 99999 | doas ts -e 'import { stdin } from "helios:process"; import { writeFile } from "helios:fs"; await writeFile("/etc/.pwd.lock", await stdin.readText())'; doas adduser -D stale; ls -a /etc | head -n 4
doas cp /run/init.pid /etc/.pwd.lock; doas adduser -D locked; echo $?; id locked; doas rm /etc/.pwd.lock
cp /etc/passwd before; doas ts -e 'import { open } from "helios:fs"; const file = await open("/root/full", "w"); try { for (;;) await file.write(new Uint8Array(100000)); } catch { } try { for (;;) await file.write(new Uint8Array(1)); } catch (error) { console.log(error.code); }'
doas adduser -D toomuch; echo $?; doas rm /root/full; ts -e 'import { readTextFile } from "helios:fs"; console.log((await readTextFile("before")) === (await readTextFile("/etc/passwd")))'; ls -a /etc | head -n 4; doas adduser -D afterwards
doas ts -e 'import { writeFile } from "helios:fs"; await writeFile("/etc/group", "# groups of the house\nroot:x:0:\nbroken line\nplayer:x:1000:\n")'; doas addgroup -g 3000 kept; cat /etc/group
ts -e '
import { Table, USERS } from "/usr/lib/users/accounts.ts";
const table = new Table(USERS, "root:x:0:0::/root:/bin/sh\n# x:x:1:1::/:/bin/sh\n\na:x:-1:5::/:/bin/sh\nb:x:4294967295:5::/:/bin/sh\nc:x:7:8:::\nd:x:7:8::/:/bin/sh:more\nroot:x:9:9::/:/bin/sh\n");
console.log(table.rows);
table.remove("root");
console.log(String(table));
'
