# What a process substitution opens is the shell's own where exec keeps it, and gone where nothing does.
exec 5> >(tr a-z A-Z > upper; echo done > ready)
echo one >&5
echo two | tee /dev/fd/5 > copy
exec 5>&-
while [ ! -f ready ]; do sleep 0.01; done
cat upper copy
exec 6< <(printf '%s\n' first second)
read -r a <&6
read -r b <&6
echo "$a $b"
exec 6<&-
echo x | tee >(cat > first) >(cat > second; echo done > ready2) > /dev/null
while [ ! -f ready2 ]; do sleep 0.01; done
sleep 0.05
cat first second
