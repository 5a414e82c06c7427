exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
su --help
echo "correct horse
correct horse" | doas adduser alice > /dev/null
echo "correct horse" | su alice -c 'id -un; echo $HOME $USER $LOGNAME $SHELL; pwd'; export KEPT=yes; echo "correct horse" | su alice --command 'echo $KEPT'
echo "correct horse" | su - alice -c 'echo $HOME ${KEPT:-gone}; pwd'; echo "correct horse" | su -l alice -c pwd; echo "correct horse" | su --login alice -c pwd
echo "wrong" | su alice -c id; echo $?; su -c id; echo $?; su none; echo $?; su -x; echo $?
doas su alice -c 'id -un; exit 3'; echo $?; doas su -s /bin/sh alice -c 'echo $0'; echo 'echo from standard input' | doas su alice
doas usermod -s /bin/false alice; echo "correct horse" | su -s /bin/sh alice -c id; echo $?; doas su --shell /bin/sh alice -c 'id -un'; doas su -s sh alice; doas usermod -s /bin/gone alice; doas su alice; echo $?
ts fields.ts 3 < /var/log/messages | head -n 8
