ps | head -n 1
ps | head -n 2 | tail -n 1 | { read PID CPU MEM TTY COMMAND; echo $PID $COMMAND; }
sleep 50 & P=$!; ps -p $P | tail -n 1 | { read PID CPU MEM TTY COMMAND; [ $PID = $P ] && echo "$TTY $COMMAND"; }
ps -o user,stat,ni,comm,args -p $P; ps -o pid= -p $P | { read p; [ $p = $P ] && echo same; }; ps -o comm=NAME,ppid=PARENT,state=,s,uid,%cpu,%mem,tty,tt -C init; ps -C sleep -o args --no-headers; ps --ppid 1 -o comm=; ps -p 1 -o etimes= -o nlwp=; ps o comm 1; ps -p 1,$P -o comm --sort=-pid; ps -p 1,$P -o comm --sort comm
ps aux | head -n 1; ps -ef | head -n 1; ps -l | head -n 1; ps -j | head -n 1; ps ax | head -n 1; ps u 1 | tail -n 1 | cut -c 1-15; ps -aux | head -n 1; ps axjf | head -n 1; ps -e -f -w | head -n 1; ps l | head -n 1; ps -A | head -n 1; ps x | head -n 1; ps h 1
ps -u root -o comm=; ps -U root -o comm=; ps -t none; echo $?; ps -s 1 -o comm=; ps -H -p 1,$P -o comm=; ps --forest -o args= -p $P; ps f -o args= -p $P; ps -k pid -p 1 -o comm=
kill $P; wait 2> /dev/null; ps -p 99999; echo $?; ps -z 2>&1; ps zz 2>&1; ps -p x 2>&1; ps -o nothing 2>&1; ps --sort=nothing 2>&1; ps -u nobody-here 2>&1; echo $?
