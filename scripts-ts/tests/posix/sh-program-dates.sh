# Calendars by arithmetic.
leap() { (($1 % 4 == 0 && ($1 % 100 != 0 || $1 % 400 == 0))); }
days_in() { local d=(31 28 31 30 31 30 31 31 30 31 30 31); ((n = d[$2 - 1])); leap $1 && (($2 == 2)) && n=29; echo $n; }
weekday() { local y=$1 m=$2 d=$3 t=(0 3 2 5 0 3 5 1 4 6 2 4); ((m < 3)) && ((y--)); echo $(((y + y / 4 - y / 100 + y / 400 + t[m - 1] + d) % 7)); }
names=(Sun Mon Tue Wed Thu Fri Sat)
for y in 1900 2000 2024 2035 2100; do leap $y && echo -n "$y leap, " || echo -n "$y not, "; done; echo
for m in $(seq 1 12); do echo -n "$(days_in 2024 $m) "; done; echo
for d in '2035 1 1' '2000 2 29' '1969 7 20'; do echo "$d: ${names[$(weekday $d)]} $(date -u -d "$(printf '%04d-%02d-%02d' $d)" +%a)"; done
month() { local first=$(weekday $1 $2 1) last=$(days_in $1 $2) d; printf '%s ' Su Mo Tu We Th Fr Sa; echo; printf "%$((first * 3))s" ''; for ((d = 1; d <= last; d++)); do printf '%2d' $d; (((first + d) % 7 == 0 || d == last)) && echo || echo -n ' '; done; }; month 2035 2
for off in 0 1 31 59 364; do date -u -d "2035-01-01 +$off days" +%F; done; seconds=98765; printf '%dd %02d:%02d:%02d\n' $((seconds / 86400)) $((seconds / 3600 % 24)) $((seconds / 60 % 60)) $((seconds % 60)); IFS=-T: read -r Y M D h m s <<< 2035-06-07T08:09:10; echo "$D.$M.$Y $((10#$h * 60 + 10#$m)) minutes"; a=$(date -u -d 2035-03-01 +%s) b=$(date -u -d 2035-02-01 +%s); echo $(((a - b) / 86400)) days
