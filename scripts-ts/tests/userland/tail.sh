exec 2>&1
mkdir -p /tmp/tail; cd /tmp/tail
echo -e '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12' > n; echo -ne 'a\nb' > p; : > e
tail n; tail -n 2 n; tail -2 n; tail -n 0 n; tail -n +11 n; tail -n +1 p; echo; tail -n 99 p; echo; tail -c 3 n; tail -c +25 n; tail e
tail -n 1 n p; echo; tail -q -n 1 n n; tail -v -n 1 n; cat n | tail -n 1; tail -n 1 p; echo
tail missing; echo $?; tail -n x n; echo $?; tail .; echo $?
head -c 200000 /dev/zero | tail -c 100000 | wc -c
cd /; rm -r /tmp/tail
