# Precedence, parentheses, commas, and warnings of options that come late.
exec 2>&1
mkdir d; : > d/a; : > d/b; : > d/c
f() { find d "$@" | sort | paste -sd ' '; }
f -name a -o -name b; f -name a -o -name b -print; f \( -name a -o -name b \) -print; f ! -name a; f ! ! -name a
f -name a -a -name b; f -name a -name a; f -not -name a -a -type f; f -type f -name a -o -type d
f -name a , -name b; f -name a -print , -name b -print; f -true; f -false; f -false -o -true
f \( \( -name a \) \); f ! \( -name a -o -name b \) -type f; f -name a -print -o -name b -print -print
find d -name; find d -name a -o; find d \( -name a; find d -name a \); find d -bogus; find d -type q; echo $?
find d -o -name a; find d !; find d -a; echo $?
