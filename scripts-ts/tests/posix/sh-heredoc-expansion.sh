# What is alive in a here-document, and what is not.
v='a  b' n=3
cat <<END
$v "$v" '$v' \$v ${v} ${v#a} ${none:-"quoted"} ${none:-'single'} $((n+1)) $(echo "sub $v") `echo old`
back\\slash \x \" \' \` tab\there end\
joined; star * ~ {a,b} ; | & < > # no comment
  leading spaces "unbalanced ' quotes
$(cat <<IN
inner $v
IN
) after
${none:-two
lines} $ $% $. 100% \$HOME ${#v} $#
END
cat <<'END'
$v ${v} $(echo no) `echo no` \$ \\ \
next
END
cat <<"E N D"
$v
E N D
cat <<\END
\$v $v
END
cat <<E"N"D
$v partly quoted
END
