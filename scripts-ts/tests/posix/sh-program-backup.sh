# Copies what has changed, checks it, restores it.
mkdir -p data/sub; echo one > data/a; echo two > data/sub/b; echo three > 'data/c d'
backup() {
	local from=$1 to=$2 file target copied=0 same=0
	while IFS= read -r file; do
		target=$to/${file#"$from"/}
		if cmp -s "$file" "$target"; then same=$((same + 1)); continue; fi
		mkdir -p "${target%/*}" && cp "$file" "$target" && copied=$((copied + 1))
	done < <(find "$from" -type f | sort)
	echo "copied $copied, unchanged $same"
}
verify() { local status=0 f; while IFS= read -r f; do [ -f "$2/$f" ] && cmp -s "$1/$f" "$2/$f" || { echo "differs: $f"; status=1; }; done < <(cd "$1" && find . -type f | sort); return $status; }
backup data bak; backup data bak; echo changed >> data/a; echo new > data/new; verify data bak; echo $?; backup data bak; verify data bak && echo verified
rm data/sub/b; verify bak data || echo "exit $?"; cp -r bak/. data; verify bak data && echo restored
(cd data && sha256sum $(find . -type f ! -name '* *' | sort)) > sums; (cd data && sha256sum -c --quiet ../sums && echo sums good); echo tampered > data/a; (cd data && sha256sum -c --status ../sums || echo sums bad)
lock=lockdir; take() { mkdir "$lock" 2>/dev/null && trap 'rmdir "$lock"' EXIT; }; (take && echo locked; take || echo busy); [ -d $lock ] || echo released
