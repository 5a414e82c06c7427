exec 2>&1
seq 1 6 > n; printf 'hello world\nfoo bar foo\n\nTab\there\nend' > t
sed 's/o/0/' t; echo; sed 's/o/0/g' t; echo; sed 's/o/0/2' t; echo; sed 's/o/0/2g' t; echo; sed -n 's/o/0/p' t; sed 's/HELLO/x/I' t; echo; sed 's/x*/-/g' t; echo
sed -n 2p n; sed 2d n; sed '2,4d' n; sed '2,4!d' n; sed -n '$p' n; sed '/3/,/5/d' n; sed '2,+2d' n; sed -n '0~2p' n; sed -n '1~3p' n; sed -n '2,~4p' n; sed '0,/1/d' n; sed '1,/1/d' n; sed -n '/[24]/p' n; sed '/2/I!d' n; sed '3,1d' n; sed -n '\,4,p' n; sed '$!d' n; sed -n '$=' n; sed = n
sed '2a\
appended\
two' n; sed '2i inserted' n; sed '2c changed' n; sed '2,4c changed' n; sed '$!N;s/\n/-/' n; sed 'a\  lead' n | head -n 2; sed -e 'a\' -e 'x' n | head -n 2; sed '1{i\
top
}' n | head -n 2; sed '2,3!c x' n
sed 3q n; sed '3q;d' n; sed 3Q n; sed q5 n; echo $?; sed Q7 n; echo $?; sed -n '2{p;q}' n; sed '2{s/2/two/;n;s/3/three/}' n; sed '/2/{n;d}' n; sed 'n;d' n; sed '$!{h;d};H;x' n; sed -n '1!G;h;$p' n; sed G n | head -n 4; sed 'N;P;D' n; sed '$!N;$!D' n; sed -n 'x;p' n; sed 'y/123/abc/' n; sed 'y/\n1/x\n/' n | head -n 2
sed ':a;s/^\(.\{1,4\}\)$/ \1/;ta' n; sed -e :a -e '$!N;s/\n/,/;ta' n; sed 's/1/x/;T;s/x/y/' n | head -n 2; sed -n '/2/b end;p;:end' n; sed '/3/bx;s/^/-/;:x' n
sed 's/\(foo\) \(bar\)/\2 \1/' t | sed -n 2p; sed -E 's/(\w+) (\w+)/\2-\1/' t; echo; sed 's/.*/[&]/' t; echo; sed 's/.*/[\&]/' n | head -n 1; sed 's|/|x|;s,o,/,' t; echo; sed 's/o/\n/' n t | head -n 8; sed 's/\t/TAB/' t; echo; sed 's/^/> /;s/$/ </' n; sed 's/./\U&/;s/wor/\u&/;s/d$/\U&x\Ey/' t; echo; sed 's/\(h\)\(.*\)/\U\1\L\2/' t; echo
sed -n l t; sed -n 'l 8' t; sed -l 8 -n l t; sed '1!d;z;s/^$/empty/' t
printf 'a b\nc\n' > f; sed 'r f' n | head -n 4; sed '2r f' n; sed 'R f' n; sed '$r nosuch' n | tail -n 1; sed -n '/[24]/w out' n; cat out; sed -n 's/3/three/w out2' n; cat out2; sed 'w /dev/stdout' n | head -n 4; sed -n '2,3W o3' n; cat o3; sed '1F;d' n
