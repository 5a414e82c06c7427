# [[ ]] with texts and patterns.
t() { if "$@"; then echo -n "yes "; else echo -n "no "; fi; }; y() { echo -n "$? "; }
[[ a == a ]]; y; [[ a = b ]]; y; [[ a != b ]]; y; [[ a < b ]]; y; [[ b > a ]]; y; [[ a > B ]]; y; [[ "" < a ]]; y; [[ 10 < 9 ]]; y; [[ -z "" ]]; y; [[ -n "" ]]; y; [[ x ]]; y; [[ "" ]]; y; [[ ! x ]]; y; [[ ! -z x ]]; y; echo
v='a b' p='a*' e=; [[ $v == "a b" ]]; y; [[ $v = a\ b ]]; y; [[ $v == a* ]]; y; [[ $v == "a*" ]]; y; [[ $v == $p ]]; y; [[ $v == "$p" ]]; y; [[ $p == "$p" ]]; y; [[ $e == "" ]]; y; [[ $u == "" ]]; y; [[ -n $e ]]; y; [[ $v == ?\ ? ]]; y; [[ $v == [ab]*[ab] ]]; y; [[ abc == *b* ]]; y; [[ '*' == \* ]]; y; [[ a/b == a*b ]]; y; [[ .a == * ]]; y; echo
[[ a == a && b == b ]]; y; [[ a == b || b == b ]]; y; [[ a == b && x || y ]]; y; [[ ! a == a || b ]]; y; [[ (a == b || c) && d ]]; y; [[ ! (a && b) ]]; y; [[ a == b || (c == c && ! d == e) ]]; y; [[ -n a && -z "" && 1 -eq 1 ]]; y; [[ x && ! "" ]]; y; echo
[[ a &&
	b ||
	c ]]; y; [[ -v v ]]; y; [[ -v nope ]]; y; [[ -v e ]]; y; list=(1); [[ -v list[0] ]]; y; [[ -v list[3] ]]; y; [[ -o errexit ]]; y; set -e; [[ -o errexit ]]; y; set +e; [[ -t 9 ]]; y; [[ "-f" == -f ]]; y; [[ ! ! a ]]; y; [[ "(" == "(" ]]; y; [[ a == [[:alpha:]] ]]; y; [[ "]]" == "]]" ]]; y; echo
if [[ $v == a* ]]; then echo if; fi; [[ a == b ]] || echo or; while [[ ${#v} -gt 2 ]]; do v=${v%?}; done; echo "[$v]"; ! [[ a ]]; y; [[ $(echo sub) == sub ]]; y; [[ $((1+1)) == 2 ]]; y; [[ ${v:0:1} == a ]]; y; [[ a.b == a.b ]]; y; [[ "a	b" == *$'\t'* ]]; y; [[ $'a\nb' == *$'\n'* ]]; y; echo; x=5; [[ $x -gt 3 && $x -lt 10 ]] && echo between; [[ $x == [0-9] ]] && echo digit
