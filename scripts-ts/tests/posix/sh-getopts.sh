exec 2>&1
getit() { while getopts ab:c o; do case $o in a) echo a;; b) echo b=$OPTARG;; c) echo c;; ?) echo bad;; esac; done; shift $((OPTIND-1)); echo rest "$@"; }; getit -a -bfoo -c x y; OPTIND=1; getit -z; OPTIND=1; getit -acb arg -- -a; OPTIND=1; getit -b; OPTIND=1; getit
getopts ":ab:" o -a -b; echo $o $OPTIND; getopts ":ab:" o -a -b; echo $o $OPTARG $OPTIND; OPTIND=1; getopts ":ab:" o -x; echo $o $OPTARG; OPTIND=1; set -- -a -b val rest; while getopts ab: o; do echo "$o ${OPTARG-none} $OPTIND"; done; echo $OPTIND $o; getopts; echo $?; getopts ab; echo $?
OPTERR=0; OPTIND=1; getopts a o -q; echo $? $o; OPTIND=1; getopts a: o -a ''; echo "[$OPTARG]"
