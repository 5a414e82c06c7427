exec 2>&1
ss -a; nc -l 127.0.0.1 4000 & sleep 0.1; nc -u -l 5353 & sleep 0.1
ss -tln; ss -ltnp | sed 's/pid=[0-9]*/pid=N/'; ss -ul; ss -a -H -4 | wc -l; ss -lnt0w | tail -n +2
sleep 1 | nc localhost 4000 & sleep 0.1
ss -tn | sed 's/\(4[0-9]\|5[0-9]\|6[0-9]\)[0-9][0-9][0-9]/PORT/g' | tail -n +2; ss -tin | grep -c mss; ss -tan | wc -l; ss -te | grep -c uid:1000; ss -s | head -n 2
kill %1 %2; ss -z; echo $?
