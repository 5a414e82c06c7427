# Comparisons of numbers in [[ ]], [ ] and (( )).
exec 2>&1
y() { echo -n "$? "; }
[[ 1 -eq 1 ]]; y; [[ 1 -ne 1 ]]; y; [[ 2 -gt 10 ]]; y; [[ 2 -lt 10 ]]; y; [[ 5 -ge 5 ]]; y; [[ 5 -le 4 ]]; y; [[ -1 -lt 0 ]]; y; [[ 010 -eq 8 ]]; y; [[ 0x10 -eq 16 ]]; y; [[ 1+1 -eq 2 ]]; y; n=3; [[ n -eq 3 ]]; y; [[ n*2 -eq 6 ]]; y; [[ "" -eq 0 ]]; y; [[ nope -eq 0 ]]; y; [[ " 7 " -eq 7 ]]; y; [[ 2#11 -eq 3 ]]; y; echo
[ 1 -eq 1 ]; y; [ 010 -eq 10 ]; y; [ -5 -lt 3 ]; y; [ +3 -eq 3 ]; y; [ " 4 " -eq 4 ]; y; [ 9223372036854775807 -gt 1 ]; y; [ 2 -ne 3 ]; y; [ 3 -ge 3 ]; y; [ 3 -le 2 ]; y; test 1 -lt 2; y; echo
[ x -eq 1 ]; y; [ 1 -eq "" ]; y; [ 1.5 -gt 1 ]; y; [ 0x10 -eq 16 ]; y; [ 1+1 -eq 2 ]; y; [[ 1.5 -gt 1 ]]; y; [[ 08 -eq 8 ]]; y
