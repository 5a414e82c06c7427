# Lines by number, pattern, step and range, negated and at the end.
exec 2>&1
seq 1 12 > n; s() { echo "$*:" $(sed -n "$@" n); }
s 3p; s '$p'; s 2,4p; s '2,4!p'; s '10,$p'; s 5,2p; s '/1/p'; s '/^1$/,/3/p'; s '/2/,/2/p'; s '/5/,+2p'; s '4,~4p'
s '3,~4p'; s '1~4p'; s '0~5p'; s '2~0p'; s '0,/1/p'; s '1,/1/p'; s '/9/,$p'; s '/1/,3p'; s '/nope/,$p'; s '7,/nope/p'
s '\,1,p'; s '\x1xp'; s '/1/Ip'; s '/1/!{/2/!p}'; s '2,4{/3/!p}'; s '$!p'; s '1!{$!p}'; s '2p;2p'; s '/3/,/5/{//!p}'
s '1,3{=}'; s '5,3{p;p}'; s -s '$p' n; s '2,3p;3,4p'; s '/1/,/1/{=}'; s '12,+9p'; s '0~3!p'; s '/[0-9]\{2\}/p'
s -E '/^(3|5)$/p'; s '3 , 5 p'; s '3,5 ! p'
sed -n '0p' n; sed -n '0,3p' n; sed -n '1,p' n; sed -n ',3p' n; sed -n '+3p' n; sed -n '1,2,3p' n; sed -n '/1' n
sed '3!!p' n; echo $?
