exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
logger --help
logger hello world; logger -t app -p local0.err -s "bad  thing"
echo "one
two

three" | logger --tag lines; logger -f /etc/hostname; logger --file /etc/hostname --priority warn --stderr; doas logger as root
logger -p kern.debug; echo x | logger -p x.y; echo $?; logger -t 'a b' x; echo $?; logger -f none; echo $?; ts -e 'console.log("a\x1b[31mred\x07")' | logger
ts fields.ts 3 < /var/log/messages; ts fields.ts 1 2 < /var/log/messages | tail -n 2
doas service stop logd; logger x; echo $?
