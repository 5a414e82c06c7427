ps | head -n 1
ps | head -n 2 | tail -n 1 | { read PID CPU MEM TTY COMMAND; echo $PID; }
sleep 50 & P=$!; ps -p $P | tail -n 1 | { read PID CPU MEM TTY COMMAND; [ $PID = $P ] && echo "$TTY $COMMAND"; }; kill $P; wait
ps -p 99999 2>&1 | tail -n 1
ps aux | head -n 1
ps -z 2>&1; ps aux extra 2>&1
