exec 2>&1
sleep 0; echo $?; sleep 0.01 0.01s; echo $?
ts -e 'import { spawn } from "helios:process"; const a = Date.now(); await (await spawn({ path: "/bin/sleep", args: ["1.5"] })).wait(); const ms = Date.now() - a; console.log(ms >= 1500 && ms < 1600)'
sleep; echo $?; sleep x; echo $?; sleep 1x; echo $?; sleep -1; echo $?; sleep --help | head -n 1
sleep infinity & kill $!; wait $!; echo $?
sleep 10m & kill $!; wait $!; echo $?
