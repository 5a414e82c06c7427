# Lists within lists, and what is no list.
echo {a,b{1,2},c} {a,{b,{c,d}}} {{a,b},{c,d}} x{a,b}{1,2}y {a,b}{,.bak} {,x}{,y} pre{,post} {a,,b} {,}
echo {a} {a,b a,b} {a,b}} {{a,b} {{a},{b}} {a,{b} a{b,c {} {,a} ${n}{x,y} {\,,a} {a\,b,c} {"a,b",c} {'x y',z}
echo /usr/{lib/{a,b},bin} file.{c,h} {a,b}$((1+1)) {$((1+1)),x} {$(echo p),q} {"$HOME",y} | sed "s|$HOME|HOME|"
v=w; echo {$v,x} {a,$v} ${v}{1,2} {${v},y}; set -- p q; echo {"$@",z} {$1,$2}
a={1,2}; echo $a; echo a{1,2}=b; b=({x,y}{1,2}); echo ${#b[@]}; mkdir -p d/{one,two}/{in,out}; echo d/*/*; for f in {x,y}.{1,2}; do echo $f; done
