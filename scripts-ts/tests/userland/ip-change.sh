exec 2>&1
doas sh <<'END'
ip addr add 10.0.0.1/24 dev lo; ip -br addr; ip addr add 10.0.0.1/24 dev lo; echo $?
ip addr replace 10.0.0.1/24 dev lo; echo $?; ip addr add 10.0.0.2/24 dev none; echo $?
ip route add 10.1.0.0/16 via 10.0.0.9; echo $?; ip route show; ip route get 10.1.2.3
ip route replace 10.1.0.0/16 via 10.0.0.8; ip route del 10.1.0.0/16; ip route del 10.1.0.0/16; echo $?
ip addr del 10.0.0.1/24 dev lo; ip addr del 10.0.0.1/24 dev lo; echo $?
ip link set lo mtu 9000; ip link show lo | head -n 1; ip link set lo mtu 65535
ip link set lo down; ip -br link; ping -c 1 127.0.0.1; echo $?; ip link set lo up; ping -q -c 1 127.0.0.1 | tail -n 1
ip link set none up; echo $?; ip link set lo promisc maybe; echo $?
ip neigh change 10.0.0.3 lladdr 2:0:0:0:0:3 dev lo; echo $?; ip neigh add 10.0.0.3 dev lo; echo $?
END
