exec 2>&1
scan() { /bin/scan "$@" | sed 's/scanned in .*/scanned/; s/([0-9.]*s latency)/(LATENCY)/'; }
nc -lk 2222 & nc -lk 8080 & nc -lk 4321 & nc -ul 5353 > /dev/null & sleep 0.2
scan localhost; scan -p 8078-8081,4321 127.0.0.1; scan -n -p 4321 127.0.0.1; scan --open -p 8000-8100 localhost; scan -Pn -p 8080 -m 1 localhost | head -n 4; scan -u -p 5352-5354 -w 0.2 localhost; scan -sU -p 5353 -w 0.2 localhost | grep 5353
kill %1 %2 %3 %4 2> /dev/null
scan -sn 127.0.0.1-3; scan -sn -w 0.1 192.0.2.0/30; /bin/scan nobody > /dev/null; echo $?; /bin/scan; echo $?; /bin/scan -p x localhost; echo $?; /bin/scan -sX localhost; echo $?; scan --ping-only -n localhost | head -n 1; scan --no-ping -p 1 localhost | head -n 2
