exec 2>&1
tcpdump -D; tcpdump -i lo -c 1; tcpdump -i lo -c 1 > /dev/full; doas tcpdump -i eth9; doas tcpdump -i 99
plain() { sed 's/id [0-9]*/id N/; s/^[0-9:.]* //'; }
(doas tcpdump -l -i lo -n -c 4 | plain) & sleep 0.5; ping -q -c 2 127.0.0.1 > /dev/null; wait
(doas tcpdump -i any -n -t -c 2 icmp | plain) & sleep 0.5; ping -q -c 1 127.0.0.1 > /dev/null; wait
doas tcpdump -q -i 2 -U -w all.pcapng icmp & sleep 0.5; ping -q -c 1 127.0.0.1 > /dev/null; doas pkill -INT tcpdump; wait
tcpdump -n -t -r all.pcapng | plain; ls -l all.pcapng | cut -c 1-10
