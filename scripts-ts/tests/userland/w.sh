exec 2>&1
w --help; w; w -h; w -s; w --no-header --short player; w -x; echo $?
