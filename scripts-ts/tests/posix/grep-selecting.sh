# Which lines: -i -v -x -w -F -E, alone and together.
exec 2>&1
printf '%s\n' apple Apple 'apple pie' pineapple 'an apple a day' app.le 'app-le' '' 'a_apple' 'APPLE!' > f
grep -w apple f; echo --; grep -wi apple f; echo --; grep -x apple f; echo --; grep -xi apple f; echo --
grep -wv apple f; echo --; grep -xv '' f
echo -- F; grep -F app.le f; grep -Fx app.le f; grep -Fw app f; grep -Fi APPLE! f; grep -F 'apple
day' f; grep -c '' f; grep -vc . f
echo -- E; grep -E '^(apple|app.le)$' f; grep -Ei '^a(pp)?' f; grep -Ew 'app.{0,1}' f
grep -Eo 'p+' f | sort | uniq -c
echo -- e; grep -e apple -e APPLE f; grep -ve apple -e APPLE f; grep -e -le f; grep -- -le f; grep -w '' f
grep -wF '' f | head -n 2
grep -ov apple f; echo $?; grep -q nothing f; echo $?; grep -qv nothing f; echo $?
