# && and || are equally strong; ; and & are weaker.
t() { echo -n "t$1 "; return 0; }; f() { echo -n "f$1 "; return 1; }
t 1 && t 2 || t 3; echo; f 1 && t 2 || t 3; echo; f 1 || f 2 && t 3; echo; t 1 || t 2 && t 3; echo; f 1 || f 2 || t 3 && f 4 || t 5; echo $?; t 1 && f 2; echo $?; f 1 && t 2; echo $?
! t 1 && t 2; echo $?; ! f 1 && t 2; echo; t 1 | cat && f 2 || t 3; echo; f | t && echo last; t 1; f 2; echo $?; t 1 && { f 2; t 3; } || t 4; echo; (f 1 || t 2) && t 3; echo; { f 1 && t 2; }; echo $?
true &&
  echo joined ||

  echo not
false || # comment
  echo after comment
if t 1 && f 2; then echo yes; else echo no; fi; while f 1 || t 2; do echo once; break; done; x=1 && y=2; echo $x$y; [ a = b ] && echo eq; echo $?; [ a = a ] && echo eq; false && false || false; echo $?; true; true && :; echo $?; ! ! true; echo $?; ! { false; } && echo negated; ! (exit 3); echo $?
