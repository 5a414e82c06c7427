# Columns fit the width: down the columns with -C, across with -x, commas with -m.
mkdir d; cd d
for n in alpha b gamma-ray de epsilon-longest f g hh iii jjjj kkkkk llllll; do : > $n; done
ls -C -w 80
ls -C -w 40
ls -x -w 40
ls -C -w 25; ls -C -w 1
ls -m -w 40; ls -m -w 10
ls -CF -w 50; ls -xp -w 50
COLUMNS=30 ls -C
COLUMNS=30 ls -x
ls -C1 | head -n 2; ls -1C -w 30 | head -n 1
ls -C -T 4 -w 50 | head -n 1 | tr '\t' T
