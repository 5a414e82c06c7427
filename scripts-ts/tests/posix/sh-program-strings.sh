# Reversing, palindromes, anagrams, counting letters, by the shell alone.
reverse() { local s=$1 r= i; for ((i = ${#s} - 1; i >= 0; i--)); do r+=${s:i:1}; done; echo "$r"; }
palindrome() { local s=${1,,}; s=${s//[^a-z]/}; [ "$s" = "$(reverse "$s")" ]; }
sorted() { local s=$1 i; for ((i = 0; i < ${#s}; i++)); do echo "${s:i:1}"; done | sort | tr -d '\n'; }
anagrams() { [ "$(sorted "${1,,}")" = "$(sorted "${2,,}")" ]; }
repeat() { local s; printf -v s "%$2s" ''; echo "${s// /$1}"; }
letters() { local -A n; local i c; for ((i = 0; i < ${#1}; i++)); do c=${1:i:1}; n[$c]=$((n[$c] + 1)); done; for c in a e i o u; do echo -n "$c=${n[$c]:-0} "; done; echo; }
reverse 'hello world'; reverse ''; [ "$(reverse "$(reverse abc)")" = abc ] && echo twice is itself
for s in Racecar 'A man, a plan, a canal: Panama' hello; do palindrome "$s" && echo "$s: yes" || echo "$s: no"; done
anagrams listen Silent && echo anagrams; anagrams abc abd || echo not
repeat = 10; repeat ab 3; letters 'education is a journey'
trim() { local s=${1#"${1%%[![:space:]]*}"}; echo "${s%"${s##*[![:space:]]}"}"; }; echo "[$(trim '  both ends	')]" "[$(trim '')]"
title() { local w out=(); for w in $1; do out+=("${w^}"); done; echo "${out[*]}"; }; title 'the old man and the sea'
words='one two three'; set -- $words; while [ $# -gt 0 ]; do echo -n "${1:0:1}"; shift; done; echo; s=abcabcabc; t=${s//b}; echo $((${#s} - ${#t})) times b; index=${s%%c*}; echo ${#index}
