# Functions that call themselves and one another.
fact() { if (( $1 <= 1 )); then echo 1; else echo $(( $1 * $(fact $(($1 - 1))) )); fi; }
fact 5; fact 12
fib() { (( $1 < 2 )) && { r=$1; return; }; local a; fib $(($1-1)); a=$r; fib $(($1-2)); r=$((a+r)); }
for n in 0 1 5 10; do fib $n; echo -n "$r "; done; echo
hanoi() { [ $1 -eq 0 ] && return; hanoi $(($1-1)) $2 $4 $3; moves=$((moves+1)); [ $1 -eq 3 ] && echo "disc $1: $2 to $3"; hanoi $(($1-1)) $4 $3 $2; }
moves=0; hanoi 4 a c b; echo $moves moves
even() { [ $1 -eq 0 ] && echo yes || odd $(($1-1)); }; odd() { [ $1 -eq 0 ] && echo no || even $(($1-1)); }; even 10; even 7
gcd() { if (( $2 == 0 )); then echo $1; else gcd $2 $(($1 % $2)); fi; }; gcd 48 36; gcd 17 5
ackermann() { local m=$1 n=$2; if ((m==0)); then r=$((n+1)); elif ((n==0)); then ackermann $((m-1)) 1; else ackermann $m $((n-1)); ackermann $((m-1)) $r; fi; }; ackermann 2 3; echo $r
down() { local n=$1; (( n > 0 )) && down $((n-1)); echo -n "$n "; }; down 5; echo
permute() { local done=$1 rest=$2 i; [ -z "$rest" ] && { echo -n "$done "; return; }; for ((i=0; i<${#rest}; i++)); do permute "$done${rest:i:1}" "${rest:0:i}${rest:i+1}"; done; }; permute '' abc; echo
