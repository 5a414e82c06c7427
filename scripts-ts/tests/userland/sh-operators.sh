A=value; E=
echo ${A:-x} ${U:-x} ${E:-x} [${E-x}] ${U-x}
echo ${U:=set} $U; echo ${E:=full} $E
echo [${A:+alt}] [${V:+alt}] [${V+alt}]
echo ${#A} ${#V} ${#U}
P=/usr/lib/file.tar.gz
echo ${P%.*} ${P%%.*} ${P#*/} ${P##*/} ${P%nothing}
echo "${A:-a b}" "${V:-a   b}" ${V:-a   b}
echo ${V:-$A} ${V:-`echo sub`} "${V:-"quoted"}"
sh -c 'echo ${X:?is missing}; echo not here' 2>&1; echo $?
sh -c 'echo ${X?}; echo not here' 2>&1; echo $?
IFS=:; L=a:b::c; set -- $L; echo $# $1 $2 [$3] $4
IFS=' :'; L=' a : b c '; set -- $L; echo $#
