ts -e 'import { exit, on } from "helios:process"; on("SIGTERM", () => { console.log("asked to end"); exit(0); }); setTimeout(() => {}, 100000);' &
sleep 0.1; doas kill -TERM $(cat /run/init.pid); sleep 100; echo too late
