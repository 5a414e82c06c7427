# What dirname and basename do, by expansions alone.
base() { local p=${1%"${1##*[!/]}"}; p=${p##*/}; echo "${p:-/}"; }
dir() { local p=${1%/*}; case $1 in */*) echo "${p:-/}";; *) echo .;; esac; }
for path in /usr/lib/x.so x.so ./x.so /x /a/b.c/d; do
	echo "$path: $(base $path) $(dir $path)"
	[ "$(base $path)" = "$(basename $path)" ] && [ "$(dir $path)" = "$(dirname $path)" ] || echo differs
done
base /trailing//; base /
file=report.2035.txt
name=${file%.*} extension=${file##*.}
echo "$name|$extension|${file%%.*}|${name#*.}"
plain=Makefile; echo "${plain%.*}|${plain##*.}"; [ "${plain##*.}" = "$plain" ] && echo no extension
hidden=.profile; echo "[${hidden%.*}] [${hidden##*.}]"
for f in a.jpeg b.JPG c.png; do echo "${f%.*}.${f##*.}" "${f/%.jpeg/.jpg}"; done
url=https://host.example:8080/path/page?query=1
rest=${url#*://}; host=${rest%%/*}
echo ${url%%://*} ${host%:*} ${host##*:} /${rest#*/} ${url##*\?}
