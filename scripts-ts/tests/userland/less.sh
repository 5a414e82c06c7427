cat > f <<'END'
one
two


three
END
echo "-- copied where there is no terminal, whatever the options"
less f
less -N -S -R -r -i -I -F -X -n -s -e -E -x4 -p two f +G
cat f | less
cat f | less - f
LESS=-N less f
echo "-- mistakes"
less < /dev/null
less nothere f .
echo $?
less -x0 f
echo $?
less --help
