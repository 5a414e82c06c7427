# Ages in days and minutes; +, - and plain numbers.
exec 2>&1
mkdir d; cd d
f() { echo "$@:" $(find . -type f "$@" | sort); }
touch -d '10 days ago' a; touch -d '36 hours ago' b; touch -d '90 minutes ago' c; : > e; touch -d '2 minutes ago' g
f -mtime 0; f -mtime 1; f -mtime +1; f -mtime -1; f -mtime 10; f -mtime +9; f -mmin -30; f -mmin +60
f -mmin -100 -mmin +50
f -newer c; f ! -newer c; f -newermt '3 days ago'; f ! -newermt '@0'; touch -r c h; f -newer c
