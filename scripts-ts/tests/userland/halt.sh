halt --help; halt 2>&1; echo $?; halt x 2>&1; echo $?
doas halt; sleep 100; echo too late
