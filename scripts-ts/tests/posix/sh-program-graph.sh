# Order by dependencies, and the shortest way through a graph.
declare -A needs=([app]='lib ui' [ui]='lib gfx' [gfx]='base' [lib]='base' [base]='')
declare -A state
order=()
visit() {
	local target=$1 need
	case ${state[$target]} in done) return 0 ;; busy) echo "cycle at $target"; return 1 ;; esac
	state[$target]=busy
	for need in ${needs[$target]}; do visit "$need" || return; done
	state[$target]=done
	order+=("$target")
}
visit app; echo "build: ${order[*]}"
needs[base]=app; state=(); order=(); visit app || echo "no order"
declare -A edges=([a]='b c' [b]='d' [c]='d e' [d]='f' [e]='f' [f]='')
search() {
	local queue=("$1") seen=" $1 " node next path
	while ((${#queue[@]})); do
		path=${queue[0]} queue=("${queue[@]:1}")
		node=${path##* }
		[ "$node" = "$2" ] && { echo "$path"; return; }
		for next in ${edges[$node]}; do
			[[ $seen == *" $next "* ]] && continue
			seen+="$next "
			queue+=("$path $next")
		done
	done
	echo "no way from $1 to $2"
}
search a f; search e f; search f a; search c c
