# -u looks at times, -n never replaces, -i asks, -b keeps what was there.
exec 2>&1
echo new > new; echo old > old; touch -t 200001010000 old
cp -u old new; cat new
cp -uv new old; cat old
cp -n new old; echo $?
echo other > t; echo n | cp -i new t; echo; cat t
echo y | cp -iv new t; echo; cat t
echo 1 > b; echo 2 > c
cp -b b c; ls c*; cat c c~
cp --backup=numbered b c; cp --backup=numbered b c; ls c*
cp -b -S .bak b c; ls c*
cp --backup=simple b c; cp --backup=existing b c; ls c*
cp --suffix=.o b c; ls c.o
cp --backup=x b c > /dev/null; echo $?
