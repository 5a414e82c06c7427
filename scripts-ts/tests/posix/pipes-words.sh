# What people do with words: count, sort, choose.
cat > t <<'X'
It was the best of times, it was the worst of times,
it was the age of wisdom, it was the age of foolishness.
X
tr -cs '[:alpha:]' '\n' < t | tr '[:upper:]' '[:lower:]' | sort | uniq -c | sort -k1,1nr -k2 | head -n 5
tr ' ' '\n' < t | grep -c was; tr -d '[:punct:]' < t | wc -w; sed 's/[^ ]*/\u&/g' t; fold -sw 20 t | nl -ba
tr ' ' '\n' < t | sort -u | wc -l; grep -o '\bt[a-z]*' t | sort | uniq -c; sed 's/\b\(.\)[a-z]*/\1/g' t | tr -d ' ,.'
rev t | cut -d ' ' -f 1 | rev; tr ' ' '\n' < t | sed -n '/^.\{6,\}/p' | sort -f
tr -s ' ' '\n' < t | paste -sd ' ' | cut -d ' ' -f 3-5; grep -n 'it' t | cut -d: -f1 | paste -sd,
tac t | head -n 1 | tr a-z A-Z; tr -d '\n' < t | wc -c; sed -n '1{s/times/&/2p}' t; tr ' ' '\n' < t | awk 2> /dev/null
head -n 1 t | tr ' ' '\n' | sort -r | uniq | tail -n 3
