# Ways to define functions, to redefine and to forget them.
exec 2>&1
a() { echo a; }; a; function b { echo b; }; b; function c() { echo c; }; c; d()
{
	echo d
}
d; e() ( echo e; exit 3; ); e; echo $?; f() for i in 1 2; do echo f$i; done; f; g() if true; then echo g; fi; g; h() while :; do echo h; break; done; h; i() case $1 in x) echo ix;; esac; i x; j() { echo j; } > out; j; cat out; k() [[ $1 == k ]]; k k; echo $?; l() ((5 > $1)); l 3; echo $?; m () { echo spaced; } ; m
n() { echo first; }; n; n() { echo second; }; n; n() { n() { echo third; }; echo defining; }; n; n; unset -f n; n; echo $?; unset n; o=var; o() { echo fn $o; }; o; unset o; o; o=1; unset -v o; unset -f o; o 2>/dev/null; echo $?
echo() { builtin echo "wrapped:" "$@"; }; echo hi; unset -f echo; echo plain; test() { echo mine; }; test; command test a = b; echo $?; unset -f test; p-q() { echo dashed; }; p-q; p.q() { echo dotted; }; p.q; _r1() { echo under; }; _r1
if true; then cond() { echo defined in if; }; fi; cond; (sub() { echo sub; }; sub); sub 2>/dev/null; echo $?; eval 'ev() { echo "ev $1"; }'; ev x; type ev | head -n 1; declare -F ev; declare -f ev | head -n 1; name=dyn; eval "$name() { echo called $name; }"; dyn; q() { echo q; } && q; declare -F | sed 's/.* //' | grep -x 'a\|b\|q' | tr '\n' ' '
