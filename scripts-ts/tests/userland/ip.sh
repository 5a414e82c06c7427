exec 2>&1
ip addr; ip -br addr; ip -o a; ip link show lo; ip --brief link; ip -4 -c=never a s dev lo up | head -n 1; ip --color=always -brief a | od -c | head -n 3
ip -d l | wc -l
ip r; ip route get 127.0.0.9; ip route get 192.0.2.1; echo $?
ip n; ip neigh flush; echo $?
ip link help; ip addr help; ip route help; ip neigh help
ip foo; echo $?; ip addr foo; echo $?; ip -x a; echo $?; ip link show none; echo $?
ip link set lo mtu 9000; echo $?
ip addr add 10.0.0.1/99 dev lo; echo $?; ip addr add 10.0.0.1/24; echo $?; ip route add; echo $?; ip neigh add 1.2.3.4 lladdr x dev lo; echo $?
ip | head -n 1; ip > /dev/null; echo $?
