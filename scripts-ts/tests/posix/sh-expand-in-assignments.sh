# Assignments do not split words or match file names.
: > file1; : > file2
v=file*; echo "$v" $v; w=$v; echo "$w"; x="a   b"; y=$x; echo "$y"; set -- p "q r"; z=$@; echo "$z"; z=$*; echo "$z"
n=$(echo "two  spaces"); echo "$n"; a=1 b=$a c=${a}2; echo $a $b $c; e= f=; echo "[$e$f]"; g=x=y; echo $g
h={1,2}; echo "$h" $h; i=$((1+1))$(echo x)${a}; echo $i; j='a'"b"\ c; echo "$j"; k=a\*; echo "$k"
IFS=:; m=$v:b; echo "$m"; set -- 1 2; l=$*; echo "$l"; l="$@"; echo "$l"; unset IFS
declare d=$x; echo "$d"; export t=$x; echo "$t"; readonly r=file*; echo "$r"; f() { local l=$x; echo "$l"; }; f
eval s=\$x; echo "$s"; list=($v); echo ${#list[@]}; list=("$v"); echo ${#list[@]}; list[0]=$v; echo "${list[0]}"
case $v in "file*") echo literal;; esac; for q in $v; do echo $q; done
