# Labels, b, t and T; loops.
exec 2>&1
printf '1234567\n12\nabc\n' > f
sed ':a;s/\B[0-9]\{3\}\>/,&/;ta' f; sed -e ':x' -e 's/^.\{1,9\}$/ &/;tx' f; sed 's/1/one/;t end;s/$/ no/;: end' f
sed 's/1/one/;T;s/$/ yes/' f; sed '/abc/b;s/^/> /' f; sed '/12/{s//<&>/;b};s/$/ other/' f; sed ':a;N;$!ba;s/\n/|/g' f
sed '/^1/!{:l;s/[a-z]/_/;tl}' f; sed 't x;s/1/2/;t x;s/$/!/;:x' f; sed -n '/2/{s/2/two/;tp;b;:p;p}' f
sed 'ba;s/./X/g;:a' f; sed '2b2
s/^/not second /
:2' f; sed ':a s/1/&/;s/^/x/' f 2>&1; sed -n ':top;/3/{s/3/x/;b top};p' f
sed 's/.$//;:a;s/^\(.*\)\(.\)$/\1/;/../ba' f
sed 'b nowhere' f; sed ':a;:a' f; sed ':' f; sed 't nowhere' f; sed '{b x}' f; echo $?
