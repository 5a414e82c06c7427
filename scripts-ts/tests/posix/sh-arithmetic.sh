exec 2>&1
echo $((1+2*3)) $((2**10)) $((7/2)) $((-7/2)) $((7%3)) $((-7%3)) $((1<<4)) $((0x1f)) $((010)) $((2#101)) $((36#z)) $((64#_))
echo $((1?2:3)) $((5>3&&2<1)) $((~5)) $((!0)) $((1||0)) $((5 & 3 | 8 ^ 2)) $((-3 ** 2)) $((2**3**2)) $(( (1+2)*3 )) $((  ))
echo $((9223372036854775807+1)) $((1<<62)) $((1<<63)) $((-9223372036854775808 - 1)) $((3037000500*3037000500)) $((9007199254740993+2)) $((0xffffffffffffffff)) $((123456789*987654321))
x=3; echo $((x*=2)) $((x<<=1)) $((x|=1)) $((++x + x++)) $x $((-x)) $((a=b=5)) $((x--)) $((--x)) $((x,x+1)) $((x==9?1:0))
let x=5 y=x*2; echo $x $y; ((x+=3)); echo $x; ((x>100)); echo $?; ((0)); echo $?; ((x=0)); echo $?; let 0; echo $?
x=abc; echo $((x)) $((nope+1)); n='1+1'; echo $((n*2)) $(($n*2)); arr=(1 2 3); echo $((arr[1]+arr[2])) $((arr[0]++)) ${arr[0]}
for ((i=0, j=10; i<3; i++, j--)); do echo $i $j; done; for ((;;)); do break; done; echo $[1+2]
declare -i d=3*4; echo $d; d+=1; echo $d; d=nonsense; echo $d
(echo $((1/0)); echo no); echo $?; (echo $((08)); echo no); echo $?; (echo $((1 +)); echo no); echo $?
(echo $((1 2)); echo no); (echo $((a b)); echo no); y='1+'; (echo $((y)); echo no); (echo $((3#5)); echo no); ((1/0)); echo $?; let "1 +"; echo $?
i=0; while ((i++ < 3)); do echo $i; done; echo $((i > 3 ? i : 0)); echo $((RANDOM >= 0 && RANDOM < 32768))
