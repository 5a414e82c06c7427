exec 2>&1
mkdir -p /tmp/strace
strace -o /tmp/strace/t cat /etc/hostname; echo $?
[ -s /tmp/strace/t ] && echo traced; tail -n 1 /tmp/strace/t
strace -e open -o /tmp/strace/t cat /etc/hostname; head -n 1 /tmp/strace/t | head -c 5; echo
strace -o /tmp/strace/t false; echo $?; tail -n 1 /tmp/strace/t
strace; echo $?; strace nothing_here; echo $?; strace -p x; echo $?; strace 99999; echo $?
rm -r /tmp/strace
