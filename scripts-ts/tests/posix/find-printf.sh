# Directives, escapes and widths of -printf.
exec 2>&1
umask 022
mkdir -p t/s; printf 12345 > t/s/f; chmod 640 t/s/f; touch -d '2033-04-05 06:07:08.5' t/s/f; ln -s f t/s/l
ln -s gone t/s/g
find t -name f -printf '%p %f %h %P %H %d %s %m %M %n %y\n'
find t/s/ -name '[lg]' -printf '%f %y %Y %l\n' | sort
find t/s/f -printf '%TY %Tm %Td %TH %TM %TS %Tj %Tb %TB %Ta %TA %Ty %TD %TF %Tk|%Tl|%Tp|%Te|%TI|%Tr|%TR\n'
find t/s/f -printf '%T@ %T+ %Tc\n%t\n'; find t/s/f -printf '[%5s][%-5s][%05s][%8f][%-8f][%.2f]\n'
find t/s/f -printf 'a\tb\\n\\\n\101\0x'; echo; find t/s/f -printf 'no newline'; echo
find t -printf '%d%p\n' | sort; find . -maxdepth 1 -printf '%P|%f|%h\n' | sort
find t/s/f -printf '%%|%q\n'; find t/s/f -printf '%'; echo; find t/s/f -printf '\q\n'
find t/s/f -fprintf out '%f\n'; cat out; find t -type f -fprint out2; cat out2; find t -type f -fprint0 out3
tr '\0' '!' < out3; echo
