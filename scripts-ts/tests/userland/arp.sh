exec 2>&1
arp; arp -n 127.0.0.9; echo $?; arp -d 127.0.0.9; echo $?; arp -s 127.0.0.9 xx; echo $?; arp -s nobody x; echo $?; arp -d; echo $?
doas arp -i none -s 10.0.0.9 02:00:00:00:00:09; echo $?; arp -a; arp -i lo; arp a b c; echo $?
