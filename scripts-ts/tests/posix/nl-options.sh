# Styles of the sections, formats, steps, separators, joined empty lines.
exec 2>&1
printf 'a\n\nb\n\n\n\nc\n' > f; printf '\\:\\:\\:\nhead\n\\:\\:\nbody\n\nx\n\\:\nfoot\n\\:\\:\nagain\n' > s
nl f; nl -b a f; nl -ba -l 3 f; nl -b n f; nl -b p^b f; nl -b 'pa\|c' f; nl -v 5 f; nl -v -2 -i 2 f; nl -i 10 f
nl -w 2 f; nl -w 12 f | head -n 1; nl -s ': ' f; nl -s '' f; nl -n ln f; nl -n rn f; nl -n rz -w 4 f
nl -v 99998 -w 5 f | tail -n 1; nl -v 999999 f | tail -n 2
nl s; nl -h a s; nl -f a -h t s; nl -b n -f a s; nl -p s; nl -p -b a s; nl -d '%' s | head -n 3
printf '%%:\nfoot\n' | nl -d '%' -f a; printf '++++\nx\n' | nl -d ++ -b a; nl -ba < f | tail -n 1
nl - f < s | tail -n 1; cat f | nl -ba -nrz -w3 -s'|'
nl -b x f; nl -n xx f; nl -w 0 f; nl -w x f; nl -i x f; nl -v x f; nl -l 0 f; nl -h q f; nl -q; nl gone f; echo $?
