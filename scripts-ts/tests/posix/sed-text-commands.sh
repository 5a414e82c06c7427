# a, i and c: on one line, with backslashes, in braces, with -e, at ranges and at the end.
exec 2>&1
seq 1 3 > n
sed '2a after' n; sed '2i before' n; sed '2c instead' n
sed '2a\
one\
two' n
sed '2i\
  kept blanks' n; sed '2i\  kept too' n; sed '2a     not kept' n; sed 'a\' n 2>&1; sed 'a' n
sed -e '2a\' -e 'by -e' n; sed -e '1i x' -e '3a y' n; sed '$a end' n; sed '1,2c\
range' n; sed '2,3!c other' n; sed '$!{$!c x
}' n; sed '2{a in braces
p}' n; sed '1a x\ny\tz' n; sed '1a a\\b' n; sed '1a \x41' n; sed '2c\' n 2>&1; sed '1i\\' n; sed '2a one' -s n n; sed -n '2a quiet' n; sed '2{i a
d}' n; sed '/2/{a x
n;d}' n; sed '1~2a odd' n; sed '2q;a x' n; sed 'i\
multi\
line' n | head -n 4; sed '$!d;i last' n; sed 'c\a' n; sed 2,3cx n; sed '1d;a x' n
