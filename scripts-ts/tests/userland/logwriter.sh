exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
logwriter --help
echo "one
two" | logwriter log; ts -e 'console.log("a\x1b[2Jb\tc"); console.log("x".repeat(5000)); console.log("no end".slice(0, 6))' | logwriter log; ts fields.ts 1 < log | head -n 3; wc log
ts -e 'for (let at = 0; at < 4000; at++) console.log(`line ${at} of a log that is long enough to be turned over`)' | logwriter big; ls big*; tail -n 1 big | ts fields.ts 1
echo x | logwriter /none/log; echo $?; echo x | logwriter /dev/full; echo $?; logwriter; echo $?; logwriter a b; echo $?
