exec 2>&1
seq 1 3 > a; seq 4 6 > b; cp a c; cp b d; printf x > e
sed -n '$p' a b; sed -sn '$p' a b; sed -n 4p a b; sed -i 's/2/two/' c; cat c; sed -i.bak 's/5/five/' d; cat d d.bak; sed -i -e 1d -e '$s/$/!/' c d; cat c d; sed --in-place=.o -n 1p c; cat c c.o; sed -i 's/x/y/' e; cat e; echo; sed -i 'bak_*' e; sed -ibak_* s/y/z/ e; ls; cat bak_e; echo
printf 's/1/one/\n# comment\n/2/d\n' > s; sed -f s a; sed --file=s --expression=3d a; sed -n '#n' a; printf '#n\n2p\n' > q; sed -f q a; sed '#n
p' a; printf 'a\0b\0' | sed -z 's/^./x/' | tr '\0' '!'; echo; sed --quiet 1p a; sed --silent 1p a; sed -u 1d a; sed --posix 1d a; sed -r 's/(1)/<\1>/' a; sed --regexp-extended 's/(1)/<\1>/' a; sed --separate 1d a b; sed -n --line-length=5 l a; printf 'a\nb' | sed p; echo; printf 'a\nb' | sed 'N;P;D'; echo; cat a | sed 1d - b; printf '1\n2' > p; sed '' p a; sed p nosuch a; echo $?; sed -i p nosuch; echo $?; sed -n p . ; echo $?
