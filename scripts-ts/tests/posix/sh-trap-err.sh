# trap … ERR: when a failure counts.
exec 2>&1
trap 'echo "err $?"' ERR
false; true; (exit 3); false || true; true && false; if false; then :; fi; while false; do :; done; ! true; ! false; false | true; true | false; nosuch 2>/dev/null; [ a = b ]; [[ a == b ]]; ((0)); let 0; x=$(false); echo "$(false)"; { false; }; { false; true; }; case x in x) false;; esac; for i in 1; do false; done; cat < nosuch
f() { false; echo in; return 4; }; f; f || echo caught; set -E; g() { false; return 0; }; g; (false; echo sub); set +E; eval false; . /dev/stdin <<< false; command false; false & wait $!; set -o pipefail; false | true; set +o pipefail; trap - ERR; false; echo quiet
(trap 'echo trapped; exit 5' ERR; false; echo no); echo $?; (set -e; trap 'echo "$? at line $LINENO"' ERR; false; echo no); echo $?; (trap 'echo e' ERR; set -e; false || true; h() { return 2; }; h; echo no); echo $?; (trap 'false; echo once' ERR; false); (trap 'echo $BASH_COMMAND' ERR; test 1 = 2)
