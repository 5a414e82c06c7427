exec 2>&1
lsblk; lsblk -a | wc -l; lsblk --all -n | head -n 4 | tail -n 1; lsblk -b | tail -n 1 | cut -c1-20; lsblk --bytes --noheadings | wc -l; lsblk -H | head -n 1; lsblk --hash | tail -n 1 | wc -w; lsblk x
eject; doas eject cd0; echo $?; doas eject nothing; doas eject /dev/null; doas eject a b
doas mount /dev/usb0 /media/usb0; doas sh -c 'echo on the stick > /media/usb0/file'; lsblk | tail -n 1; df /media/usb0 | tail -n 1 | cut -d ' ' -f 1
cd /media/usb0; doas eject usb0; echo $?; cd; doas eject -v /media/usb0; mount | tail -n 1 | cut -d ' ' -f 1; lsblk | tail -n 1; doas mount /dev/usb0 /mnt; doas eject
doas eject -t; doas eject --trayclose; echo $?; doas mount /dev/usb0 /mnt; cat /mnt/file; doas eject --verbose; doas eject -t -v usb0
doas dd if=/dev/usb0 of=/tmp/copy.img status=none; doas mount /tmp/copy.img /mnt; cat /mnt/file; doas umount /mnt
mkdir d; echo other > d/file; doas mkimage -L other d /dev/usb0; doas mount /dev/usb0 /mnt; cat /mnt/file; doas umount /mnt
mkimage d d.img; doas dd if=d.img of=/dev/usb0 status=none; doas mount -r /dev/usb0 /mnt; cat /mnt/file; doas dd if=d.img of=/dev/usb0 status=none; echo $?
