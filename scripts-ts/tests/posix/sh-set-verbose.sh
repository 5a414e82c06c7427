# set -v shows lines as they are read; comments and blanks too.
exec 2>&1
eval 'set -v
echo one   # comment

echo two; echo three
if true; then
	echo four
fi
set +v
echo five'
cat > script <<'END'
echo before
set -v
echo after
# a comment
x=1   y=2
for i in 1 2; do
  echo $i
done
cat <<E
doc
E
set +v
echo quiet
END
sh script; printf 'echo a\necho b\n' | sh -v; sh -nv script 2>&1 | head -n 2
