exec 2>&1
x=abcdef; echo ${x:2} ${x:1:2} ${x: -2} ${x:0:-1} ${#x} ${x#a} ${x##*c} ${x%f} ${x%%c*}
echo ${x/b/X} ${x//[a-c]/Y} ${x/#a/Z} ${x/%f/W} ${x^} ${x^^} ${x,,} ${x^^[ace]} ${x/b} ${x//[!a]}
x=aXbXc; echo ${x//X/-} ${x/X} ${x//X} ${x/#aX/} "${x/b/'q r'}" ${x/[b-c]/&}; y='a*b'; echo "${y/\*/+}" "${y//'*'/.}"
x=/a/b.c.d; echo ${x##*.} ${x%.*} ${x%%.*} ${x#*/} ${x##*/} ${x%/*}
s=hello; echo ${s:1:3} ${s: -3:2} ${s:$((1+1))} ${s:10}- ${s::2}; n=2; echo ${s:n} ${s:n:1} ${s:(-2)}
unset x; echo ${x-unset} ${x:-empty} [${x+set}] ${x:=7} $x ${x+set} ${x:+more}; x=; echo [${x-unset}] ${x:-empty} [${x:+set}]
x=abc; echo "${x:-"a b"}" ${y2:-"a b"} ${y2:-a b} "${y2:-a   b}" '${x}' "${y2:-'q'}" ${y2:+no} "${x:+"$x"}" "${z2:=${z3:-deep}}" $z2
y=x; echo ${!y}; ab1=1 ab2=2; echo ${!ab*} "${!ab@}"; echo ${x@Q} ${x@U} ${x@u}; q="it's"; echo ${q@Q}
set -- {1..12}; echo $10 ${10} ${#@} "${@:2:3}" ${@: -2} ${*:11} $# ${#} ${##}
set -- 'a b' c; echo "${@/b/X}" "${@#a}" "${@^}" "${#1}" ${1+"$1"} ${3-"d e"} ${1:+${1}x}
(x=; echo ${x:?gone}; echo no); echo $?
(echo ${nope?}; echo no); echo $?
(echo ${a!}; echo no); echo $?
(set -u; echo $zz; echo no); echo $?
(set -u; echo ${zz-fine} ${#zz2}; echo no); echo $?
echo ${s:1:-9}; echo no
