# Scripts: comments, braces, several -e and -f, -n by #n, -z and -s.
exec 2>&1
seq 1 4 > a; seq 5 6 > b
printf '# a comment\n1d # behind\n\n  /3/ {\n    s/3/three/ ; p\n  }\n$ s/$/ end/\n' > s; sed -f s a; sed -n -f s a
sed -f s -e 2d a; sed -e 2d -f s -e 's/^/-/' a
printf '#n\n1p\n' > q; sed -f q a; sed -e '#n' -e 1p b
sed -e 'p' -e 'd' a | head -n 1; sed 'p;;p' b; sed ';;1d;;' b; sed '1{;p;}' b; sed '1{p};2{p}' b; sed '{{{1d}}}' b
sed -n '1{p' b; sed '1p}' b; sed --expression=1d --quiet --expression=p b; sed -ne 1p b; sed -n p -- b; sed '' b
sed -s 1d a b; sed -s '$s/$/ last/' a b; sed -n '$p' a b; sed -sn '$=' a b; sed 1d a - < b
printf 'x\0y z\0' | sed -z 's/^/>/;2d' | tr '\0' '!'; echo; printf 'a\nb\0' | sed -z 's/\n/+/;s/$/|/' | tr '\0' '!'
echo; printf 'a\nb' | sed 's/$/./'; echo; printf 'a\nb' | sed '$d'; printf 'a' | sed 'p'; echo
printf '' | sed 's/^/x/;$a y'
