exec 2>&1
mkdir -p /tmp/options; cd /tmp/options; printf 'one\ntwo 12\n' > a; mkdir d; cp a d/b
grep -P '\d{2}(?= *$)' a; grep -P '(o)n(?<=n)' a; grep -P '(' a; echo $?; grep --silent one a; echo $?; grep -R one d; grep -rP 'tw.' d; grep --perl-regexp 'e$' a
printf 'ab\0cd' | rev -0 | tr '\0' '!'; echo; rev --zero a | tr '\0' '!'; echo; rev nosuch; echo $?; rev --zz; echo $?; tail --silent -n 1 a d/b; strings -n 0 a; echo $?; strings --radix=q a; echo $?; strings nosuch; echo $?
echo x | xargs -p echo; echo $?; echo x | xargs -o echo
gzip -k a; gzip -l a.gz; gzip -lv a.gz d/b; gzip -ql a.gz; cp a.gz c.gz; gzip --list a.gz c.gz; gzip -vk d/b; gzip -tv a.gz; gzip -dvf d/b.gz; gzip -N -c a > n.gz; cp n.gz renamed.gz; gunzip -N -f renamed.gz; cat a; gzip --zz; echo $?; gzip < a > /dev/null; echo $?
gunzip -ck1 n.gz; gunzip -c -d -2 n.gz; gunzip -l n.gz; gunzip -t -q n.gz; gunzip -nc3 n.gz; gunzip -v -k -f n.gz; cat n; gunzip -S .gz -f -4 -k n.gz; gunzip -5 -6 -7 -8 -9 -c n.gz; gunzip nosuch; echo $?; gunzip --zz; echo $?
zcat -c1 n.gz; zcat -2 -3 -d n.gz; zcat -k4 n.gz; zcat -l n.gz; zcat -n5 n.gz; zcat -N6 n.gz; zcat -q7 n.gz; zcat -S .gz n.gz; zcat -t8 n.gz; zcat -v9 n.gz; zcat -r n.gz; zcat nosuch; echo $?; zcat a; echo $?
md5sum -b a > s; md5sum -c --quiet s; md5sum -c --status s; echo $?; md5sum -t a; echo bad >> s; md5sum -c -w s; md5sum -c --strict s; echo $?; echo '00000000000000000000000000000000  gone' > g; md5sum -c --ignore-missing g; echo $?
sha1sum -b a; sha1sum -t --tag a; sha1sum -z a | tr '\0' '!'; echo; sha1sum a > s; sha1sum -c --quiet --strict -w s; sha1sum -c --status --ignore-missing s; echo $?; sha1sum nosuch; echo $?
sha512sum -b a; sha512sum -t --tag a; sha512sum -z a | tr '\0' '!'; echo; sha512sum a > s; sha512sum -c --quiet --strict -w s; sha512sum -c --status --ignore-missing s; echo $?; sha512sum nosuch; echo $?
split -n 3 -e /dev/null; echo $?; xxd nosuch; echo $?; xxd -c x a; echo $?; hexdump nosuch; echo $?; hexdump -n x a; echo $?; column nosuch; echo $?; column --zz; echo $?; printf '%q %q\n' 'a b' "it's"; /bin/printf '\u00e9%s\n' x; patch --zz; echo $?
cd /; rm -r /tmp/options
