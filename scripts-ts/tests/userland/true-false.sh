/bin/true; echo $?; /bin/true ignored -z; echo $?; /bin/false; echo $?; /bin/false x; echo $?
