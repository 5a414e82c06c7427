[[ abc == a* && ! abc == b* ]] && echo 1; [[ abc =~ ^a(b)(c)$ ]] && echo ${BASH_REMATCH[1]} ${BASH_REMATCH[2]}; [[ 1 -lt 2 ]] && echo lt; [[ a < b ]] && echo l; [[ -z "" ]] && echo z
[[ "a b" == "a b" ]] && echo q; x='*'; [[ abc == "$x" ]] || echo no; [[ abc == $x ]] && echo yes; [[ $undefined ]] || echo empty; [[ -n $x ]] && echo n
[[ -f /etc/passwd && -r /etc/passwd ]] && echo ok; [[ x =~ y ]]; echo $?; [[ ab =~ (a)(b)? ]]; echo ${BASH_REMATCH[@]}; r='^[0-9]+$'; [[ 123 =~ $r ]] && echo num; [[ 12a =~ $r ]] || echo not
[[ "a.b" =~ a\.b ]] && echo esc; [[ axb =~ "a.b" ]] || echo lit; [[ " x" =~ [[:space:]]x ]] && echo sp; [[ foo.tar.gz =~ \.(tar|zip)\. ]] && echo ${BASH_REMATCH[1]}; [[ a =~ ^(b|a)$ ]] && echo alt
[[ a && b || c ]] && echo 1; [[ ! ( a && "" ) ]] && echo 2; [[ 3 -gt 2 && 2+1 -eq 3 ]] && echo 3; [[ -v HOME ]] && echo 4; [[ -n $nope ]] || echo 5; [[ a = [a-c] ]] && echo 6; [[ a\ b == a\ b ]] && echo 7
[[ a &&
b ]] && echo 8; [[ 1 -eq 1 ]]; echo $?; [[ 1 -ne 1 ]]; echo $?; [[ x != x ]]; echo $?; n=5; [[ n -gt 4 ]] && echo arith; [[ -e /nonexistent ]] || echo absent; [[ / -ef /. ]] && echo same
[ -e /etc ] && [ -d /etc ] && [ ! -f /etc ] && echo ok; [ a = a -a b = b ]; echo $?; [ a = b -o b = b ]; echo $?; [ \( a = a \) ]; echo $?; test; echo $?; [ -n "" ]; echo $?; [ "" ]; echo $?; [ ! "" ]; echo $?; test -z; echo $?; [ ! ]; echo $?; [ -n ]; echo $?; [ = ]; echo $?; [ "(" = ")" ]; echo $?; [ ! = ! ]; echo $?
exec 2>&1; [ 1 -lt x ]; echo $?; test 1 2 3; echo $?; [ a; echo $?; [ -f; echo $?; test -q a; echo $?; [ a b c d e ]; echo $?; [ 1 -eq 1 -a ]; echo $?; test ! ! a; echo $?
