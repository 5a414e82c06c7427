# FizzBuzz, three ways that agree.
with_if() {
	for i in $(seq 1 20); do
		if [ $((i % 15)) -eq 0 ]; then echo FizzBuzz
		elif [ $((i % 3)) -eq 0 ]; then echo Fizz
		elif [ $((i % 5)) -eq 0 ]; then echo Buzz
		else echo $i
		fi
	done
}
with_case() {
	for i in {1..20}; do
		case $((i % 3)).$((i % 5)) in
		0.0) echo FizzBuzz ;;
		0.*) echo Fizz ;;
		*.0) echo Buzz ;;
		*) echo $i ;;
		esac
	done
}
with_text() {
	for ((i = 1; i <= 20; i++)); do
		text=
		((i % 3)) || text=Fizz
		((i % 5)) || text+=Buzz
		echo ${text:-$i}
	done
}
with_if | tr '\n' ' '; echo
[ "$(with_if)" = "$(with_case)" ] && [ "$(with_case)" = "$(with_text)" ] && echo agree
