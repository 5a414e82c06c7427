# Redirections are made from left to right.
exec 2>&1
both() { echo out; echo err >&2; }
both > f 2>&1; echo "[$(sort f)]"; both 2>&1 > f; echo "[$(cat f)]"; both > f 2> g; cat g f; both 2> f 1>&2; echo "[$(sort f)]"
both 3>&1 1>&2 2>&3 | sed 's/^/piped: /'; both 2>&1 >/dev/null | sed 's/^/only: /'; { both 3>&1 1>&2 2>&3; } 2>/dev/null
both >f >g; cat f; cat g; both 2>/dev/null >f 2>&1; sort f; > f; wc -c < f; echo x > f > g; cat f g
echo 1 > f; echo 2 >> f; echo 3 1>> f; cat < f; cat 0< f | head -n 1; { read a; read b; } < f; echo $a$b; echo z 1<> f; cat f; cat < f > g; cat g
> late echo words > f; cat f late; < f cat; < f > h cat; cat h; echo a >f b; cat f; echo 2>f; cat f; echo 2 >f; cat f; echo a2>f; cat f; echo "3">f; cat f
