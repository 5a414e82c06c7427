cat /etc/hostname; cat /etc/shells
ps -p 1 | tail -n 1 | { read PID CPU MEM TTY COMMAND; echo $PID "$TTY" $COMMAND; }
cd /tmp; ps > before
ts -e 'import { spawn } from "helios:process"; const code = `import { spawn } from "helios:process"; await spawn({ path: "/bin/sleep", args: ["0.2"] }); console.log("left behind");`; await (await spawn({ code })).wait()'
sleep 0.5; ps > after
[ "$(wc -l < before)" = "$(wc -l < after)" ] && echo reaped
rm before after
cat /run/init.pid; ls /run; /sbin/init 2>&1; echo $?
