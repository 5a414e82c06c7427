exec 2>&1
df | { read a b c d e f g; echo "$a $b $c $d $e $f $g"; read fs total used avail use on; echo "$fs $on"; [ $total -gt 0 ] && echo sized; }
df -h / | head -n 1; df -H / | head -n 1; df -i / | head -n 1; df -T / | head -n 1; df -m | head -n 1; df -P | head -n 1; df -k | head -n 1; df -B 1M | head -n 1; df -l | head -n 1; df -aT | cut -d ' ' -f 1; df -t overlay | tail -n 1 | cut -d ' ' -f 1; df -x overlay; echo $?; df --total | tail -n 1 | cut -d ' ' -f 1; df -t none; echo $?
df /nothing; echo $?; df /bin /nothing | tail -n 1 | cut -d ' ' -f 1; df -B x; echo $?; df -z; echo $?
head -c 1000000 /dev/zero > /tmp/full; df -k /tmp | tail -n 1 | { read fs total used rest; [ $used -gt 970 ] && echo grown; }; rm /tmp/full
