# -i -b -w -B -Z -E -I: what does not count.
exec 2>&1
printf 'Hello World\nsecond  line\n\nthird\t\nfourth\n' > a
printf 'hello world\nsecond line\nthird\n\n\nfour th\n' > b
for o in '' -i -b -w -B -Z -iw -iB -bB -iwB '-i -b -B'; do echo "== $o"; diff $o a b; echo $?; done
printf 'a\tb\n' > t; printf 'a       b\n' > s; diff -b t s; echo $?; diff -w t s; echo $?; diff -Z t s; echo $?
printf 'a b\n' > x; printf 'ab\n' > y; diff -b x y; echo $?; diff -w x y; echo $?; printf ' a\n' > z; printf 'a\n' > v
diff -b z v; echo $?; diff -w z v; echo $?
printf 'x\r\n' > crlf; printf 'x\n' > lf; diff crlf lf > /dev/null; echo $?; diff --strip-trailing-cr crlf lf; echo $?
diff -u -i --label 1 --label 2 a b; diff -qi x y; diff -s -w x y
