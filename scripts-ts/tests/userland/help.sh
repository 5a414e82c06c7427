cat --help; echo $?
ls --help | head -n 2; mkdir --help | head -n 2; rm --help | head -n 2; cp --help | head -n 3; mv --help | head -n 3
/bin/pwd --help | head -n 2; ps --help | head -n 2; /bin/kill --help | head -n 3; sleep --help | head -n 2; /bin/true --help | head -n 2; /bin/false --help | head -n 1
wc --help | head -n 2; head --help | head -n 2; tail --help | head -n 2; env --help | head -n 2; /bin/echo --help | head -n 2; ts --help | head -n 3; strace --help | head -n 2; sh --help | head -n 3
