exec 2>&1
nc -ul 5000 > /tmp/got & sleep 0.1; echo datagram | nc -u -q 0.1 localhost 5000; sleep 0.2; kill $!; cat /tmp/got
{ sleep 0.3; echo answer; } | nc -u -l 5001 & sleep 0.1; echo question | nc -u -w 0.5 localhost 5001; kill $!
nc -ulk 5002 > /tmp/got & sleep 0.1; for i in 1 2; do echo $i | nc -u -q 0.1 localhost 5002; done; sleep 0.1; kill $!; cat /tmp/got
nc -uzv localhost 5003; echo $?; nc -ul 5004 > /dev/null & sleep 0.1; nc -uzv -w 0.2 localhost 5004; echo $?; kill $!
