exec 2>&1
cd /etc; /bin/pwd; /bin/pwd -P; /bin/pwd -L; pwd
cd /etc/caps/..; /bin/pwd; (cd /; /bin/pwd); /bin/pwd
/bin/pwd -z; echo $?
PWD=/wrong /bin/pwd -L; env PWD=relative /bin/pwd -L
