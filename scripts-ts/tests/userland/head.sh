exec 2>&1
mkdir -p /tmp/head; cd /tmp/head
echo -e '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12' > n; echo -ne 'a\nb' > p
head n; head -n 2 n; head -2 n; head -n 0 n; head -n -10 n; head -n -99 n; head -c 3 n; head -c -24 n; head p; echo
head -n 1 n p; head -q -n 1 n p; head -v -n 1 n; cat n | head -n 1; head -n 1 - < n; head -n -1 p
head missing; echo $?; head -n 1 missing n; echo $?; head -n x n; echo $?; head -n; echo $?; head .; echo $?
{ head -n 2; echo rest; cat; } < n | head -n 5
head -c 1K /dev/zero | wc -c
cd /; rm -r /tmp/head
