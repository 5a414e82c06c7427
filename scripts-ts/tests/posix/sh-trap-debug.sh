# trap … DEBUG and RETURN.
exec 2>&1
(trap 'echo "> $BASH_COMMAND"' DEBUG; echo one; x=1; echo $x two; true && false || echo three; trap - DEBUG; echo quiet)
(n=0; trap 'n=$((n+1))' DEBUG; :; :; :; trap - DEBUG; echo $n); (f() { echo in f; }; trap 'echo d' DEBUG; f); (trap 'echo d' DEBUG; for i in 1 2; do echo $i; done); (trap 'echo d' DEBUG; if true; then :; fi); (trap 'echo d' DEBUG; echo a | cat); (trap 'echo d' DEBUG; case x in x) echo c;; esac); (trap 'echo d' DEBUG; [[ a ]]; ((1)))
(set -T; f() { echo body; }; trap 'echo returned' RETURN; f; echo after); (trap 'echo r' RETURN; f() { :; }; f; echo not inherited); (f() { trap 'echo leaving f' RETURN; echo in f; }; f; f2() { echo f2; }; f2); (trap 'echo sourced' RETURN; echo 'echo in file' > s; . ./s)
