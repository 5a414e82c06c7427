# readonly: what may not be done, and what becomes of it.
exec 2>&1
readonly r=1; t() { (eval "$1"; echo "goes on $?"); echo "status $?"; }
for s in 'r=2' 'r+=2' 'unset r' 'declare r=2' 'export r=2' 'readonly r=2' 'local_() { local r=2; echo $r; }; local_' 'read r <<< 2' 'for r in 1; do echo no; done' 'printf -v r 2' 'let r=2' '((r=2))' '((r++))' 'echo $((r=2))' 'r=2 true' 'r=2 echo cmd' ': ${r:=2}; echo $r' 'mapfile r <<< x' 'r[0]=2' 'r=(1 2)' 'export r; echo $r' 'readonly r; echo ok' 'eval r=2' 'command eval r=2' '. /dev/stdin <<< r=2' 'r=2 || echo or' 'if r=2; then :; fi' 'x=1 r=2 y=3; echo $x' 'readonly -a ra=(1 2); ra[0]=x' 'readonly -A rh=([a]=1); rh[b]=2' 'declare -i r' 'declare -x r; echo fine'; do echo "- $s"; t "$s" 2>&1 | sed 's/^sh: line [0-9]*: //; s/^environment: line [0-9]*: //'; done
echo $r; (readonly inner=1); inner=2; echo $inner; f() { readonly fr=1; }; f; fr=2 2>/dev/null || echo kept; echo $fr
