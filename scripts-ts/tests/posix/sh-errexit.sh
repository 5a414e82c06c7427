exec 2>&1
(set -e; f() { false; echo not; }; if f; then echo y; fi; f || echo z; (exit 3) || echo w; ! true; echo here; f; echo no); echo $?
(set -e; (false; echo no); echo unreached); echo $?; (set -e; x=$(false); echo unreached); echo $?; (set -e; echo $(false) ok)
(set -e; if false; then :; fi; while false; do :; done; false || true; false && true; echo ok; { false && true; }; echo ok2; f() { false && true; }; f; echo unreached); echo $?
(set -e; false | true; echo ok; set -o pipefail; false | true; echo unreached); echo $?; (set -e; ! false; ! true; echo negated); (set -e; until false; do break; done; echo until)
(set -e; trap 'echo exit $?' EXIT; f() { return 3; }; f; echo unreached); echo $?; (set -e; for i in 1 2; do echo $i; false; done; echo no); echo $?; (set -e; case x in x) false;; esac; echo no); echo $?
(set -e; [ a = b ] || echo cond; [[ a = b ]] || echo cond2; ((0)) || echo cond3; ((0)); echo no); echo $?; (set -e; nosuch || true; cd /nonexistent || echo cd; cd /nonexistent; echo no); echo $?
(trap 'echo err $?' ERR; false; true; (exit 3); false || true; if false; then :; fi; f() { false; }; f; echo done); (set -e; set +e; false; echo plus)
(set -eu; echo ${nope-fine}; echo $nope; echo no); echo $?; (set -o errexit -o nounset; echo $-; false; echo no); echo $?; (set -e; eval false; echo no); echo $?; (set -e; . /dev/stdin <<< 'false; echo no'; echo no2); echo $?
(set -e; true && { false; echo no; }; echo no2); echo $?; (set -e; f() { echo a; false; echo b; }; f && echo c; echo d); (set -e; x=1 false; echo no); echo $?; (set -e; local_test() { local v=$(false); echo local; }; local_test)
