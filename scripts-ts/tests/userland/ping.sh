exec 2>&1
ping -c 3 -i 0.2 127.0.0.1; echo $?
ping -c 1 localhost
ping -n -c 1 localhost
ping -q -c 2 -i 0.1 -s 1000 127.0.0.1 | sed "s/ = .*/ = TIMES/"
ping -c 1 -t 3 127.0.0.200 | head -n 2
ping -w 0.5 -i 0.2 127.0.0.1 | tail -n 2
ping -c 1 -W 0.2 192.0.2.1; echo $?
ping -c 1 nobody; echo $?
ping; echo $?
ping -c none localhost; ping -c 0 localhost; ping -s 70000 localhost; ping -i x localhost; echo $?
ping -z; echo $?
ping -i 0.1 127.0.0.1 > /tmp/pinged & p=$!; sleep 0.35; kill -INT $p; wait $p; echo $?; tail -n 2 /tmp/pinged
