# Pagers whose output is no terminal copy what they get.
exec 2>&1
seq 3 > a; printf 'x\ty\n' > b; : > e; mkdir d
less a; less a b; less < a; cat b | less; seq 2 | less | tail -n 1; less e; less -N a | wc -l; less +2 a; less -S b
less -R a b | cat; seq 100 | less | wc -l; less - < b; cat a | more; seq 50 | more | tail -n 1
