exec 2>&1
service status httpd | head -n 1 | tr -s ' '; curl -s localhost; echo $?
doas service enable httpd; doas service start httpd; sleep 0.5
curl -s localhost | grep h1; curl -s localhost/none > /dev/null
sleep 0.2; sed 's/\[.*\]/[now]/' /var/log/httpd/access.log
doas service stop httpd; curl -s localhost; echo $?
