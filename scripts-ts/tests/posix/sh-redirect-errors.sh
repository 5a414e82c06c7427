# Redirections that cannot be made.
exec 2>&1
echo x > /nonexistent/f; echo $?; cat < nosuch; echo $?; echo x > .; echo $?; cat <&7; echo $?; echo x >&8; echo $?
for i in 1; do echo no; done < nosuch; echo $?; { echo no; } > /nonexistent/f; echo $?; (echo no) < nosuch; echo $?; f() { echo no; }; f < nosuch; echo $?; f() { echo no; } < nosuch; f 2>/dev/null; echo $?
v=; echo x > $v; echo $?; v='a b'; echo x > $v; echo $?; echo x > "$v"; cat 'a b'; touch f1 f2; echo x > f?; echo $?; cat f1; cat < ""; echo $?
x=1 > /nonexistent/f; echo "$? $x"; : > /nonexistent/f || echo failed; if cat < nosuch; then echo no; else echo else; fi; cat < nosuch | wc -l; ! cat < nosuch; echo $?
(exec 3< nosuch; echo not reached); echo $?; exec 3< nosuch; echo "goes on: $?"; (echo in > /nonexistent/f; echo "after $?"); eval 'echo x > /nonexistent/f'; echo $?; mkdir d; echo x > d; echo $?; echo y >> d; cat < d/f; echo x >| d
