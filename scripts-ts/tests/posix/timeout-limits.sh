# Time limits: statuses, signals, what ends in time.
exec 2>&1
s() { "$@"; echo "= $?"; }
s timeout 5 true; s timeout 5 false; s timeout 5 sh -c 'exit 42'; s timeout 0.05 sleep 5
s timeout -s INT 0.05 sleep 5; s timeout --preserve-status 0.05 sleep 5
s timeout -s HUP --preserve-status 0.05 sleep 5
s timeout 0.05 sh -c 'trap "echo caught; exit 3" TERM; sleep 5 & wait'; s timeout -v 0.05 sleep 5
s timeout 5s echo hi; s timeout 1m echo hi; s timeout 0 echo hi; s timeout .5 echo hi
s timeout; s timeout 1; s timeout x true; s timeout -1 true; s timeout 1q true; s timeout -s NOPE 1 true
s timeout -k x 1 true; s timeout 1 nothing-here; : > plain; s timeout 1 ./plain; s timeout -q 1 true
echo in | timeout 1 cat; timeout 1 sh -c 'echo $#' a b c
