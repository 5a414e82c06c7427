A=value
cat <<END
text $A ${A}x $(echo sub) \$A "quoted" 'single'
 indented
END
cat <<'END'
text $A `x` \
END
cat <<-END
	tabs
		go $A
	END
cat <<A; cat <<B
first
A
second
B
cat <<END | cat -n
piped
END
echo before; cat <<"E D"; echo after
spaced
E D
cat <<END
joined \
line
END
head -n 1 <<END && echo done
x
y
END
