exec 2>&1
mkdir -p /tmp/testdir; : > /tmp/empty; echo x > /tmp/full
test -e /tmp/empty && echo e; test -f /tmp/full && echo f; test -d /tmp/testdir && echo d; test ! -d /tmp/full && echo notd
test -s /tmp/full && echo s; test -s /tmp/empty || echo empty; test -e /tmp/none || echo none
[ a = a ] && echo eq; [ a != b ] && echo ne; [ a = b ] || echo differ; [ "" ] || echo null; [ x ] && echo nonnull
[ -n x ] && echo n; [ -z "" ] && echo z; [ -n ] && echo word; [ ! x ] || echo notx; [ ] || echo nothing
[ 2 -lt 10 ] && echo lt; [ 10 -gt 9 ] && echo gt; [ 1 -eq 01 ] && echo eq; [ 1 -ne 2 ] && echo ne; [ 1 -le 1 ] && echo le; [ 1 -ge 1 ] && echo ge
[ a = a -a b = b ] && echo and; [ a = b -o b = b ] && echo or; [ '(' a = a ')' ] && echo parens; [ ! a = b ] && echo bang
[ -x /bin/cat ] && echo x; [ -r /etc/passwd ] && echo r; [ -c /dev/null ] && echo c
[ -t 0 ] || echo notty
[ /tmp/full -ef /tmp/../tmp/full ] && echo same
[ a -eq 1 ]; echo $?
[ a = a; echo $?
[ a b ]; echo $?
test 1 -eq; echo $?
[ -f = -f ] && echo literal; [ ! = x ] || echo bang2; [ '!' ] && echo bang3; [ -z = -z ] && echo z2
rm -r /tmp/testdir /tmp/empty /tmp/full
