iperf -s -1 & sleep 0.3; head -c 100000 "$IN" | nc -N -w 1 localhost 5201; kill $!; nc -l -N 5202 < "$IN" & sleep 0.2; iperf -c localhost -p 5202; kill $! 2> /dev/null
