# &> &>> >& |& and mixtures.
both() { echo "out $1"; echo "err $1" >&2; }
both 1 &> f; sort f; both 2 &>> f; sort f; both 3 >& f; sort f; both 4 |& sort; both 5 > f 2>&1; sort f; both 6 >> f 2>> f; sort f
(both 7) &> f; sort f; { both 8; both 9; } &>> f; wc -l < f; for i in a b; do both $i; done &> f; sort f; both x 2>&1 | sort | head -n 1; both y 2>&1 >/dev/null; both z &>/dev/null; echo $?
nosuchcommand &> f; echo $? $(wc -l < f); cat nosuch 2>&1 | sed 's/.*: //'; nosuch2 |& grep -c 'not found'; both q 2>&- ; both r >&- 2>/dev/null; echo $?; { both s; } 2>/dev/null | cat; { echo to stderr 1>&2; } 2>/dev/null
