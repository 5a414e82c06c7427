exec 2>&1
groups --help; groups; groups root player; doas groups; groups none; echo $?; groups -x; echo $?
