exec 2>&1
echo 'import { args, stdin } from "helios:process"; for await (const line of stdin.lines()) console.log(line.split(" ").slice(Number(args[0]), Number(args[1] ?? 99)).join(" "));' > fields.ts
doas --help
doas whoami; doas -u 1000 whoami; doas --user root id -u; doas -n true; echo $?; doas false; echo $?; doas sh -c 'exit 7'; echo $?; echo 'whoami; echo $USER $HOME $DOAS_USER ${KEPT:-gone}' > s; export KEPT=yes PATH=/tmp:/bin; doas -s < s; doas --shell < s
cat > rules <<'X'
# all of staff, with their password
permit persist :staff
permit nopass player as alice
permit nopass keepenv player cmd env
permit nopass player cmd id args -u
deny player cmd reboot   # not that
X
doas -C rules; echo $?; doas -C rules env; doas -C rules reboot; echo $?; doas -C rules id -u; doas -C rules id; echo $?; doas adduser -D alice > /dev/null; doas --check rules -u alice id; doas -u alice -C rules reboot; doas -u none id
echo 'permit' > bad; doas -C bad; echo 'allow x' > bad; doas -C bad; echo 'permit nopass persist x' > bad; doas -C bad; echo 'permit x as' > bad; doas -C bad; echo 'permit x y' > bad; doas -C bad; echo 'deny nopass x' > bad; doas -C bad; doas -C /etc/shadow; doas -C none
echo "correct horse
correct horse" | doas passwd player > /dev/null 2>&1; cp /bin/env /tmp/mine; doas cp rules /etc/doas.conf
doas env | tail -n 2; doas id -u; doas id; echo $?; doas reboot; echo $?
doas -u none id; echo $?; doas; echo $?; doas -s id; echo $?
ts fields.ts 3 < /var/log/messages | tail -n 3
