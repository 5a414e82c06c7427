exec 2>&1
cal 1 2035; cal 2 2036; cal 9 1752; cal 12 1999; cal 1 1; cal 2035; cal -3 1 2035; cal -j 3 2035; cal -A 1 12 2035; cal -B 1 1 2035; cal -A 2 -B 2 6 2035; cal -m 3 2035; cal -m march 2035; cal feb 2035; cal -y 2034; cal -1 5 2035; cal -j 2035; cal 1752; cal 2 1900; cal 2 1700
cal 13 2035; echo $?; cal 0 2035; echo $?; cal foo 2035; echo $?; cal 0; echo $?; cal 10000; echo $?
