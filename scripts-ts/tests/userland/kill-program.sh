exec 2>&1
kill -l | head -n 3; kill -l 9; kill -l KILL; kill -l SIGTERM; kill -l 137; kill -L | head -n 2; /bin/kill --table | tail -n 1
/bin/kill -l 9 KILL 137; /bin/kill --list 15; /bin/kill -l x; echo $?
sleep 100 & /bin/kill $!; wait $! 2> /dev/null; echo $?
sleep 100 & /bin/kill -9 $!; wait $! 2> /dev/null; echo $?
sleep 100 & /bin/kill -s ALRM $!; wait $! 2> /dev/null; echo $?
sleep 100 & /bin/kill --signal=HUP $!; wait $! 2> /dev/null; echo $?
sleep 100 & /bin/kill -SIGHUP $!; wait $! 2> /dev/null; echo $?
sleep 100 & /bin/kill -n 10 $!; wait $! 2> /dev/null; echo $?
setsid sleep 100 & sleep 0.1; /bin/kill -STOP $!; ps -o state= -p $!; /bin/kill -CONT $!; /bin/kill -0 $!; echo $?; /bin/kill -- $!; wait $! 2> /dev/null; echo $?
setsid sleep 100 & P=$!; sleep 0.1; /bin/kill -KILL -$P; wait $P 2> /dev/null; echo $?
/bin/kill 99999; echo $?; /bin/kill abc; echo $?; /bin/kill; echo $?; /bin/kill -s; echo $?; /bin/kill -FOO 1; echo $?; /bin/kill -0 99999; echo $?; /bin/kill 1; echo $?; /bin/kill -- -99999; echo $?
