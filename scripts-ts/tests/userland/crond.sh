exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
crond --help; crond; echo $?; crond x; echo $?
doas adduser -D alice > /dev/null; echo '* * * * * id -un; exit 3' | doas crontab -u alice -; sleep 61; doas cat /var/mail/alice | tail -n +7
doas ts -e 'import { symlink } from "helios:fs"; await symlink("/etc/passwd", "/var/mail/eve")'; doas adduser -D eve > /dev/null; echo '* * * * * echo gotcha:x:0:0::/:/bin/sh' | doas crontab -u eve -; sleep 60; tail -n 1 /etc/passwd
doas ts -e 'import { writeFile } from "helios:fs"; await writeFile("/var/spool/cron/player", "* * * * * echo by hand\n"); await writeFile("/var/spool/cron/root", "nonsense\n")'
doas kill -HUP $(cat /run/crond.pid); sleep 60; tail -n 2 /var/mail/player
doas deluser eve > /dev/null; echo '@reboot echo up > up' | crontab -; doas service restart crond; sleep 0.2; ls up; service log crond -n 100 | ts fields.ts 1
