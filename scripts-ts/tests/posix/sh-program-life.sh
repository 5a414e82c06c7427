# The game of life on a small board.
width=8 height=6
read -d '' -r board <<'END'
........
..#.....
...#....
.###....
........
........
END
rows=($board)
step() {
	local next=() x y dx dy n row
	for ((y = 0; y < height; y++)); do
		row=
		for ((x = 0; x < width; x++)); do
			n=0
			for dy in -1 0 1; do for dx in -1 0 1; do
				((dx || dy)) && ((x + dx >= 0 && y + dy >= 0 && y + dy < height)) && [[ ${rows[y + dy]:x + dx:1} == '#' ]] && ((n++))
			done; done
			if [[ ${rows[y]:x:1} == '#' ]]; then ((n == 2 || n == 3)) && row+='#' || row+='.'
			else ((n == 3)) && row+='#' || row+='.'
			fi
		done
		next+=($row)
	done
	rows=("${next[@]}")
}
for generation in 1 2; do step; done
printf '%s\n' "${rows[@]}"
alive="${rows[*]}"; alive=${alive//[^#]/}; echo "${#alive} alive"
