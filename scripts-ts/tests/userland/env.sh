exec 2>&1
env -i A=1 B='x y'; env -i; env -i A=1 PATH=/bin sh -c 'echo "A=$A HOME=$HOME"'
export X=1 Y=2; env -u X sh -c 'echo "[$X][$Y]"'; env X=3 sh -c 'echo $X'; env | cat | wc -l | head -c 0
env -i A=1 -- B=2 env 2>/dev/null; echo $?; env nothing_here; echo $?; env /etc/passwd; echo $?
env false; echo $?; env sh -c 'exit 9'; echo $?; env sh -c 'kill -9 $$'; echo $?
env -z; echo $?; env -C /etc pwd; env -i0 A=1 B=2 | wc -c
env echo -n x; echo
