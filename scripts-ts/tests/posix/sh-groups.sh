# { …; } runs here; its redirections and status are those of the whole.
{ echo a; echo b; } | wc -l; { v=set; cd /usr; }; echo $v $PWD; { false; true; }; echo $?; { true; false; } || echo failed; { echo x
echo y; }; {
echo newline
}
{ { { echo deep; }; }; }; { echo one; } && { echo two; } || { echo three; }; { exit_status() { return 5; }; }; exit_status; echo $?; echo { } {a }; echo }; { echo }; }
f() { { echo in; return 3; echo no; }; echo no; }; f; echo $?; for i in 1 2; do { [ $i = 1 ] && continue; echo $i; }; done; { echo p; echo q >&2; } 2>/dev/null; if { false; true; }; then echo t; fi; x=$({ echo g; }); echo $x; { echo bg; } & wait; { read l; echo "$l"; } <<< line; ! { false; }; echo $?; time_it() { { :; } 2>/dev/null; }; time_it; echo $?
