exec 2>&1
nc -l -c 'printf "login: "; read name; echo "hello $name"' 2300 & sleep 0.1; echo guest | telnet localhost 2300; echo $?
# What it is asked to do it answers: terminal type and window size, but not to echo.
nc -l -c "printf '\\377\\375\\030\\377\\375\\037\\377\\375\\001\\377\\372\\030\\001\\377\\360'; od -An -tu1" 2301 & sleep 0.1; sleep 0.3 | telnet -E localhost 2301; wait
telnet localhost 2302; echo $?; telnet nobody; echo $?; telnet localhost none; echo $?; telnet; echo $?; telnet -l me localhost 2303 | head -n 1
