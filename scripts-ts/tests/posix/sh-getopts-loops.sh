# Programs that read their options with getopts.
parse() {
	local OPTIND=1 OPTARG o verbose=0 name= out=() 
	while getopts 'vn:o:h' o; do
		case $o in v) verbose=$((verbose+1));; n) name=$OPTARG;; o) out+=("$OPTARG");; h) echo help; return;; *) echo "bad"; return 2;; esac
	done
	shift $((OPTIND-1)); echo "v=$verbose n=$name o=${out[*]} rest=$*"
}
parse; parse -v; parse -vvv a; parse -n joe b; parse -njoe -v; parse -vnjoe c; parse -o 1 -o 2 -o3 -- -v; parse x -v; parse -v - y; parse -n '' z; parse -n 'a b' -v; parse -h -v; parse -vh; parse -n -v q
(parse -x 2>/dev/null; echo $?; parse -n 2>/dev/null; echo $?)
quiet() { local OPTIND=1 o; while getopts ':ab:' o; do case $o in \?) echo "unknown -$OPTARG";; :) echo "-$OPTARG needs one";; *) echo "$o=${OPTARG-}";; esac; done; echo "next $OPTIND"; }
quiet -a -b x; quiet -q; quiet -b; quiet -aqb; quiet -ab c d; quiet -a -- -b; quiet; quiet -ba; quiet --; quiet - -a
set -- -a one -b; while getopts 'a:b' o; do echo "$o ${OPTARG-none} $OPTIND"; done; echo "$o $OPTIND $?"; OPTIND=1; getopts ab o; echo $? $o; getopts ab o -b -a; echo $? $o $OPTIND; OPTIND=1; while getopts x o -x -x; do echo "x at $OPTIND"; done; f() { local OPTIND o; getopts z o -z; echo $o; }; f; f
