exec 2>&1
chsh --help; chsh -l; cp /etc/shells shells; echo /bin/ts >> shells; doas cp shells /etc/shells; chsh --list-shells
chsh -s /bin/ts; tail -n 1 /etc/passwd; echo /bin/sh | chsh; tail -n 1 /etc/passwd; echo | chsh --shell /bin/sh player
chsh -s /bin/false; echo $?; chsh -s sh; chsh -s /bin/sh root; echo $?; chsh -s /bin/sh none; echo $?; doas chsh -s /bin/false player; tail -n 1 /etc/passwd; chsh -s /bin/sh; echo $?; chsh a b; echo $?
