# eval
exec 2>&1
eval; echo $?; eval ''; echo $?; eval 'echo one; echo two'; eval echo 'a   b' c; eval "echo 'a   b'"; x='$y' y=deep; eval echo $x; eval "v_$y=made"; echo $v_deep; n=v_deep; eval "echo \$$n \${$n} \"\$$n\""; eval 'f() { echo "f $1"; }'; f x; eval 'for i in 1 2; do'  'echo $i; done'; eval 'if true; then echo yes; fi'; eval 'echo a | cat'; eval 'echo out > f'; cat f; eval "echo \"quoted \\\"deep\\\"\""
eval 'exit_in_sub() { (exit 3); }'; exit_in_sub; echo $?; eval '(exit 4)'; echo $?; eval 'false'; echo $?; (eval 'exit 5'; echo no); echo $?; for i in 1 2; do eval 'continue'; echo no; done; g() { eval 'return 6'; echo no; }; g; echo $?; h() { eval 'local l=in'; echo $l; }; h; echo ${l-none}; set -- p q; eval 'echo $# $1; shift; echo $1'; echo $1; eval set -- 'a\ b' "'c d'"; echo "$# $1 $2"; cmd='echo "two  words" | tr a-z A-Z'; eval "$cmd"; $cmd
eval 'echo )'; echo $?; eval 'echo "open'; echo $?; eval 'if'; echo $?; eval 'nosuchcmd'; echo $?; eval -- echo dashed; eval 'cat <<E
in $y
E'; eval 'x=1
echo $x
# comment
echo $((x+1))'; eval "eval 'eval \"echo nested\"'"; z=1 eval 'echo $z'; echo ${z-unset}; eval 'a=1' 'b=2'; echo $a $b; eval "list=(1 '2 3')"; echo ${#list[@]}; eval echo {1..3} '*.none' '~' | sed "s|$HOME|H|"; out=$(eval 'echo captured; echo err >&2' 2>/dev/null); echo $out; eval '{ echo grouped; }' > f; cat f; opt='-n'; eval "echo $opt no newline"; echo; s='a;b'; eval "echo $s" 2>/dev/null; q=$(printf %q "it's a; test"); eval "echo $q"
