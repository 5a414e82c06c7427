# Delimiters of every kind; what is no delimiter.
cat <<END
 END
END 
ENDING
END;
xEND
END
cat <<'END OF IT'
END
END OF IT
cat <<''
up to an empty line

cat <<!
bang
!
cat <<$x
literal dollar $x
$x
cat <<"$(x)"
body
$(x)
cat <<-_
	_x
	_
cat << END1; cat << 'END2'; echo between
$((1))
END1
$((2))
END2
cat <<E\ F
spaced
E F
cat <<END

END
cat <<END
no newline at the end of $(printf 'this\n\n')
END
: <<'COMMENT'
a block comment with $(exit 3) and "quotes
COMMENT
echo $?
