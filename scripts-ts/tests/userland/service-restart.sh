exec 2>&1
echo 'import { stdin } from "helios:process"; let count = 0; for await (const line of stdin.lines()) if (line.endsWith("sleep 1000")) count++; console.log(count);' > count.ts
cat > flap.json <<'X'
{ "name": "flap", "exec": ["/bin/false"], "restart": "on-failure" }
X
cat > once.json <<'X'
{ "name": "once", "exec": ["/bin/true"] }
X
cat > absent.json <<'X'
{ "name": "absent", "exec": ["/bin/nothing"], "restart": "always" }
X
cat > stubborn.json <<'X'
{ "name": "stubborn", "exec": ["/bin/ts", "-e", "import { ignore } from 'helios:process'; await ignore('SIGTERM'); setInterval(() => {}, 1000);"] }
X
doas cp flap.json once.json absent.json stubborn.json /etc/units
doas service start once; doas service start flap; doas service start absent; echo $?; doas service start stubborn
sleep 0.05; service status once | head -n 1 | { read A B REST; echo $A $B; }
service status flap | head -n 1 | { read A B REST; echo $A $B; }
sleep 40; service status flap > out; echo $?; head -n 6 out
service status absent > out; echo $?; head -n 6 out | tail -n 1
doas service stop stubborn; service status stubborn > out; head -n 6 out | tail -n 1
echo '{ "name": "twice", "exec": ["/bin/sleep", "1000"] }' > twice.json; doas cp twice.json /etc/units
doas service start twice & doas service start twice & doas service restart twice & doas service start twice & wait; ps | ts count.ts; doas service stop twice & doas service stop twice & wait; ps | ts count.ts
