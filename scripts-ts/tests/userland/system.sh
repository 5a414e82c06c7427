# uptime, uname, arch, nproc, hostname, free, dmesg, date, cal, time
exec 2>&1
uptime | cut -c 1-20 | sed 's/[0-9]/N/g'; uptime -p; uptime -s; uptime --pretty; uptime --since; uptime -z; echo $?
uname; uname -s; uname -n; uname -m; uname -p; uname -i; uname -o; uname -v; uname -r | sed 's/[0-9][0-9]*/N/g'; uname -a | sed 's/[0-9]\.[0-9.]*/N/'; uname --all --kernel-name | wc -w; uname --nodename --kernel-release --kernel-version --machine --processor --hardware-platform --operating-system | wc -w; uname x; echo $?; arch; arch x; echo $?; nproc; nproc --all; nproc --ignore 5; nproc x; echo $?
hostname; hostname -s; hostname -f; hostname -d; hostname other; echo $?; hostname -F /etc/hostname; echo $?; hostname --file=/nothing; echo $?; hostname a b; echo $?; hostname --short; hostname --fqdn; hostname --domain; hostname -z; echo $?
free; free -b; free -k; free -m; free -g; free -h; free --si -k; free -t; free -w; free -c 2 -s 0.1 | wc -l; free -c x; echo $?; free -s x; echo $?; free --human --total --wide | head -n 1
dmesg | head -n 1; dmesg -t | head -n 1; dmesg -T | head -n 1; dmesg -r | head -n 1; dmesg --notime | head -n 1; timeout 1 dmesg -w | head -n 1; timeout 1 dmesg -W; echo $?; timeout 1 dmesg --follow --ctime | head -n 1; dmesg -z; echo $?
date; date -u; date +%s; date -s tomorrow; echo $?; date 010203042035; echo $?; date --set='2035-01-02'; echo $?; date -d midnight; date --debug; echo $?; cal; cal -h; cal -M; cal -S 2 2035; cal -z; echo $?
time true; time sleep 0.5 | head -n 1; env time sleep 0.5; env time -v true; env time -p sleep 0.25; env time -z; echo $?; env time --verbose --portability false; echo $?
which -s ls; echo $?; which --silent nothing; echo $?; which -a ls; which -z; echo $?; sync; sync -f /; sync -d /etc/passwd; sync --data --file-system /nothing; echo $?
