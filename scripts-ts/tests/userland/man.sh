mkdir pages
cat > pages/one.1.md <<'END'
# one(1)

## NAME

one - the first page

## OPTIONS

**-a**, **--all**: Everything.
END
cat > pages/one.2.md <<'END'
# one(2)

## NAME

one - the call
END
cat > pages/two.8.md <<'END'
# two(8)

## NAME

two, deux - a second page of *more* words
END
head -c 20 /dev/zero > pages/odd.7.md
export MANPATH=$PWD/pages
man one
MANWIDTH=40 man 2 one
man -a one two
man -w one
man odd
echo "-- by words"
man -k PAGE
man -f two deux
apropos 'first|call'
whatis one
echo "-- mistakes"
man three
echo $?
man 3 one
echo $?
man -k nothing
echo $?
whatis three
echo $?
apropos '('
echo $?
man
echo $?
apropos
whatis
man --help
apropos --help
whatis --help
unset MANPATH
man -w man
