exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
service --help
service list | head -n 3 | ts fields.ts 0 20
cat > talk.json <<'X'
{ "name": "talk", "exec": ["/bin/sh", "-c", "echo $USER; cat; echo oops >&2; sleep 1000"], "user": "player", "after": ["logd"] }
X
doas cp talk.json /etc/units/talk.json
service status talk | head -n 1; service talk status > /dev/null; echo $?
doas service start talk; echo $?; sleep 0.1; service status talk > out; echo $?
head -n 1 out | { read A B REST; echo $A $B; }; tail -n 2 out | ts fields.ts 5
doas service start talk; echo $?
doas service restart talk; sleep 0.1; service log talk | ts fields.ts 1
service log -n 1 talk | ts fields.ts 1; service log --lines 0 talk
doas service stop talk; echo $?; service status talk > out; echo $?; head -n 6 out | tail -n 1
ps | tail -n +2 | wc -l
service -f log talk > followed & sleep 0.3; doas service start talk; sleep 0.6; kill $!; wait $! > /dev/null; doas service stop talk; ts fields.ts 1 < followed
doas service disable talk; service list | tail -n 1 | { read A B C REST; echo $A $B $C; }; ls /etc/units
doas service enable talk; ls /etc/units
service stop talk; echo $?; service status none; echo $?; doas service start none; echo $?; service start; echo $?; service fly talk; echo $?; service -n x log talk; echo $?
