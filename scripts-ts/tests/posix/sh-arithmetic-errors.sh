# What arithmetic cannot do.
exec 2>&1
for e in 1/0 1%0 '1+' '*2' '1 2' 08 '2#3' '1x' 'a b' '5=3' '1=a' '1++' '++1+' '1?2' '1:2' '!' '2**-1' '65#1' '1#0' '3.5' '"a"' '$' '#' 'a[' '1,' ',1' '@'; do (eval "echo \$(($e))"; echo not reached) 2>&1 | sed 's/^sh: line [0-9]*: //; s/^sh: //'; done
((1/0)); echo $?; ((1 +)); echo $?; let '1/0'; echo $?; let 'a b'; echo $?; (declare -i n=1/0; echo no); echo $?; (x=$((1/0)); echo no); echo $?; (a[1/0]=x; echo no); echo $?; (echo ${a[1/0]}; echo no); echo $?; (i='i+1'; echo $((i)); echo no) 2>&1 | cut -c 1-60; for ((i=0; i<1/0; i++)); do echo no; done; echo $?; if ((1/0)); then echo no; else echo else; fi; [[ 1/0 -eq 1 ]]; echo $?
