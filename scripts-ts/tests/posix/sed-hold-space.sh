# h H g G x, n N, p P, d D, = and l.
seq 1 5 > n; printf 'a\nb\n\nc\n\n\nd\n' > t
sed G n | head -n 4; sed -n 'H;${x;s/\n/,/g;p}' n; sed '1!G;h;$!d' n; sed -n 'x;p' n; sed 'x;$G' n
sed -n '$!{h;d};x;G;p' n; sed -n 'h;n;G;p' n
sed 'N;s/\n/+/' n; sed '$!N;s/\n/+/' n; sed 'N;N;s/\n/,/g' n; sed -n 'N;P' n; sed '$!N;P;D' n; sed -n '$!N;l' n
sed '$!N;/2\n3/!P;D' n; sed 'n;d' n; sed -n 'n;p' n; sed '2{N;d}' n; sed ':a;N;$!ba;s/\n/ /g' n
sed '/2/{N;N;s/\n/-/g}' n
sed '/^$/d' t; sed '/./,/^$/!d' t; sed '/^$/N;/\n$/D' t; sed '$!N;s/^\(.*\)\n\1$/\1/;t;P;D' t; sed -n '$=' t
sed = t | sed 'N;s/\n/\t/' | tr '\t' T; sed -n 'l;p' t | head -n 3; sed -n '2{p;x;p;x;p}' n; sed 'x;s/^/x/;x;$!d;x' n
sed '1h;1d;$G' n; sed 'y/12345/abcde/;h;s/.*/[&]/;G' n | head -n 4; sed 's/1/&\n&/;P;D' n | head -n 4
