exec 2>&1
login --help; login; echo $?; login -f player; echo $?
echo 'id; echo $HOME $USER $LOGNAME $SHELL $MAIL $TERM; pwd' > s; export TERM='bad term'; doas login -f player < s; TERM=xterm-256color; echo 'echo $TERM' | doas login --force player | tail -n 1
echo "correct horse
correct horse" | doas adduser alice > /dev/null; echo "correct horse
id -un" | doas login -h far.example alice; echo "wrong
alice
correct horse
id -un" | doas login alice
doas ts -e 'import { mkdir } from "helios:fs"; await mkdir("/var/mail/x")' ; doas usermod -d /nowhere alice; echo pwd | doas login -f alice; doas usermod -s /bin/gone -d /home/alice alice; doas login -f alice; echo $?
: > /home/player/.hushlogin; echo true | doas login -f player; echo "x" | doas login root; echo $?; echo "x" | doas login nobody-here; echo $?; doas login -f none; echo $?; doas login a b; echo $?; doas login --host 'a b' -f player; echo $?
