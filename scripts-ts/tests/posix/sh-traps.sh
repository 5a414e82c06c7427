exec 2>&1
trap 'echo INT' INT; kill -INT $$; echo after; trap - INT; trap; trap 'echo x' USR1 USR2; trap -p USR1; trap; trap '' TERM; kill $$; echo alive; trap -p TERM; trap - USR1 USR2 TERM
(trap 'echo sub' EXIT; echo in); echo out; x=$(trap 'echo subst' EXIT; echo q); echo "$x"; (trap 'echo $?' EXIT; (exit 3); false); (trap 'echo A; exit 9' EXIT; exit 2); echo $?; (trap 'echo bye' 0; exit 4); echo $?
trap 'echo usr1' USR1; kill -USR1 $$; sleep 0; echo next; (kill -USR1 $$); sleep 0; echo end; trap - USR1
(trap 'echo debug' DEBUG; x=1; echo hi; trap - DEBUG; echo quiet); (trap 'echo err $?' ERR; false; echo a; ! false; (exit 5)); trap 'echo "line $LINENO"' USR2; kill -USR2 $$; trap - USR2
trap 'echo in trap; false' USR1; true; kill -USR1 $$; echo $?; trap 'x=set' USR1; kill -USR1 $$; echo $x; trap USR1; trap; trap 'echo no' KILL; trap foo; trap 'echo x' NOSUCH; echo $?; trap -z; echo $?; trap 2 3; trap '' INT; (trap); trap - INT
f() { trap 'echo f exit' EXIT; echo in f; }; (f; echo rest); (trap 'echo outer' EXIT; (echo inner); echo body); trap 'echo hup' HUP; (trap -p HUP); trap -p SIGHUP 1; trap -- - HUP; trap -p HUP; (trap 'exit 3' USR1; kill -USR1 $BASHPID 2>/dev/null; echo x) >/dev/null; sleep 0 & wait $!; echo $?
trap 'echo signal' USR1; { sleep 0.2; kill -USR1 $$; } & sleep 0.5; echo waited; trap 'echo end $?' EXIT; exit 7
