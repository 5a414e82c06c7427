# Variables for one command, with nothing else, without some.
exec 2>&1
env -i; env -i A=1; env -i A=1 B='x y' env; A=1 env -u A sh -c 'echo ${A-unset}'; A=1 env A=2 sh -c 'echo $A'
env -i A=1 A=2 A=3; env A=b=c sh -c 'echo $A'; env 'A B=1' sh -c 'echo ok'; env -u NOTHING true; echo $?
env -i sh -c 'echo $0 $#' a b; env -C / pwd; env -i -C /usr A=1 sh -c 'echo $A; pwd'; env -0 -i A=1 B=2 | tr '\0' '!'
echo; env - X=1; env -iu A B=1; env -S 'A=1 sh -c "echo $A-x"' ; env --ignore-environment --unset=Q R=1
env nothing-here; echo $?; env ./; echo $?; : > plain; env ./plain; echo $?; env false; echo $?; env sh -c 'exit 9'
echo $?; env -q; echo $?; env -u; echo $?; env -C /gone true; echo $?; env -S; echo $?; env -S 'a "b'; echo $?
env A=1 B=2 nothing-here; echo $?
