# PIPESTATUS and pipefail.
true | false | true; echo "${PIPESTATUS[@]}"; (exit 1) | (exit 2) | (exit 3); echo $? ; (exit 1) | (exit 2); echo "${PIPESTATUS[0]} ${PIPESTATUS[1]} ${#PIPESTATUS[@]}"; echo "${PIPESTATUS[@]}"
false; echo "${PIPESTATUS[@]}"; ! false; echo "${PIPESTATUS[@]} $?"; if false | true; then echo "${PIPESTATUS[@]}"; fi; { false | true; }; echo "${PIPESTATUS[@]}"; (true | false); echo "${PIPESTATUS[@]}"; x=$(exit 7); echo "${PIPESTATUS[@]}"
statuses=(); true | (exit 9) | true; statuses=("${PIPESTATUS[@]}"); echo ${statuses[1]} ${#statuses[@]}; f() { return 4; }; f | f | true; echo ${PIPESTATUS[*]}; true && false | true; echo ${PIPESTATUS[@]}
set -o pipefail; true | true; echo $?; false | true; echo $?; (exit 2) | (exit 3) | true; echo $?; (exit 3) | (exit 2) | true; echo $?; true | (exit 5); echo $?; ! false | true; echo $?; if (exit 1) | true; then echo no; else echo failed; fi; (exit 4) | true || echo or; seq 3 | grep -q 1 && echo found
(set -e; false | true; echo no); echo $?; set +o pipefail; (set -e; false | true; echo yes); x=$(set -o pipefail; (exit 6) | cat); echo $?; [[ -o pipefail ]] || echo off
