# local, and who sees what.
exec 2>&1
x=global; show() { echo "x=$x"; }
f() { local x=f; show; g; show; }; g() { x=changed; show; }; f; show
h() { local x; echo "[${x-unset}]"; x=set; show; }; h; show; k() { local x=$x; x+=+; show; }; k; show
outer() { local a=1; inner; echo "a=$a b=${b-none}"; }; inner() { local b=2; a=3; c=4; }; outer; echo "${a-none} ${b-none} $c"
l() { local one=1 two="$one" three; three=$((one+1)); echo "$one|$two|$three"; }; l; m() { local list=(a "b c"); list+=(d); echo ${#list[@]} "${list[1]}"; local -A map=([k]=v); echo ${map[k]}; }; m; echo ${list-none} ${map-none}
n() { local i; for i in 1 2; do :; done; echo $i; }; i=keep; n; echo $i; o() { local -i num=3+4; num+=1; echo $num; local -r fixed=1; local -x exported=yes; sh -c 'echo $exported'; }; o; sh -c 'echo [$exported]'
p() { local v=p; (v=sub; echo $v); echo $v; v2=$(v=q; echo $v); echo $v2 $v; }; p; q() { unset x; echo ${x-unset}; }; q; x=back; r() { local x=r; unset x; echo ${x-hidden}; }; r; echo $x
s() { local IFS=,; set -- 1 2 3; echo "$*"; }; s; set -- 1 2; echo "$*"; t() { local PATH=/nowhere; ls 2>/dev/null; echo $?; }; t; ls >/dev/null; echo $?; u() { local -; set -f; echo *; }; u; case $- in *f*) echo on;; *) echo off;; esac
