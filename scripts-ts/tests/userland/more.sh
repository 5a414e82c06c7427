cat > f <<'END'
one
two
END
more f
more -e -s +2 f
cat f | more
more nothere
echo $?
more --help
