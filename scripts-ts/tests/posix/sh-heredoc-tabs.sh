# <<- takes leading tabs away, and only those.
if true; then
	cat <<-END
	one tab
		two tabs
	  tab and spaces
    spaces only
	$(echo "	made tab")
	END
	cat <<-'END'
		$quoted
	mid	dle
	END
	for i in 1 2; do
		cat <<-X
			item $i
			X
	done
fi
v='	tabbed'
cat <<-END
	$v
	back\
	slash
END
cat <<END
	kept
END
