# case with every kind of pattern.
t() { case $1 in '') echo empty;; a) echo a;; b|c) echo b-or-c;; [0-9]) echo digit;; [0-9]*[!0-9]*) echo starts with a digit;; [0-9]*) echo number;; *.txt) echo text;; -*) echo option;; */*) echo path;; '*') echo star;; "a b") echo spaced;; ?) echo one;; ??) echo two;; *[[:space:]]*) echo blank inside;; *) echo other;; esac; }
for w in '' a b c 7 42 4x x.txt -v /etc '*' 'a b' z zz 'p q' $'tab\t' abc; do printf '%-6q ' "$w"; t "$w"; done
v='a*'; case abc in $v) echo matched;; esac; case abc in "$v") echo no;; *) echo literal;; esac; case 'a*' in "$v") echo same;; esac; case x in $(echo x)) echo substituted;; esac; case 5 in $((2+3))) echo arithmetic;; esac; case $v in a\*) echo escaped;; esac; case ~ in $HOME) echo home;; esac; case "$(printf 'a\nb')" in *$'\n'*) echo lines;; esac
case a in (a) echo parens;; esac; case a in a|b|c ) echo spaced;; esac; case x in a) ;; b) ;; esac; echo $?; case a in a) false;; esac; echo $?; case a in a) esac; echo $?; case a in esac; echo $?; case a in a) echo one; echo two;; esac; case esac in "esac") echo word;; esac; case in in in) echo in;; esac; case a in b) echo no;; *) ;; esac
case abc in a*) echo 1;& x) echo 2;& y) echo 3;; *) echo no;; esac; case abc in a*) echo 1;;& *c) echo 2;;& b) echo no;; ab?) echo 3;;& esac; case x in x) case y in y) echo nested;; esac;; esac; case a in [!a]) echo no;; [^b]) echo caret;; esac; case 'a]' in a]) echo bracket;; esac; case [ in [) echo open;; esac; case '\' in \\) echo backslash;; esac; case a-b in a[-]b) echo dash;; esac
case yes in
	y | yes)
		echo affirmed
		;;
	n | no) echo denied ;;
esac; case $# in 0) echo none; esac; x=$(case a in a) echo sub;; esac); echo $x; y=$(case b in (b) echo sub2;; esac); echo $y; for i in 1 2 3; do case $i in 2) continue;; esac; echo $i; done; case A in [a-z]) echo lower;; [A-Z]) echo upper;; esac; unset u; case $u in '') echo unset;; esac; case "$u"x in x) echo x;; esac
