mkdir -p /tmp/limits; cd /tmp/limits; exec 2>&1
head -c 5000 /dev/zero | tr '\0' a > long; grep -c '\(a\)\1' long; echo $?; sed 's/\(a\)\1/b/' long | wc -c; head -c 17000000 /dev/zero > huge; sort huge; echo $?; grep -c b huge; echo $?; tac huge; sed p huge | wc -c; sha256sum < huge; head -c 30000000 /dev/zero | md5sum; echo $?
echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac | grep -E '(a+)+b'; echo $?; head -c 100000 /dev/zero | tr '\0' x | grep -cE '(x+x+)+y'; echo $?
seq 100000 > n; sort n > /dev/full; echo $?; grep 1 n > /dev/full; echo $?; sed p n > /dev/full; echo $?; gzip -c n > /dev/full; echo $?; tar cf - n > /dev/full; echo $?; tar cf /dev/full n; echo $?; sort -o /dev/full n; echo $?; yes | head -n 1; grep 1 n | head -n 1; sed p n | head -n 1; sort n | head -n 1; hexdump -C n | head -n 1
cd /; rm -r /tmp/limits
