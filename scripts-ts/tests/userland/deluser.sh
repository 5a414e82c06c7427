exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
deluser --help
doas adduser -D alice > /dev/null; doas adduser -D bob > /dev/null; doas adduser alice bob > /dev/null; echo '0 0 * * * true' | doas crontab -u alice -; doas ls /var/spool/cron
doas deluser alice bob; id alice; doas deluser alice bob; echo $?
doas deluser alice; ls /home; doas ls /var/spool/cron; doas deluser -r bob; ls /home; cat /etc/passwd /etc/group; doas cat /etc/shadow
doas adduser -D carl > /dev/null; doas -u carl sleep 5 & sleep 0.1; doas deluser carl > out 2>&1; echo $?; ts fields.ts 0 7 < out; doas deluser --force --remove-home carl; ls /home; wait
doas adduser -D dora > /dev/null; doas deluser -f dora; doas adduser -M -D -d /etc eve > /dev/null; doas deluser -r eve; echo $?; ls -d /etc
deluser player; echo $?; doas deluser; echo $?; doas deluser root; echo $?; doas deluser none; echo $?; doas deluser player > out 2>&1; echo $?; ts fields.ts 0 7 < out
