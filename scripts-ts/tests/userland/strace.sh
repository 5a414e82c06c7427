exec 2>&1
mkdir -p /tmp/strace; cd /tmp/strace
strace -o t cat /etc/hostname; echo $?
[ -s t ] && echo traced; tail -n 1 t
strace -e open -o t cat /etc/hostname; head -n 1 t | head -c 5; echo; strace -e trace=open,close -o t cat /etc/hostname; cut -d '(' -f 1 t; strace -e '!read,write,fstat' -qo t cat /etc/hostname; cut -d '(' -f 1 t; strace --trace=none -o t cat /etc/hostname; cat t; strace -e all -o t true; tail -n 1 t
strace -o t false; echo $?; tail -n 1 t; strace -q -o t false; echo $?; strace --quiet -e none true; strace -c -o t cat /etc/hostname /nothing; head -n 2 t; grep open t; tail -n 1 t | wc -w; strace --summary-only --output=t true; head -n 1 t
strace -f -o t sh -c 'cat /etc/hostname; true'; grep -c '^\[pid' t | head -c 0; grep -q 'pid.*open.*hostname' t && echo followed; strace --follow-forks -o t true; tail -n 1 t
sleep 1 & strace -p $! -o t; echo $?; sleep 1 & strace --attach=$! -c -o t; echo $?
strace; echo $?; strace nothing_here; echo $?; strace -p x; echo $?; strace 99999; echo $?; strace -o /nothing/x true; echo $?; strace -z; echo $?
cd /; rm -r /tmp/strace
