set -- "" a ""; echo $#; for i in "$@"; do echo "<$i>"; done; for i in $@; do echo "{$i}"; done
set --; for i in "$@"; do echo no; done; for i in "x$@y"; do echo "$i"; done
set -- a "b c" d; echo $# "$@" "$*"; for i; do echo "<$i>"; done; for i in x"$@"y; do echo "($i)"; done
x="1:2::3"; (IFS=:; echo "$*" $*; for i in $x; do echo "[$i]"; done)
(IFS=; x="a b"; for i in $x; do echo "$i"; done; unset IFS; for i in $x; do echo "$i"; done)
(IFS=" :"; x=" a : b :: c "; for i in $x; do echo "[$i]"; done)
(IFS=:; x=a:b:; for i in $x:; do echo "[$i]"; done; set -- $x; echo $#; y=$x; echo "$y" $y)
f() { echo "$# $*"; }; f ${undefined} "" ''; f "${undefined[@]}"; a=(); f "${a[@]}"; f "${a[*]}"; f "pre$@"; f $undefined; f "$undefined"; f $undefined""
x='a  b'; echo $x; echo "$x"; echo $x"$x"$x; y=$x; echo "$y"; z=$(echo '*'); echo "$z"; case $x in "a  b") echo same;; esac
echo "$(echo "nested $(echo "deep")")" `echo a \`echo b\``; echo $(echo a; echo b); echo "$(printf 'a\n\n\n')"x
x=$(printf 'a\nb'); echo "$x"; echo $x; echo "a
b"; echo 'single
line'
echo 'a\ b c' | { read x y; echo "$x|$y"; }; x='back\slash'; echo $x "$x"
(IFS=,; a=(1 2 3); echo "${a[*]}" "${a[@]}"; set -- x y; echo "$*"; b="$*"; echo $b; unset IFS; echo "${a[*]}")
