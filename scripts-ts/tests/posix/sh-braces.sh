echo {a,b}{1,2} {1..5} {5..1..2} {01..03} {a..e} x{,y}z {a} {} a{b,c{d,e}}f "{a,b}"
echo a{1..3}b{x,y} {1..3..2} {3..1} {a..c}{1,2} a{,} {a,b}{c,} \{a,b} {a\,b,c} ${x}{1,2} {1..1} {x..z..2} {-2..2} {1,{2,{3,4}}}
x=1; echo {$x,2} {1..$x} '{a,b}' {a,"b c"} {a,$(echo b)}; y={a,b}; echo $y; for i in {1..3}; do echo $i; done; echo {001..010..3} {10..08} pre{a,b}post{c,d}
set +B; echo {a,b}; set -B; echo {a,b}
