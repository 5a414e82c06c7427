# How the input becomes arguments: quotes, -n, -L, -I, -0, -d, -E, -a.
exec 2>&1
a() { xargs "$@" printf '<%s>'; echo; }
printf 'a b\nc  d\n\n e\n' | a
printf '%s\n' "'a b' \"c d\" e\\ f 'g'\"h\"" | a
printf 'a\\\nb c\\\\d\n' | a
printf 'a b\nc\nd e f\n' | a -n 2; printf 'a b\nc\nd e f\n' | a -L 1; printf 'a b \nc\nd\n' | a -L 1
printf 'a b\n c d \n\ne\n' | xargs -I{} printf '[{}]'; echo
printf 'x\ny\n' | xargs -I% echo % and % in%side; printf 'x y\n' | xargs -I X -n 1 echo X 2>&1 | tail -n 1
printf 'a b\0c\nd\0' | a -0; printf 'a,b c,d' | a -d ,; printf 'a\tb' | a -d '\t'; printf 'axbxc' | a -d x -n 2
printf 'a"b\n' | a -d '\n'
printf 'a b END c\n' | a -E END; printf 'a _ b\n' | a -E _; printf 'a b\n' > in; a -a in; a -a gone
echo "don't" | a; echo 'a"b' | a; printf 'a\nb' | xargs -n 1; echo | a -r; echo | xargs echo none
printf '' | xargs -r echo none
seq 12 | xargs -n 5; seq 12 | xargs -L 5; echo 1 2 3 | xargs -n1 -t echo x; seq 3 | xargs -I{} -P 1 sh -c 'echo {}{}'
