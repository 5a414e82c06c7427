if false; then echo a; elif true; then echo b; else echo c; fi; if ! true; then :; else echo d; fi; if true; then echo e; fi; if false; then :; fi; echo $?
if
true
then
echo multi
fi
i=0; while :; do i=$((i+1)); [ $i -eq 3 ] && continue; [ $i -gt 5 ] && break; echo $i; done; until [ $i -eq 0 ]; do i=$((i-1)); done; echo $i
for a in 1 2; do for b in x y; do [ $b = y ] && continue 2; echo $a$b; done; done; for i in; do echo no; done; echo $?; for x in 1 \
 2; do
  echo $x
done
while :; do while :; do break 2; done; echo no; done; echo out; while false; do :; done; echo $?; for i in 1; do continue 5; done; echo ok; for i in a b; { echo $i; }
case abc in a*) echo 1;;& *c) echo 2;& x) echo 3;; *) echo 4;; esac; case "*" in \*) echo star;; esac; case x in [[:alpha:]]) echo al;; esac; case x in y) ;; esac; echo $?
case $((1+1)) in 1|2) echo two;; esac; case a in (a|b) echo p;; esac; case x in [!x]) echo no;; ?) echo one;; esac; case "" in "") echo empty;; esac; case 'a b' in a\ b) echo sp;; esac; case ab in a"*") echo no;; a*) echo star;; esac
x='a*'; case abc in $x) echo pattern;; esac; case abc in "$x") echo no;; *) echo literal;; esac; case -x in -*) echo dash;; esac; case ']' in []]) echo bracket;; esac; case b in [a-c]) echo range;; esac
{ echo a; }; { echo b;}; (echo c); ( (echo d) ); ((1)); echo e; { echo f
echo g; }
(exit 3); echo $?; { false; }; echo $?; (x=5; echo $x); echo ${x}; ! true; echo $?; ! false; echo $?; true && false || echo or; false || false && echo no; echo $?; false; if true; then echo $?; fi
select x in a b; do echo "$x $REPLY"; break; done 2> /dev/null <<< 2
for i in 1 2 3; do if [ $i = 2 ]; then break; fi; echo $i; done; echo $?; shopt -s extglob
case foo.txt in !(*.c)) echo notc;; esac; case aab in +(a)b) echo plus;; esac; case ab in @(ab|cd)) echo at;; esac; case x in ?(y)x) echo opt;; esac
