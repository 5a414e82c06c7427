nc -l -N 4000 < "$IN" & sleep 0.2; nc localhost 4000; nc -u -q 0 localhost 4001 < "$IN"; nc "$IN" 1; kill $! 2> /dev/null
