# Descriptors opened, copied, moved and closed by exec.
exec 2>&1
exec 3> log; echo one >&3; { echo two; echo three; } >&3; exec 3>&-; cat log; echo no >&3; echo $?
exec 4< log; read a <&4; read b <&4; echo "$a-$b"; read c <&4; read d <&4; echo "$? [$d]"; exec 4<&-; read x <&4; echo $?
exec 5>&1 1> saved; echo hidden; exec 1>&5 5>&-; cat saved; exec 6<> log; read a <&6; echo REPLACED >&6; exec 6>&-; cat log
exec 7< log 8<&7; read a <&7; read b <&8; echo "$a $b"; exec 7<&- ; read c <&8; echo "$c"; exec 8<&-
exec 9>&1; echo nine >&9; (exec 9>&-; echo gone >&9; echo $?); echo still >&9; exec 9>&-; f() { echo to $1 >&$1; }; exec 3>&1; f 3; n=3; echo var >&$n; exec 3>&-
exec 3>&1 4>&3-; echo moved >&4; echo closed >&3; exec 4>&-; while read -r l <&3; do echo "<$l>"; done 3< log; for i in 1 2; do echo $i; done 3>&1 >&3; { echo group >&3; } 3>&1
echo 12>&1; echo x 10>ten >&10; cat ten; exec 11>ten; echo eleven >&11; exec 11>&-; cat ten; (exec > sub; echo inside; cat nosuch 2>/dev/null); cat sub
