exec 2>&1
{ echo a; echo b >&2; } 2>&1 | cat; (echo x) > f; cat f; echo more >> f; cat < f; exec 3< f; read l <&3; echo $l; read l <&3; echo $l; exec 3<&-; read l <&3; echo $?
echo a 2>&1 1>/dev/null; echo b >/dev/null 2>&1; { echo o; echo e >&2; } &> f; cat f; echo p &>> f; cat f; { echo q >&2; } >& g; cat g; echo r >| g; cat g
exec 4>&1; echo to4 >&4; exec 4>&-; echo x >&4; echo $?; (exec 2>err; echo e >&2; nosuchcmd); cat err; echo hi >f; exec 5<>f; read x <&5; echo $x; echo more >&5; exec 5>&-; cat f; exec 6<f 7<&6; read a <&7; echo $a; exec 6<&- 7<&-
cat < nosuch; echo $?; echo x > /nope/y; echo $?; for i in 1 2; do echo $i; done > loop; cat loop; while read x; do echo "<$x>"; done < loop; if true; then echo iff; fi > iff; cat iff; f() { echo func >&3; } 3>&1; f; case x in x) echo c;; esac >> iff; cat iff
(set -C; echo a > n; echo b > n; echo $?; cat n; echo c >| n; cat n; echo d >> n; cat n; echo e > /dev/null); > empty; wc -c < empty; 2>/dev/null echo before; echo mid > mid dle; cat mid
x='a b'; echo v > $x; echo $?; echo w > "$x"; cat 'a b'; echo glob > gl*b; cat 'gl*b'; echo 1 2>three; cat three; echo 1 2 >three 3>four; cat three four
cat <<A; cat <<B
a
A
b
B
cat <<"E O F"
x $y \$ `z`
E O F
cat <<-EOF | { read a; echo "got $a"; cat; }
	tab
	  $((1+1)) $(echo sub) ${x:-c} \$x \\ "q" 'q' \
joined
	EOF
cat <<< "here $x"; cat <<< $x; read q <<< 'one line'; echo $q; f() { cat; } <<< function; f; cat 3<<X <&3
three
X
if true; then cat <<EOF
nested $(cat <<IN
inner
IN
)
EOF
fi; while read -r a b; do echo "$b $a"; done <<X; echo done
1 2
3 4
X
echo abc | { cat; echo x; } | { read a; echo "$a"; read b; echo "$b"; }; cat <(echo p1) <(echo p2); echo out > >(cat); sleep 0; { echo 1; echo 2 >&2; } 2>&1 >/dev/null | cat; cat < /dev/null; echo end |& cat
echo closed >&-; echo $?; : < ''; echo $?; echo "$(echo in >&2)" 2>/dev/null; { read a; read b; } < loop; echo $a$b; exec < loop; read a; read b; echo $b$a; read c; echo $?
