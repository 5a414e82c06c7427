# Hunks that do not fit are kept beside the file, and the status says so.
exec 2>&1
seq 20 > a; sed '5s/$/ five/;15s/$/ fifteen/' a > b; diff -u --label a --label a a b > p
sed '14,16s/^/z/' a > w; patch w p; echo $?; cat w.rej; ls; sed -n 5p w; rm w.*
sed 's/^/z/' a > w; patch w p; echo $?; grep -c '^@@' w.rej; cmp w w.orig; rm w.*
sed 's/^/z/' a > w; patch -r rejected w p; echo $?; ls; rm -f rejected w.*; patch -r - w p; echo $?; ls; rm -f w.*
sed '14,16s/^/z/' a > w; patch --dry-run w p; echo $?; ls; patch -s w p; echo $?; rm w.*; patch -F 0 w p > /dev/null
echo $?
cp a w; sed -i '3s/$/q/' w; patch -F 0 w p; echo $?; rm -f w.*; cp a w; sed -i '2s/$/q/' w; patch w p; echo $?
rm -f w.*
echo junk | patch w; echo $?; patch w < /dev/null; echo $?; patch w gone; echo $?; patch -q; echo $?; diff a b > n
cp a w; patch w n; cmp w b; : > w; patch -f w p; echo $?
