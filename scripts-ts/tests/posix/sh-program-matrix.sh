# Matrices in flat and keyed arrays.
declare -A m
rows=3 cols=3
for ((r = 0; r < rows; r++)); do for ((c = 0; c < cols; c++)); do m[$r,$c]=$((r * cols + c + 1)); done; done
show() { local r c; for ((r = 0; r < rows; r++)); do for ((c = 0; c < cols; c++)); do printf '%4d' "${m[$r,$c]}"; done; echo; done; }
show
trace=0; for ((i = 0; i < rows; i++)); do ((trace += m[$i,$i])); done; echo "trace $trace"
for ((r = 0; r < rows; r++)); do for ((c = r + 1; c < cols; c++)); do t=${m[$r,$c]}; m[$r,$c]=${m[$c,$r]}; m[$c,$r]=$t; done; done; show
a=(1 2 3 4) b=(5 6 7 8) p=()
for i in 0 1; do for j in 0 1; do s=0; for k in 0 1; do ((s += a[i * 2 + k] * b[k * 2 + j])); done; p+=($s); done; done; echo "${p[@]:0:2}"; echo "${p[@]:2}"
for ((i = 0; i < 6; i++)); do row=(1); for ((j = 1; j <= i; j++)); do row[j]=$((row[j - 1] * (i - j + 1) / j)); done; printf "%$(((6 - i) * 2))s" ''; printf '%4d' "${row[@]}"; echo; done
for i in {1..4}; do for j in {1..4}; do printf '%3d' $((i * j)); done; echo; done
