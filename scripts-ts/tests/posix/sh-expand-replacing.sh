# ${v/pattern/text}: first, all, at the beginning, at the end.
v=banana
echo ${v/a/A} ${v//a/A} ${v/#b/B} ${v/%a/A} ${v/an} ${v//an} ${v//[an]/-} ${v/x/y} ${v//?/.} ${v/*/all}
echo ${v/a*n/_} ${v//a*n/_} ${v/#a/no} ${v/%n/no} ${v//na/$v} ${v/${v:0:2}/BA}
path=/a/b/c; echo ${path//\//:} "${path//\//\\}" ${path////|} "${path//'/'/ - }"
text="a b  c"; echo "${text// /_}" "${text//  / }" ${text// } "${text/ /$'\n'}"
from=na to=NA; echo ${v//$from/$to} ${v//"$from"/"$to"}
from='*'; stars='2*3*4'; echo "${stars//$from/x}" "${stars//"$from"/x}" "${stars/\*/ times }"
list=(apple banana); echo ${list[@]/a/A} "${list[@]//a/4}" "${list[*]/#/pre-}" "${list[@]/%/.txt}"
set -- x.c y.c; echo "${@/.c/.o}" "${*/%.c/.h}"
slash='a\b'; echo "${slash/\\/\/}" "${slash//\\/\\\\}"
e=; echo "[${e/x/y}]" "[${e/#/start}]" "[${e//*/all}]"
digits=a1b22c; echo ${digits//[0-9]} ${digits//[!0-9]} ${digits//[[:alpha:]]/<>}
