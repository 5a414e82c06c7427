exec 2>&1
addgroup --help
doas addgroup staff; doas addgroup -g 2500 crew; doas addgroup --system daemons; doas addgroup --gid 42 -r low; cat /etc/group
doas addgroup staff; echo $?; doas addgroup -g 2500 other; echo $?; doas addgroup -g x other; echo $?; doas addgroup A; echo $?; doas addgroup; echo $?; addgroup x; echo $?
