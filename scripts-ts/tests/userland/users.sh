exec 2>&1
users --help; users; users x; echo $?
