# Paragraphs: joined, split, indented, with prefixes.
exec 2>&1
cat > p <<'X'
This is a first paragraph, which has lines that are rather long, and a few
short
ones. It ends here.  Two blanks follow a full stop.

    An indented one stays indented when its lines are put
    together again, as it should.
  Another indent begins another paragraph.

X
fmt p; fmt -w 40 p; fmt -w 30 p; fmt -u -w 50 p; fmt -s -w 40 p; fmt -c -w 40 p; fmt -t -w 40 p; fmt -40 p | head -n 3
fmt -w 40 -g 35 p | head -n 4
printf '> quoted text that is long enough to be wrapped\n> and goes on\nnot quoted\n> again\n' | fmt -p '> ' -w 30
printf '// a comment of some length in code\n// and more\ncode();\n' | fmt -p '//' -w 24
printf 'a\nb\nc\n' | fmt; printf 'a\n\n\n\nb\n' | fmt
printf 'averyveryverylongwordthatdoesnotfit anywhere\n' | fmt -w 10; printf 'one   two     three\n' | fmt
printf 'one   two.   three\n' | fmt -u; printf '\ttab\n\ttwo\n' | fmt | od -c | head -n 2; printf 'no end' | fmt
fmt < /dev/null; fmt -w 0 p | head -n 2; fmt -w x p; fmt -w 3000 p; fmt -g 90 -w 80 p; fmt gone; echo $?
