exec 2>&1
who --help; who; who -H; who -q; who --boot; who -m; who am i; who --count --heading; who --mine; who x; echo $?
