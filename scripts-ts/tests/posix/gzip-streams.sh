# Through pipes: several members, trailing garbage, cut short, -t and -l.
exec 2>&1
seq 1000 > a; gzip -k a; seq 10 | gzip | gunzip | tail -n 1; gzip < a | gzip -d | cmp - a
cat a.gz a.gz | gunzip | wc -l; { seq 3 | gzip; seq 4 5 | gzip; } | zcat
printf '' | gzip | gunzip | wc -c; gzip -cd a.gz | cmp - a; gzip -1c a | zcat | cmp - a; gzip -9c a | zcat | cmp - a
zcat < a.gz | cmp - a; gzip -t a.gz; echo $?; cat a.gz | gzip -t; echo $?; gzip -tv a.gz; echo $?
head -c 200 a.gz > cut.gz; gzip -t cut.gz; echo $?; zcat cut.gz > /dev/null; echo $?; echo text > t.gz; gzip -t t.gz
echo $?; gunzip -c t.gz; echo $?; gunzip -cf t.gz; echo $?; : > e.gz; gzip -t e.gz; echo $?; echo x | gunzip; echo $?
gzip -l gone; echo $?; gzip -lq a.gz | wc -l; gzip -lq < a.gz | wc -l; gzip -q < /dev/null | zcat
gzip -cn a | cmp - <(gzip -cn < a) && echo same; gzip -Nc a | gunzip -c | cmp - a
