# Aliases: where they are looked up, and where not.
exec 2>&1
shopt -s expand_aliases
alias hi='echo hello' say='echo ' name=world two='echo one; echo' pipe='echo piped |' red='> out' v='x=5' if_='if true; then' endif='fi'
hi there; say name; say 'name'; say \name; say hi name; two two; pipe cat; red echo file; cat out; v; echo $x; if_ echo cond; endif
echo hi; "hi" 2>/dev/null; echo $?; \hi 2>/dev/null; echo $?; h=hi; $h 2>/dev/null; echo $?; command hi 2>/dev/null; echo $?; for i in hi; do echo $i; done; case hi in hi) echo case;; esac
x=1 hi assigned; hi && hi; hi | cat; (hi sub); { hi group; }; $(hi >&2); true; hi; ! hi; if hi; then hi; fi; while hi; do break; done
alias seq='seq -s -'
seq 3; unalias seq; seq 1; alias loop1=loop2 loop2=loop1
loop1; alias q="echo 'single quoted'"
q; alias w='echo "a b"'
w c; alias e=
e echo empty; alias n='echo
echo next'
n last
alias; alias hi say; alias nosuch; unalias hi; hi; unalias hi; unalias; alias 'a b=c'; echo $?; alias now='echo later'; now
f() { now; }; alias now='echo changed'; f; now; unalias -a; alias; shopt -u expand_aliases; alias z='echo z'; z
