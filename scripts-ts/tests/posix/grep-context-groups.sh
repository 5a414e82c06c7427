# Context before and after: groups, separators, numbers of lines.
exec 2>&1
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do echo "line $i"; done > f
sed -i 's/line \([48]\)$/hit \1/; s/line 14/hit 14/' f
grep -A1 hit f; echo ==; grep -B1 hit f; echo ==; grep -C1 hit f; echo ==; grep -2 hit f
echo ==; grep -nA1 hit f; grep -nC 1 hit f f | head -n 8
echo ==; grep -A1 --no-group-separator hit f; grep -A1 --group-separator='***' hit f
echo ==; grep -m1 -A2 hit f; grep -m2 -B1 hit f; grep -vA1 -m2 line f; grep -cA1 hit f; grep -lA1 hit f
grep -oA1 hit f
echo ==; grep -A100 'hit 14' f; grep -B100 'hit 4' f; grep -A0 hit f; grep -bA1 'hit 8' f
