# $LINENO, and the lines of messages.
exec 2>&1
echo $LINENO; echo $LINENO

echo $LINENO
x=$LINENO; echo $x; if true
then
	echo $LINENO
fi
for i in 1 2; do
	echo "$i $LINENO"
done
{
	echo $LINENO; }
(
	echo $LINENO
)
cat <<END
in a document: $LINENO
END
echo $LINENO
echo a \
	b $LINENO
y=$(echo $LINENO); echo $y
nosuch_one
true &&
	nosuch_two
case x in
x)
	nosuch_three
	;;
esac
while nosuch_four; do :; done
cat < /nonexistent
[ 1 -eq x ]
eval 'nosuch_five'
cd /nonexistent
: $((1/0))
readonly r=1
r=2
last=$LINENO; echo $last
