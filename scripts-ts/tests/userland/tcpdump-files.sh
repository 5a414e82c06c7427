exec 2>&1
echo a1b2c3d4000200040000000000000000000400000000000100000001000000020000002a0000002affffffffffff020000000001080600010800060400010200000000010a0000010000000000000a000002 > arp.hex
xxd -r -p arp.hex > arp.pcap
tcpdump -n -r arp.pcap -w one.pcapng; cat arp.pcap | tcpdump -n -r - -w - | tcpdump -n -tt -r -; tcpdump -n -t -s 20 -r arp.pcap -w short.pcapng; tcpdump -n -t -r short.pcapng
cat one.pcapng one.pcapng > two.pcapng; tcpdump -n -t -r two.pcapng
head -c 250 two.pcapng > cut.pcapng; tcpdump -n -t -r cut.pcapng -w saved.pcapng; echo $?; tcpdump -n -t -r saved.pcapng; head -c 100 two.pcapng | tcpdump -n -t -r -; head -c 60 arp.pcap | tcpdump -n -t -r -; echo hello | tcpdump -r -; tcpdump -r none; tcpdump -r /
tcpdump -r arp.pcap tcp prot 80; tcpdump -r arp.pcap '(arp'; tcpdump -r arp.pcap host nowhere.example; echo $?
tcpdump -c 0 -r arp.pcap; tcpdump -s x -r arp.pcap; tcpdump -w /none/x -r arp.pcap; tcpdump -Z; tcpdump -n -r arp.pcap udp; echo $?
echo a1b23c4d0002000400000000000000000000000000000065000000010000000a0000001c0000001c4500001c000100004001000001020304010203040800f7fd00010001 | xxd -r -p > raw.pcap; tcpdump -n -t -e -x -r raw.pcap icmp and host 1.2.3.4
echo a1b23c4d0002000400000000000000000000000000000069000000010000000a00000004000000080badcafe | xxd -r -p > wifi.pcap; tcpdump -n -r wifi.pcap; tcpdump -n -r wifi.pcap arp
