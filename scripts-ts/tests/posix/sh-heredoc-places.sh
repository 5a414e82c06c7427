# Here-documents in loops, functions, pipelines and groups.
f() { cat <<END
in function: $1
END
}
f one; f two
for i in 1 2; do cat <<END; done
loop $i
END
while read -r line; do echo "read <$line>"; done <<END
first
  second  line
last
END
cat <<A | tr a-z A-Z | rev
piped text
A
{ read x; read y; echo "$y $x"; } <<END
1
2
END
( cat; echo sub ) <<END
for a subshell
END
if grep -q needle <<END
hay needle hay
END
then echo found; else echo lost; fi
case $(cat <<END
word
END
) in word) echo cased;; esac
cat <<A - <<B
a
A
b
B
cat <<A && echo "and" || echo or
x
A
cat <<END > out; cat out
to a file
END
x=$(cat <<END
"quoted" in ( substitution
END
); echo "$x"
eval 'cat <<END
evaluated $x
END'
cat 3<<THREE 4<<FOUR <&3 - /dev/fd/4 2>/dev/null | head -n 1
three
THREE
four
FOUR
