# Ranges of bytes, characters and fields; delimiters in and out; complements.
exec 2>&1
printf 'abcdef\n123\n\nx\n' > c; printf 'a:b:c:d:e\nno delimiter\n:lead\ntrail:\n::\n' > f
for r in 1 2-3 -2 3- 2,4 4,2 1-2,4- 1,1-3,2 5-9 -2,5- 3-3 2-; do echo "== $r"; cut -c $r c; cut -d: -f $r f; done
cut -b 2-3 c; cut -c 2-3 --complement c; cut -d: -f 2,4 --complement f; cut -d: -f 1 --complement -s f; cut -sd: -f2 f
cut -d: -f1,3-4 --output-delimiter=' - ' f; cut -c1,3-4 --output-delimiter=: c; cut -c1-2,2-3,5 --output-delimiter=: c
cut -d: -f2 --output-delimiter='' f; cut -d ' ' -f2 f; cut -d '' -f1 f; echo $?; cut -f1 f | head -n 1
printf 'a\tb\tc\n' | cut -f1,3; printf 'a b\0c d\0' | cut -zd' ' -f2 | tr '\0' '!'; echo; printf 'a:b' | cut -d: -f2
printf 'a:b\n' | cut -d: -f1,2 -; echo 'a,b;c' | cut -d, -f2 | cut -d';' -f1
for o in -f0 -f- -f2-1 -fa -f1,,2 '-f 1 -c 1' '-c 1 -s' '-b 1 -d :' '-f 1-2-3' '-c 99999999999999999999' '-f 1 -d ab' -x; do cut $o c; echo $?; done
cut -f1 gone c; echo $?; cut c; echo $?; cut -f1 .; echo $?
