cat /etc/issue; cat /etc/hostname; cat /etc/shells
ps -p 1 | tail -n 1 | { read PID CPU MEM TTY COMMAND; echo $PID $TTY $COMMAND; }
sh -c '(sleep 0.1 &) ; exit 0'; sleep 0.3; ps | cat | wc -l
ts -e 'import { spawn } from "helios:process"; const c = await spawn({ code: `import { spawn } from "helios:process"; const g = await spawn({ path: "/bin/sleep", args: ["0.2"] }); console.log("left behind");` }); await c.wait()'
sleep 0.5; ps | cat | wc -l
kill -TERM 99999 2>&1
