# Pipelines: stages run at once, in subshells.
exec 2>&1
echo one | cat; echo abc | tr a-c x-z | rev; printf '3\n1\n2\n' | sort | head -n 1; seq 5 | while read n; do echo -n "$n "; done; echo; echo x | { cat; echo y; } | (cat; echo z) | wc -l
v=1; echo 2 | read v; echo $v; echo 3 | { read v; echo $v; }; echo $v; v=4 | true; echo $v; cd / | cd /usr; echo done | (cd /; pwd >/dev/null; cat); x=$(echo in | cat); echo $x
yes | head -n 2; seq 100000 | head -n 1; echo a | for i in 1; do cat; done; echo b | if true; then cat; fi; echo c | case x in x) cat;; esac; f() { cat | sed 's/^/f:/'; }; echo d | f; f <<< e | f
true | false; echo $?; false | true; echo $?; ! false | false; echo $?; ! true | true; echo $?; nosuch | cat; echo $?; (exit 3) | (exit 4); echo $?; exit 5 | cat; echo "alive $?"; echo out | exit 6; echo "alive $?"
echo first |
  cat |

  cat; echo long | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat; { echo err >&2; echo out; } |& sort; echo "a|b" '|' | cat; cat /dev/null | wc -c; : | : | :; echo $?
