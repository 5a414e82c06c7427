# l and =: what cannot be seen, long lines, widths.
printf 'a\tb\\c\001\177\n' > c; printf '\303\251\377\n' > h; seq -s ' ' 40 > w; printf 'x\ny' > p
sed -n l c; sed -n l h; sed -n l w; sed -n 'l 20' w; sed -n 'l 0' w; sed -l 30 -n l w; sed l p; echo; sed -n 'N;l' p
sed -n '$!N;s/\n/\t/;l' p; sed = p; echo; sed -n '$=' p w; sed -n '/x/=' p; sed '=' c | sed -n l
printf '\a\b\f\r\v\n' | sed -n l; printf 'trailing  \n' | sed -n l; printf '\0z\n' | sed -n l; sed -n '1!G;h;$l' p
