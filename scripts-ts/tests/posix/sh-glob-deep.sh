# ** with globstar, and letters of either case.
mkdir -p src/lib/deep doc; touch src/a.c src/lib/b.c src/lib/deep/c.c doc/d.txt top.c README src/.hid
echo **/*.c; shopt -s globstar; echo **/*.c; echo **; echo src/**; echo **/; echo src/**/*.c src/**/deep; echo **/lib/*; echo doc/**/none* **.txt
for f in **/*.c; do echo "${f##*/}"; done; shopt -u globstar; echo **
echo READ* read*; shopt -s nocaseglob; echo read* TOP.?; shopt -u nocaseglob; shopt -s nocasematch
case ABC in abc) echo same;; esac; [[ Yes == y* ]] && echo yes; [[ FOO =~ ^fo+$ ]] && echo regex; v=aBcAbC; echo ${v//abc/x}; shopt -u nocasematch; [[ Yes == y* ]] || echo no
