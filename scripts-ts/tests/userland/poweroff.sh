poweroff --help; poweroff 2>&1; echo $?; poweroff x 2>&1; echo $?
ts -e 'import { exit, on } from "helios:process"; on("SIGTERM", () => { console.log("asked to end"); exit(0); }); setTimeout(() => {}, 100000);' &
sleep 0.1; doas poweroff; sleep 100; echo too late
