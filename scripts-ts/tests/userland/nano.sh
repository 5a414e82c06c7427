nano --help
echo "-- there is no terminal"
nano file
echo $?
nano -l -v -i -c -R -E -T 4 -Y none +1,2 file
echo $?
nano -S -r 60 file
echo $?
nano -r wide file
echo $?
nano -T 0 file
echo $?
nano -q
echo $?
