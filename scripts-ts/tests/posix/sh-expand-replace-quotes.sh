# Quotes and special characters in both halves of a replacement.
v='say "hi" & go'
echo "${v//\"/\'}"
echo "${v/&/and}" "${v//&/\\&}"
echo ${v//\"/} "${v//\"}"
single="it's"; echo "${single//\'/\"}" ${single/\'/\'\\\'\'}
q="'"; echo "${single//$q/\\$q}"
amp=hello; echo "${amp/l/[&]}" "${amp/l/[\&]}" "${amp//l/"&"}" ${amp/ell/'&&'}
r='&'; echo "${amp/h/$r}" "${amp/h/"$r"}"
dollar='cost $5'; echo "${dollar/\$/USD }" "${dollar//[\$ ]/_}"
t=$'tab\there'; echo "${t/$'\t'/ }" "${t//[[:space:]]/_}"
brackets='a[1]'; echo "${brackets/\[1\]/(2)}" "${brackets/[1]/9}" "${brackets//[][]/.}"
hash='#1'; echo "${hash/\#/No. }" "${hash/'#'/n}"; percent='5%'; echo "${percent/\%/ percent}" "${percent/'%'/p}"
