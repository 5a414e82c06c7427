# <<<
v='a  b'; cat <<< $v; cat <<< "$v"; cat <<< 'single $v'; cat <<< a\ b; cat <<< $(echo 'x  y'); cat <<< "$(printf 'l1\nl2')"; cat <<< *; cat <<< ~+ | grep -c /
cat <<< ""; cat <<< "" | wc -c; cat <<< abc | wc -c; cat <<< $'tab\tbed'; cat <<< {a,b}; cat <<< $((6*7)); cat <<< "multi
line"
read a b <<< "one two three"; echo "$a|$b"; IFS=: read -r u _ id _ <<< "root:x:0:0"; echo "$u $id"; while read -r w; do echo "<$w>"; done <<< "$(seq 3)"
tr a-z A-Z <<< shout; { read x; cat; } <<< $'head\nrest 1\nrest 2'; echo "$x"; f() { cat; }; f <<< given; cat <<< first <<< second; grep -c . <<< "$(printf '%s\n' p q r)"
set -- x y; cat <<< $@; cat <<< "$*"; IFS=-; cat <<< $*; cat <<< "$@"; bc=$(cat <<< inner); echo $bc; cat 0<<< zero; cat 5<<< five <&5
