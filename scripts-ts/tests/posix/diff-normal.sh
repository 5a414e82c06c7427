# The plain form: a, c and d, ranges, ends without newlines, statuses.
exec 2>&1
seq 5 > a; d() { diff "$@"; echo "= $?"; }
cp a b; d a b; seq 4 > b; d a b; d b a; seq 2 5 > b; d a b; d b a; printf '1\n2\nx\n4\n5\n' > b; d a b
printf '1\nx\ny\n4\n5\nz\n' > b; d a b; : > e; d a e; d e a; d e e
printf '1\n2\n3\n4\n5' > n; d a n; d n a; d n n; printf 'a' > p; printf 'b' > q; d p q
printf 'one\n\nthree\n' > x; printf 'one\nthree\n' > y; d x y; d y x; printf 'a\tb\n' > t; printf 'a  b\n' > u; d t u
d a - < b | tail -n 1; d - a < a; seq 1 20 > l; seq 1 20 | sed '3d;10s/$/x/;15i new' > m; d l m; d m l
d gone a; d a gone; d gone gone2; d a .; mkdir dir; cp n dir/a; d a dir; d dir a; diff; diff a; diff a b c; diff -q
diff --nope a b; echo $?
