exec 2>&1
echo "correct horse
correct horse" | doas passwd player; echo 'permit persist player' > rules; doas cp rules /etc/doas.conf
doas -n id; echo $?; echo wrong | doas id; echo $?; doas -n id; echo "correct horse" | doas id -un; doas -n id -un; doas ls -l /run/doas | tail -n 1 | { read MODE N U G REST; echo $MODE $U $G; }; doas -L; doas -n id; echo $?
echo "correct horse" | doas id -un; sleep 301; doas -n id; echo $?; doas --forget; doas --non-interactive id
echo "correct horse" | doas ts -e 'import { chmod } from "helios:fs"; await chmod("/etc/doas.conf", 0o666)'; doas id; echo $?
