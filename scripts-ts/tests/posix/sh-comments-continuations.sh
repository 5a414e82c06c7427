# Comments, joined lines, separators and blank lines.
echo one # comment
echo two#no comment '#' "#" \# a#b # yes ' unbalanced " ` $(
# a comment line with if then ( {
	# an indented one
echo three; # after a semicolon
echo four;echo five ;echo six

echo joi\
ned words\
 here
ec\
ho split command
echo "in \
quotes" 'not \
here'
echo a \
  b \
  c
if true # condition
then # then
	echo seven # body
fi # end
for i in 1 \
	2 # list
do echo $i; done
case x in # subject
# before a pattern
x) # after it
	echo eight # body
	;; # end
esac
f() # a function
{ # its body
	echo nine
} # done
f
echo ten |
	# between pipes
	cat
true &&
	# between lists
	echo eleven
list=(a # first
	# only a comment
	b)
echo ${#list[@]}; x=1; # last
echo $((1 +
2))
: <<'END'
not run: echo no
END
echo ${x#1}${x##2} $# "${x#*}"; echo end;
