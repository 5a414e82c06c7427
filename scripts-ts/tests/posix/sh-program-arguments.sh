# Reads long and short options by hand, as scripts do.
usage() { echo "usage: prog [-v] [-o FILE] [--level=N] [--] ARG..."; }
main() {
	local verbose=no output=- level=1
	while [ $# -gt 0 ]; do
		case $1 in
		-v | --verbose) verbose=yes ;;
		-o | --output)
			[ $# -ge 2 ] || { echo "prog: $1 needs a value"; return 2; }
			output=$2
			shift
			;;
		--output=*) output=${1#*=} ;;
		--level=*)
			level=${1#--level=}
			case $level in '' | *[!0-9]*) echo "prog: bad level '$level'"; return 2 ;; esac
			;;
		-h | --help) usage; return 0 ;;
		--) shift; break ;;
		-?*) echo "prog: unknown option $1"; usage; return 2 ;;
		*) break ;;
		esac
		shift
	done
	echo "verbose=$verbose output=$output level=$level args=$#:$*"
}
main; main -v a b; main -o out.txt x; main --output=o --level=3 -- -v; main --level=x; echo $?; main -o; echo $?; main --what; echo $?; main -h; main - y
