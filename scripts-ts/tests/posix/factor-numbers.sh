# Prime factors, from arguments and from input.
exec 2>&1
factor 0 1 2 3 4 12 97 100 1024 999 65537 1000000007 123456789 600851475143 9999999967
factor 18446744073709551615 18446744073709551557 4611686014132420609; seq 20 26 | factor; echo '7 8
 9' | factor; factor +6; factor 007; factor x; echo $?; factor 1.5; echo $?; factor -- 6; factor -4; echo $?
factor ''; echo $?; factor < /dev/null; echo $?
