exec 2>&1
traceroute localhost; traceroute -n 127.0.0.1; traceroute -I -q 1 localhost; traceroute -U -p 4000 -f 2 -m 3 -w 1 -n 127.0.0.1 80
traceroute; echo $?; traceroute nobody; echo $?; traceroute 192.0.2.1; echo $?; traceroute -m 999 localhost; echo $?
