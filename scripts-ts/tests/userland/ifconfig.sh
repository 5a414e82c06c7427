exec 2>&1
ifconfig; ifconfig -s; ifconfig -a | head -n 1; ifconfig -s lo; ifconfig none; echo $?
ifconfig lo down; echo $?
doas sh -c 'ifconfig lo mtu 1500; ifconfig lo 10.0.0.1 netmask 255.255.0.0; ifconfig lo | head -n 2; ifconfig lo netmask 1.2.3.4; ifconfig lo up; ifconfig lo add 10.1.0.1/8; ip -br a; ifconfig lo del 10.1.0.1/8; ifconfig lo -promisc'
