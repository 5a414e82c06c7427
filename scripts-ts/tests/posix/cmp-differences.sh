# Where files differ: bytes, lines, all of them, limits and offsets.
exec 2>&1
printf 'one\ntwo\nthree\n' > a; printf 'one\ntwO\nthrEe\n' > b; printf 'one\ntwo\n' > c; : > e
s() { cmp "$@"; echo $?; }
s a a; s a b; s b a; s a c; s c a; s a e; s e e; s -l a b; s -l a c; s -s a b; s -s a a; s -s a c; s -b a b; s -bl a b
s -n 5 a b; s -n 7 a b; s -n 0 a b; s -i 7 a b; s -i 4:4 a b; s -i 1:0 a b; s a b 4; s a b 4 4; s -n 1K a b
s -i 100 a b; s -l -n 7 a b; printf 'a\001\200\n' > x; printf 'b\002\300\t' > y; s -lb x y; s -b x y
s a - < b; s - < a; s a; s; s a b 1 2 3; s gone a; s -s gone a; s a .; s -n -1 a b; s -i x a b; s -z a b; s -ls a b
cmp a b c d; echo $?
