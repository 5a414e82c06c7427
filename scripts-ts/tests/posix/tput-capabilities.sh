# Capabilities by name, with arguments, several at a time; numbers and flags.
exec 2>&1
export TERM=xterm-256color; unset COLUMNS LINES
for c in bold sgr0 smul rmul rev 'cup 0 0' 'cup 9 99' 'setaf 1' 'setab 7' 'setaf 15' 'setaf 255' home clear el ed smcup rmcup civis cnorm cuu1 'cuf 3' 'il 2' 'csr 2 5' 'ech 4' colors it bel cr kcuu1 kf1 kf12 longname; do echo "$c: $(tput $c)"; done
tput am; echo $?; tput hs; echo $?; tput xyz; echo $?; tput -T dumb bold; echo $?; tput -T nosuch bold; echo $?
tput cols < /dev/null > c; cat c; printf 'bold\nsetaf 2\ncup 1 2\n' | tput -S | od -An -c; tput bold smul | od -An -c
TERM= tput bold; echo $?; env -u TERM tput bold; echo $?; TERM=dumb tput cup 1 1; echo $?
