# Small programs that start others: their statuses and complaints.
exec 2>&1
s() { "$@"; echo "= $?"; }
s sleep 0; s sleep 0.001 0.001s; s sleep 0m; s sleep; s sleep x; s sleep 1 x; s sleep -1; s sleep 1y; s sleep -q
s nice true; s nice false; s nice sh -c 'exit 5'; nice nice; nice -n 3 nice; nice -n 3 nice -n 4 nice; nice -7 nice
nice --adjustment=2 nice; nice -n 99 nice; s nice -n x true; s nice -n; s nice nothing-here; s nice -n 1
s nohup true; s nohup sh -c 'exit 6'; s nohup nothing-here; s nohup; nohup sh -c 'echo out; echo err >&2' > o; cat o
s nohup -q
s setsid -w true; s setsid -w sh -c 'exit 4'; s env time -f 'status %x' false; s env time -f '%C' true a b
s env time nothing-here 2> /dev/null; s true x --y; s false --z; true > o; cat o
