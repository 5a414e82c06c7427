# What people do with columns: cut, join, add up, put beside each other.
cat > p <<'X'
name,city,age
ann,Oslo,31
bob,Rome,25
cy,Oslo,47
dee,Bonn,25
X
cut -d, -f2 p | sed 1d | sort | uniq -c; sed 1d p | sort -t, -k3,3n -k1,1 | cut -d, -f1,3
sed 1d p | sort -t, -k2,2 -s | tr , '\t' | column -t; head -n 1 p | tr , '\n' | nl
sed '1d;s/\([^,]*\),\([^,]*\),.*/\2: \1/' p | sort; tail -n +2 p | cut -d, -f3 | paste -sd+; grep -c Oslo p
grep -v '^name' p | cut -d, -f1 --complement; cut -d, -f1 p | paste - <(cut -d, -f3 p)
sed 1d p | while IFS=, read -r n c a; do echo "$n is $a"; done; sed 1d p | cut -d, -f2,1 --output-delimiter=/
sort -t, -k2,2 p > s; join -t, -1 2 -2 1 s <(printf 'Bonn,DE\nOslo,NO\nRome,IT\n') | cut -d, -f2,4
tr , '\n' < p | sed -n '0~3p'; sed 1d p | sort -t, -k3nr | head -n 1; cut -c 1-3 p | sort -u | wc -l
diff <(cut -d, -f1 p) <(cut -d, -f1 s) | head -n 3; comm -12 <(cut -d, -f2 p | sort -u) <(printf 'Oslo\nParis\n')
seq 5 | sed 's/.*/& &/' | column -t -s ' '; paste -d= <(cut -d, -f1 p) <(cut -d, -f2 p) | tail -n 2
