# Programs that the shell has builtins for, and their mistakes.
ln -s /etc here; cd here
env PWD="$PWD" /bin/pwd -L; env PWD="$PWD" /bin/pwd --logical; /bin/pwd -P; /bin/pwd --physical; /bin/pwd; /bin/pwd -x 2>&1; echo $?
/bin/echo one two; /bin/echo -n no newline; /bin/echo; /bin/echo -e 'a\tb\x41\c not this'; /bin/echo; /bin/echo -E 'a\tb'
/bin/true some words; echo $?; /bin/false some words; echo $?
/bin/echo hi > /dev/full 2>&1; echo $?
/bin/test -d /etc; echo $?; /bin/[ a = b ]; echo $?; /bin/[ a = a 2>&1; echo $?
/bin/kill -l TERM; /bin/printf '%s-%d\n' a 5
/sbin/init --help | head -n 1; /sbin/init 2>&1; echo $?
