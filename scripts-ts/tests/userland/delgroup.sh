exec 2>&1
delgroup --help
doas addgroup staff; doas delgroup staff; cat /etc/group
doas delgroup staff; echo $?; doas delgroup player; echo $?; doas delgroup; echo $?; delgroup player; echo $?
