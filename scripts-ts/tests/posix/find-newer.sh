# Newer than files, times and dates; ages with -daystart.
exec 2>&1
mkdir d; cd d; for y in 2020 2021 2022; do touch -d $y-06-01 f$y; done; touch -d '2021-06-01 00:00:01' g; mkdir sub
touch -d 2021-01-01 sub
f() { echo "$*:" $(find . -mindepth 1 "$@" | sort); }
f -newer f2021; f ! -newer f2021; f -newer f2020 ! -newer f2022; f -newermt 2021-06-01
f -newermt '2021-06-01 00:00:01'; f ! -newermt 2021-01-02; f -newermt @0; f -type d -newer f2020; f -newer g
f -newer f2022; f -mtime +365 -name 'f*'; f -mtime -1; f -mmin +1; f -daystart -mtime +0 -name g; f -newer gone
f -newermt nonsense; f -mtime x; f -mtime; f -mmin -0; f -samefile g; f -newermt '2022-01-01' -o -name sub
