mkdir -p /tmp/utf8; cd /tmp/utf8; echo -e 'héllo wörld\n日本語 x\n😀 smile' > u; printf 'a\x80b\xff\nok\n' > bad
rev u; cut -c 1-3 u; cut -b 1 u | head -n 1 | wc -c; wc -mL u; grep -o . u | tail -n 7 | head -n 1; sed 's/./X/' u; sed 's/[öé]/_/g;s/😀/:)/' u; grep -c '[[:alpha:]]' u; grep 'w.rld' u; sort u; fold -w 4 u; column -t u; tac u; nl u; uniq u; sed 'y/é/E/' u; sed -n l u | head -n 1; printf '%b\n' '\xc3\xa9'; printf '%5.3s|\n' hélloo
grep b bad; grep -a . bad | cmp - bad; sed 's/b/b/' bad | cmp - bad; sort -r bad | sort | cmp - bad; tac bad | tac | cmp - bad; cat -v bad; rev bad | rev | cmp - bad; cut -c 1- bad | cmp - bad; tr a a < bad | cmp - bad; paste bad | cmp - bad; diff bad u | head -n 1; uniq bad | cmp - bad
cd /; rm -r /tmp/utf8
