# Every letter of a format, with flags and widths.
d() { date -u -d '2035-03-07 09:08:07.012' "$@"; }
for f in %a %A %b %B %c %C %d %D %e %F %g %G %h %H %I %j %k %l %m %M %n %N %p %P %q %r %R %s %S %t %T %u %U %V %w %W %x %X %y %Y %z %:z %::z %Z %%; do d "+$f=$f|"; done
d '+%-d %_d %05d %-m %_H %-I %3N %6N %^a %^B %#Z %#p %010Y %-j %_j %e%t%n'
d '+%Y-%m-%dT%H:%M:%S%:z'; d +%s.%3N; d '+it is %A'; d +; d -R; d -I; d -Iseconds; d -Ins; d --rfc-3339=seconds
date -u -d '2035-12-31' '+%G-W%V-%u %U %W %j'; date -u -d '2036-01-01' '+%G-W%V-%u %U %W %j'
date -u -d '2034-01-01' '+%G-W%V-%u %U %W %j'; date -u -d '2036-02-29' +%j
