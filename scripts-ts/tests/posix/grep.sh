exec 2>&1
printf 'one two\nthree\nOne\nfoo.bar\nfooxbar\nab ab\nword-x\n\n' > a; printf 'x\0y\n' > b; mkdir -p d/e; cp a d/e/f.txt; echo three > d/g.c
grep one a; grep -i one a; grep -c o a; grep -n 'o' a d/g.c; grep -v o a; grep -F foo.bar a; grep -E 'on|thr' a; grep -o 'o.' a; grep -w ab a; grep -w word a; grep -ow 'x' a
grep -r three d | sort; grep -rl three d | sort; grep -rn --include='*.c' three d; grep -r --exclude='*.c' three d; grep -r --exclude-dir=e three d; cd d; grep -r three | sort; cd ..
grep -x three a; grep -xc '' a; grep y b; grep -c y b; grep -a y b | tr '\0' '!'; grep -I y b; grep --binary-files=text y b | tr '\0' '!'
grep -q x a; echo $?; grep zz a; echo $?; grep zz nofile; echo $?; grep -s zz nofile; echo $?; grep -q one nofile a; echo $?; grep -L three a b; grep -l three a b; grep -c one a b
grep -h three a d/g.c; grep -H three a; grep --label=in -H x - < a; echo x | grep x - a
grep -m1 o a; grep -m 0 o a; echo $?; grep -e one -e three a; printf 'one\nthree\n' > p; grep -f p a; grep -vf p a; grep -f /dev/null a; echo $?; grep 'one
three' a
grep -lZ three a d/g.c | tr '\0' '!'; echo; printf 'a\0b\n\0' | grep -z b | tr '\0' '!'
grep three d; grep -d skip three d; echo $?; grep -d recurse three d/e
grep -y ONE a; grep -G 'o\+' a; grep --no-ignore-case one a; grep --line-buffered one a; grep --regexp=one --ignore-case a
