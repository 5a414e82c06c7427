# Prefixes and suffixes, shortest and longest, by patterns of every kind.
f=/usr/local/lib/archive.tar.gz
echo ${f#*/} ${f##*/} ${f%/*} ${f%%/*}. ${f%.*} ${f%%.*} ${f##*.} ${f#*.}
echo ${f#/usr} ${f#usr} ${f%gz} ${f%.[a-z]*} ${f%%[0-9]*} ${f#?} ${f%?} ${f##*} .${f%%*}.
p='*/'; echo ${f#$p} ${f#"$p"} ${f##$p}; star='a*b*c'; echo ${star#*\*} ${star##*'*'} "${star%"*"*}" "${star%\**}"
s='  padded  '; echo "[${s#"${s%%[! ]*}"}]" "[${s%"${s##*[! ]}"}]"
v=aaa; echo ${v#a} ${v##a} ${v#a*} ${v##a*}. ${v%a} ${v#aa?} ${v%%aa}
v=x.y.z; IFS=.; echo ${v#*.} "${v#*.}"; unset IFS
n=00042; echo ${n##+(0)} ${n#"${n%%[!0]*}"}; shopt -s extglob; echo ${n##+(0)} ${f%.@(gz|bz2)}
v=$'line1\nline2\nline3'; echo "${v%%$'\n'*}" "${v##*$'\n'}" "${v#*$'\n'}"
set -- a.c b.c c.h; echo ${@%.c} "${*#?.}" ${1%%[!a-z]*}
q='"quoted"'; q=${q#\"}; q=${q%\"}; echo "$q"; q=\'x\'; echo "${q//\'}" "${q#\'}"
