# ?(…) *(…) +(…) @(…) !(…) after shopt -s extglob.
shopt -s extglob
touch a ab abb b foo.c foo.h foo.o bar.c x1 x22 xy
echo @(a|b) ?(a)b a*(b) a+(b) !(*.*) *.@(c|h) !(*.c|x*) x+([0-9]) @(foo|bar).[ch] x!(1|y) +(a|b) *.!(c)
v='@(foo|bar).c'; echo $v "$v"; for w in aab abab b ''; do case $w in +(ab)) echo "$w +(ab)";; *(a)b) echo "$w *(a)b";; "") echo empty;; esac; done
name=aaabbb; echo ${name##+(a)} ${name#+(a)} ${name%%+(b)} ${name//+(a)/x} ${name/@(aa|ab)/_} ${name//?(b)/-}
trim='   both ends  '; t=${trim##+([[:space:]])}; t=${t%%+([[:space:]])}; echo "[$t]"
[[ file.tar.gz == *.@(tar|tgz)?(.gz) ]] && echo archive; [[ abc == !(abd) ]] && echo differs; [[ 12.5 == +([0-9])?(.*([0-9])) ]] && echo number
case -v in -@(v|-verbose)) echo verbose;; esac; case x in @(x|@(y|z))) echo nested;; esac; [[ a == @(a|b)@(|c) ]] && echo alternatives
is_int() { [[ $1 == ?([-+])+([0-9]) ]]; }; for n in 5 -12 +3 1.5 x ''; do is_int "$n" && echo "$n yes" || echo "$n no"; done
