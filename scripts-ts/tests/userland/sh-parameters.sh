set -- one "two three" four
sh -c 'echo $#: "$1" "$2" "$3"' name "$@"
sh -c 'echo $#: "$1"' name "$*"
sh -c 'echo $#' name $*
sh -c 'echo $0 $#' name
echo "a$@b"
shift; echo $# $1; shift 2; echo $#
shift; echo "shift: $?"
echo "[$*][$@]" "$@"
set -- a b c d e f g h i j k
echo $10 ${10} ${11}
true; echo $?; false; echo $?; sh -c 'exit 42'; echo $?
[ $$ -gt 1 ] && echo pid
echo "$-" | wc -l
echo $0 | wc -l
