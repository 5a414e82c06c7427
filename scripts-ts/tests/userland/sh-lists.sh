cd /tmp
true && echo and; false && echo no; false || echo or; true || echo no
true && false || echo mixed; false || true && echo then
! true; echo $?; ! false; echo $?; ! ! true; echo $?
true; false; true; echo $?
echo a; echo b ; echo c
true &&
  echo continued ||
  echo no
{ echo one; echo two; } && (echo three; exit 3) || echo "status $?"
(A=inner; cd /etc; echo $A; pwd); echo "[$A]"; pwd
{ A=braces; }; echo $A
(exit 5); echo $?
((exit 1) || (exit 2)); echo $?
( ( echo nested ) )
