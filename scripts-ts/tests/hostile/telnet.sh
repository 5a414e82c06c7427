nc -l -N 4000 < "$IN" & sleep 0.2; telnet localhost 4000; telnet "$IN"; kill $! 2> /dev/null
