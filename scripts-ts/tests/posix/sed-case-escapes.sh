# \U \L \u \l \E in replacements; \n \t \x and characters in patterns.
printf 'hello big World\nfoo_bar-baz\n' > f
sed 's/.*/\U&/' f; sed 's/.*/\L&/' f; sed 's/\w\+/\u&/g' f; sed 's/\w\+/\U\l&/g' f; sed 's/\(h\)\(.*\)/\1\U\2\E!/' f
sed -E 's/(\w+) (\w+)/\u\1 \U\2\E x/' f; sed 's/[a-z]/\l\u&/g' f; sed -E 's/_(.)/\U\1/g;s/-(.)/\u\1/g' f
sed 's/o/\U\n&/' f; sed 's/\(b\)\(.\)/\u\1\U\2/g' f
sed 's/ /\t/g' f | tr '\t' T; sed 's/\x68/X/' f; sed 's/o/\x41/' f; sed 's/o/\o102/;s/l/\d067/' f
sed 's/\bb/</g;s/g\b/>/' f; sed 's/\Bo/0/g' f; sed 's/\<./*/g' f; sed 's/.\>/*/g' f; sed 's/\W/./g' f
sed 's/\s\S/~/g' f; sed 's/o\{1,\}/0/g;s/l\?/L/' f; sed 's/\./dot/;s/[.]/x/' f; sed "s/'/q/;s/big/it's/" f
sed 's/[[:upper:]]/(&)/;s/[^[:alnum:]]/ /g' f; sed 's/\x26/and/;s/big/\x26/' f; sed 's/a\+$/A/' f
