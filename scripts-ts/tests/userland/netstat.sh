exec 2>&1
netstat; nc -l 4000 & sleep 0.1; nc -u -l 5353 & sleep 0.1
netstat -tln; netstat -ul; netstat -tulpn | sed 's, [0-9]*/nc, N/nc,'; netstat -aet | tail -n 1 | tr -s ' ' | cut -d ' ' -f 1-7; netstat -w
netstat -r; netstat -rn; netstat -i; netstat -ia | wc -l; netstat -s | head -n 3; netstat -st > /dev/null
kill %1 %2; netstat -x; echo $?
