exec 2>&1
umask 022
touch a b; stat -c '%n %s %a' a b; touch -c c; ls; echo $?; touch --no-create c; ls; touch; echo $?; touch no/such; echo $?
t() { stat -c %y "$@"; }
touch -t 203501020304.05 a; t a; touch -t 3501020304 a; t a; touch -t 9912312359 a; t a; touch -r a b; t b; touch --reference=a c; t c
for d in '2035-01-02' '2035-01-02 03:04' '2035-01-02 03:04:05.250' '2035-01-02T03:04:05' '2035-01-02T03:04:05Z' '@86400' '@1.5' '3 Jan 2035' 'Jan 3, 2035' 'jan 3 2035 4pm' '01/02/2035' '20350102' '2035-01-02 03:04 +0200' '2035-01-02 +1 day' '2035-01-31 1 month' '2035-01-02 2 weeks ago' '2035-01-01 12:30 am' '2035-01-01 next year' '2035-01-01 yesterday' '1-feb-2036' '2035-03-01 -1 day' '2035-01-01 00:00 10 hours' '2035-01-01 3 fortnights' '2035-02-28 12:00 tomorrow'; do touch -d "$d" a; t a; done
touch --date='2035-01-01 2 hours' -r b a; touch -t 203501010000 b; touch -r b -d '+1 day' a; t a; touch -r b -d '-2 hours' a; t a
touch -d nonsense a; echo $?; touch -d '2035-13-01' a; echo $?; touch -d '2035-02-30' a; echo $?; touch -t 12 a; echo $?; touch -t 203513010000 a; echo $?; touch -r nothing a; echo $?; touch -d now -t 203501010000 a; echo $?
touch -t 203001010000 m; touch -m -t 203101010000 m; t m; touch -a -t 203201010000 m; t m; touch --time=mtime -t 203301010000 m; t m; touch --time=access -t 203401010000 m; t m; touch --time=x m > /dev/null 2>&1; echo $?; touch -am -t 203401010000 m; t m
mkdir d; touch -t 203501010000 d; t d; ln -s a l; touch -t 203601010000 l; t a; touch -h nothing; echo $?; touch -ch nothing; echo $?; touch a/; echo $?; touch ''; echo $?
