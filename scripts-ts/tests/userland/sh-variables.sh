A=1 B="two words" C=$A-$A
echo $A "$B" $B ${C}x
echo "[$UNSET]" [${UNSET}]
A=$B; echo "$A"
D='x   y'; echo $D "$D"
E=*; cd /etc/caps; echo "$E"; cd /
export F=exported; sh -c 'echo "F=$F A=$A"'
A=temp sh -c 'echo "A=$A"'; echo "A=$A"
unset A; echo "A=[$A]"
G=1; G=2 true; echo G=$G
set -- one "two three" four
echo $# $1 "$2" $3
for=5; echo $for
