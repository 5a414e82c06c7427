# r, R, w and W: files read and written on the way.
seq 4 > n; printf 'A\nB\n' > f; printf 'no end' > g
sed '2r f' n; sed 'R f' n; sed '$r f' n; sed '1r gone' n | head -n 2; sed 'r g' n; echo; sed '2{r f
d}' n; sed -n '2{r f
p}' n; sed '/[13]/r f' n; sed '2R f' n; sed 'R f
R f' n; sed '0~2r f' n | wc -l; sed -e '1r f' -e '1r g' n; echo; sed '2r f
2a text' n; sed -n 'w out' n; cat out; sed -n '/[24]/w o1
/[13]/w o2' n; cat o1 o2; sed 's/2/two/w o3' n > /dev/null; cat o3; sed -n 's/[13]/x/gpw o4' n; cat o4; sed 'N;W o5' n > /dev/null; cat o5; sed '2w /dev/stdout' n; sed -n '1w e1
1w e1' n; cat e1; sed '2r /dev/stdin' n < f; sed 'w o6' n n | tail -n 1; wc -l < o6; sed -n '$w o7' n f; cat o7; sed 2q n | sed 'r f' | tail -n 2
