exec 2>&1
sleep 100 & A=$!; sleep 100 & sleep 0.1
pstree | sed 's/[0-9][0-9]*/N/g'; pstree -A | sed 's/[0-9][0-9]*/N/g'; pstree -U $A; pstree -p $A | sed "s/$A/N/"; pstree -c $$ > tree; tail -n 2 tree; pstree -a $A; pstree -n $A; pstree -l $A; pstree -g $A | sed 's/[0-9][0-9]*/N/'; pstree -u 1 | head -n 1 | cut -c 1-14; pstree -s $A; pstree player | head -n 1 | cut -c 1-2; pstree 99999; echo $?; pstree nobody-here; echo $?; pstree -z; echo $?
renice 5 $A | sed "s/$A/N/"; ps -o ni= -p $A; renice -n 7 -p $A | sed "s/$A/N/"; renice --priority 8 --pid $A | sed "s/$A/N/"; renice 3 $A | sed "s/$A/N/"; renice --relative 1 $A | sed "s/$A/N/"; renice 20 99999; echo $?; renice x $A; echo $?; renice; echo $?; renice 5; echo $?; renice 19 -u player | sed 's/[0-9]* (/N (/'; renice 19 -u nobody-here; echo $?; renice 19 --user root; echo $?; renice 19 -g 99999; echo $?; renice 19 --pgrp x; echo $?
kill %1 %2 2> /dev/null; wait
