# Process numbers depend on what else was started before.
nopid() { while IFS= read -r l; do [[ $l =~ ^(sh: line [0-9]+:)\ +[0-9]+\ (.*) ]] && l="${BASH_REMATCH[1]} PID ${BASH_REMATCH[2]}"; echo "$l"; done; }
{
sh -c 'kill -9 $$'; echo $?
sh -c 'kill -TERM $$'; echo $?
sh -c 'kill -INT $$'; echo $?
sleep 100 & kill -KILL $!; wait $!; echo $?
ts -e 'import { on, kill, pid } from "helios:process"; const off = on("SIGUSR1", (s) => { console.log("got", s); off(); }); await kill(pid, "SIGUSR1"); await new Promise((r) => setTimeout(r, 10)); console.log("end")'; echo $?
cat /dev/zero | true; echo $?
{ sh -c 'cat /dev/zero; echo "cat: $?" >&2' | head -c 1 | wc -c; } 2> /tmp/err; cat /tmp/err
} 2>&1 | nopid
