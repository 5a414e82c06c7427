# What cp refuses.
exec 2>&1
echo f > f; mkdir d; ln -s gone b; ln -s loop loop; ln f hard
cp; echo $?; cp f; echo $?; cp gone x; echo $?; cp f f; echo $?; cp f hard; echo $?; cp f ./f; echo $?; cp d x
echo $?; cp f gone/x; echo $?; cp f f/x; echo $?; cp f/ x; echo $?; cp f/x y; echo $?; cp b x; echo $?; cp f b
echo $?; cp loop x; echo $?; cp f loop; echo $?; cp f d f; echo $?; cp f gone gone2 d; echo $?; ls d; cp -T f d
echo $?; cp -r d f; echo $?; cp -t f f; echo $?; cp -t gone f; echo $?; cp -q f x; echo $?; cp -ls f x; echo $?
cp --preserve=x f y; echo $?; cp --parents f x; echo $?; cp -rL loop x; echo $?; cp '' x; echo $?; cp f ''; echo $?
ls
