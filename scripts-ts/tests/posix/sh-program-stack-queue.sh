# A stack and a queue, with limits.
stack=()
push() { stack+=("$1"); }
pop() {
	((${#stack[@]})) || { echo 'stack empty' >&2; return 1; }
	popped=${stack[-1]}
	unset 'stack[-1]'
}
rpn() {
	stack=()
	local token a b
	for token; do
		case $token in
		[-+x/])
			pop || return; b=$popped
			pop || return; a=$popped
			case $token in +) push $((a + b)) ;; -) push $((a - b)) ;; x) push $((a * b)) ;; /) push $((a / b)) ;; esac
			;;
		*) push $token ;;
		esac
	done
	echo "$* = ${stack[*]}"
}
rpn 3 4 +; rpn 5 1 2 + 4 x + 3 -; rpn 100 7 /; rpn 2 + 2>&1; echo $?
head=0 tail=0
declare -A queue
enqueue() { queue[$((tail++))]=$1; }
dequeue() { ((head < tail)) || return 1; item=${queue[$head]}; unset "queue[$head]"; ((++head)); }
for job in 'build it' test deploy; do enqueue "$job"; done
dequeue; echo "first: $item"; enqueue notify
while dequeue; do echo "next: $item"; done
echo "left: ${#queue[@]}"
