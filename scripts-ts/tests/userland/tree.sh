exec 2>&1
mkdir -p /tmp/tree/d/e /tmp/tree/f; cd /tmp/tree; umask 022
echo 12345 > a; : > d/b; : > d/e/.h; : > d/e/c.ts; ln -s d l; ln -s nothing n; ln -s .. d/up; chmod 755 a; : > v10; : > v9
tree; tree -a d; tree -d; tree -L 1; tree -f d; tree -i d; tree --noreport d; tree -F; tree -s d/e; tree -h a d; echo $?; tree -p d/e; tree -P '*.ts' d; tree -I 'd|l'; tree -r f d/e; tree -l d; tree --charset ascii d; tree --dirsfirst -L 1; tree -v -L 1; tree -Q d/e; tree -C -L 1; tree -n -L 1 f; tree -U f; tree -N f; tree -t f; tree nothing; echo $?; tree -L 0; echo $?; tree -z; echo $?
cd d; tree -ug e | tail -n 3; tree -D e | wc -l; cd /; rm -r /tmp/tree
