# Process numbers depend on what else was started before.
nopid() { while IFS= read -r l; do [[ $l =~ ^(sh: line [0-9]+:)\ +[0-9]+\ (.*) ]] && l="${BASH_REMATCH[1]} PID ${BASH_REMATCH[2]}"; echo "$l"; done; }
{
# The command, not the shell's own.
kill() { /bin/kill "$@"; }
kill -l | head -n 3; kill -l 9; kill -l KILL; kill -l SIGTERM; kill -l 137; kill -l x; echo $?
sleep 100 & kill $!; wait $!; echo $?
sleep 100 & kill -9 $!; wait $!; echo $?
sleep 100 & kill -s ALRM $!; wait $!; echo $?
sleep 100 & kill -SIGHUP $!; wait $!; echo $?
sleep 100 & kill -n 10 $!; wait $!; echo $?
sleep 0.5 & kill -INT $!; wait $!; echo "ignored: $?"
sleep 0.1 & kill -0 $!; echo $?; wait
kill 99999; echo $?; kill abc; echo $?; kill; echo $?; kill -s; echo $?; kill -FOO 1; echo $?; kill -0 99999; echo $?
sleep 1 & builtin kill -STOP $!; kill -CONT $!; wait $!; echo $?
} 2>&1 | nopid
