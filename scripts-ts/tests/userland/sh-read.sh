exec 2>&1
echo 'one two  three four' | { read A B C; echo "[$A][$B][$C]"; }
echo 'one' | { read A B; echo "[$A][$B] $?"; }
{ echo first; echo second; } | { read A; echo $A; cat; }
echo -e 'a\\b' | { read A; echo $A; }
echo -e 'a\\b' | { read -r A; echo "$A"; }
echo -n 'no newline' | { read A; echo "$? $A"; }
read A < /dev/null; echo $?
echo '  trim  ' | { read A; echo "[$A]"; }
echo x | read 1; echo $?
