exec 2>&1
# One way, and the end of it.
nc -l 4000 > /tmp/got & sleep 0.1; echo one way | nc -N 127.0.0.1 4000; wait; cat /tmp/got
# Both ways at once.
echo from the server | nc -l 127.0.0.1 4001 > /tmp/got & sleep 0.1; echo from the client | nc -N localhost 4001; wait; cat /tmp/got
# A program at the other end.
nc -l -p 4002 -e /bin/cat & sleep 0.1; printf 'a\nb\n' | nc -N localhost 4002; wait
nc -l -c 'read line; echo "you said $line"; exit 3' 4003 & sleep 0.1; echo hello | nc localhost 4003; wait $!; echo $?
# Again and again.
nc -lk 4004 > /tmp/got & sleep 0.1; for i in 1 2 3; do echo $i | nc -N localhost 4004; done; kill $!; cat /tmp/got
# Much.
nc -l 4005 | md5sum & sleep 0.1; head -c 500000 /dev/zero | nc -N localhost 4005; wait; head -c 500000 /dev/zero | md5sum
# CR LF.
nc -l 4006 | od -c & sleep 0.1; printf 'x\ny\r\n' | nc -NC localhost 4006; wait
nc -d -q 0 localhost 4007; echo $?
nc -v localhost 4007; echo $?
