printf 'one two\nthree\n' > a; cp a b
grep --color=always o a; grep --color=always -n o a b; grep --color=always -v o a b; grep --color=always -o o a; grep --colour=always -c o a b; grep --color=always -l o a; grep --color=always -A1 -n one a; grep --color=auto o a; grep --color=never o a; grep --color o a; grep --color=always -i O a
