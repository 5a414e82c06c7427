# What set -x shows.
exec 2>&1
(set -x; echo plain; echo "two words" 'single $x' a\ b ''; x=1; y="a b" z=; echo $x "$y" $z; echo *nomatch* {1,2} ~root; list=(a 'b c'); list[1]=x; list+=(d)
echo "${list[@]}"; : $((x+1)) $(echo sub); ! false; true && false || echo or; (echo sub); { echo group; }; if [ $x = 1 ]; then echo yes; fi; [[ $y == a* && -n $x ]]; ((x += 1)); let x++
for i in 1 'p q'; do :; done; while ((x-- > 2)); do :; done; case $y in 'a b') :;; esac; f() { local l=$1; echo in $l; }; f arg; export E=1; declare -i n=2; readonly r=3; unset x; x= y=2 env > /dev/null; grep -c '^y' <<< yes; cat <<< "$y"; cat <<END
doc $y
END
echo out > /dev/null; echo $'tab\tnl\n' "it's" '"' '\' '#' '~' = a=b -n; eval 'echo evaluated'; set +x; echo quiet); PS4='> '; set -x; echo one; PS4='$x+'; x=v; echo two; f() { echo fn; }; f; { set +x; } 2>/dev/null; echo off; (set -x; $(echo echo) computed; echo "$(echo one; echo two)"; for ((k=0;k<1;k++)); do :; done)
