exec 2>&1
route; route -n; route -e; route add default gw 127.0.0.1; echo $?; route add; echo $?; route foo; echo $?
doas sh <<'END'
ip addr add 10.0.0.1/24 dev lo
route add -net 10.1.0.0 netmask 255.255.0.0 gw 10.0.0.9; echo $?
route add -host 10.2.0.1 gw 10.0.0.9 metric 3; route add -net 10.3.0.1 netmask 255.255.0.0 gw 10.0.0.9; echo $?
route add -net 10.4.0.0/16 netmask 255.0.255.0 gw 10.0.0.9; echo $?
route del -net 10.1.0.0/16; route del -net 10.1.0.0/16; echo $?; route del -host 10.2.0.1
END
