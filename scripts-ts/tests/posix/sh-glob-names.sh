# Stars and question marks, hidden names, directories.
mkdir -p one/two three .hid; : > one/a.c; : > one/b.c; : > one/two/c.c; : > three/a.c; : > .dot; : > plain; : > one/.x
echo * .* ??? */ */* */*.c */*/*.c one/* one/.* one/.[!.]* o*/ ./* ./one/*.c one//a.c
echo */a.c {one,three}/*.c one/[ab].c *n*/t* .d* .?o* one/two/../*.c $PWD/pl* | sed "s|$PWD|PWD|"
echo "*" '*' \* *"n"* "o"* o'n'e/\*.c o\ne/*.c nothing* */nothing "one"/*.c 'one/'*.c
for f in one/*; do [ -d "$f" ] && echo "dir $f" || echo "file $f"; done
cd one; echo * ../*; echo ../th*/*; cd ..; set -- *; echo $#; set -- one/*.c; echo "$#: $1 ${!#}"; list=(*/*.c); echo ${#list[@]}
set -f; echo * one/*; set +f; echo pl*; x=$(echo p*); echo $x; y=p*; echo "$y" $y; echo p* > out*; cat 'out*'
