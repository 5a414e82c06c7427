# -exec with ; and +, its status as a test, -execdir, -ok.
exec 2>&1
mkdir d e; echo 1 > d/a; echo 2 > d/b; echo 3 > 'e/c c'
find d e -type f -exec cat {} \; | sort
find d e -type f -exec cat {} + | sort
find d -type f -exec echo one {} two {} \; | sort
find d e -type f -exec sh -c 'echo "$#"' sh {} +
find d -type f -exec grep -q 1 {} \; -print
find d -type f ! -exec grep -q 1 {} \; -print
find d -name a -exec echo {}{} -{}- \;
find d e -name '* *' -exec wc -c {} \;
find d -type f -exec false {} +; echo $?; find d -type f -exec false \;; echo $?
find d -name a -execdir pwd \; | sed 's|.*/||'; find d e -name '[ac]*' -execdir echo {} \; | sort
find d -name a -exec echo {} + -name b -exec echo never {} \;
find d -exec echo + \; | sort -u; find d -exec echo; echo $?; find d -exec echo {}; echo $?; find d -exec \;; echo $?
find d -name a -exec sh -c 'exit 3' \; -o -name a -print
