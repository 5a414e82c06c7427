# Months beside each other, days of the year, weeks from Monday, the gap of 1752.
exec 2>&1
cal 2 2036; cal 9 1752; cal 1 1; cal 12 9999; cal -m 5 2035; cal -j 2 2035; cal -3 1 2035; cal -1 6 2035; cal feb 2035
cal 2035 | head -n 10; cal -y 1900 | tail -n 9; cal -A 1 -B 1 7 2035; cal 13 2035; echo $?; cal 0 2035; echo $?
