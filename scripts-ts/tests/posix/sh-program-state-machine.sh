# Tokens, balanced brackets and a small evaluator.
balanced() {
	local s=$1 stack= c i
	for ((i = 0; i < ${#s}; i++)); do
		c=${s:i:1}
		case $c in
		[\(\[{]) stack+=$c ;;
		\)) [[ $stack == *\( ]] || return 1; stack=${stack%?} ;;
		\]) [[ $stack == *\[ ]] || return 1; stack=${stack%?} ;;
		\}) [[ $stack == *\{ ]] || return 1; stack=${stack%?} ;;
		esac
	done
	[ -z "$stack" ]
}
for s in '' '()' '([{}])' '(]' '((' 'f(a[1], {b})' ')('; do balanced "$s" && echo "ok   $s" || echo "bad  $s"; done
tokens() {
	local s=$1
	while [ -n "$s" ]; do
		if [[ $s =~ ^[[:space:]]+ ]]; then :
		elif [[ $s =~ ^[0-9]+ ]]; then echo "number ${BASH_REMATCH[0]}"
		elif [[ $s =~ ^[A-Za-z_][A-Za-z_0-9]* ]]; then echo "name ${BASH_REMATCH[0]}"
		elif [[ $s =~ ^[-+*/=()] ]]; then echo "sign ${BASH_REMATCH[0]}"
		else echo "what ${s:0:1}"; s=${s:1}; continue
		fi
		s=${s:${#BASH_REMATCH[0]}}
	done
}
tokens 'total = (a1 + 42)*7 ?'
light=red; for event in go go stop go panic go; do case $light/$event in red/go) light=green ;; green/go) light=yellow ;; yellow/go) light=red ;; */stop) light=red ;; *) echo "no $event in $light"; continue ;; esac; echo -n "$light "; done; echo
