exec 2>&1
iperf -s -1 > /tmp/server & sleep 0.3; iperf -c localhost -t 2 > /tmp/client; echo $?; wait
shape() { sed -E 's/[0-9.]+ [KMG]?B(ytes|its)|[0-9.]+ [KMG]?bits/N/g; s/[KMG]Bytes/N/g; s/port (49|5[0-9]|6[0-9])[0-9]{3}/port P/g; s/ +/ /g'; }
shape < /tmp/client; shape < /tmp/server
iperf -s -1 -p 6000 -i 0 > /dev/null & sleep 0.3; iperf -c localhost -p 6000 -u -b 1M -t 1 -i 0.5 | sed 's/port [4-6][0-9]*/port P/; s/[0-9.]* ms/MS/'; wait
iperf -s -1 > /dev/null & sleep 0.3; iperf -c localhost -n 100K -l 10K -P 2 -R -i 0 | grep -c receiver; wait
iperf; echo $?; iperf -c localhost; echo $?; iperf -s -c x; echo $?; iperf -c nobody; echo $?; iperf -c localhost -P 999; echo $?; iperf -c localhost -l 9999999; echo $?; iperf -c localhost -b x; echo $?
