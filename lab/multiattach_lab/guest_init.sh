#!/bin/busybox sh
# First process of a guest of the lab.
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts
mount -t devpts pts /dev/pts
while read -r module; do
    insmod "/modules/$module"
done < /modules/order
ip link set lo up
ip link set eth0 up
# QEMU's own network.
ip addr add 10.0.2.15/24 dev eth0
ip route add default via 10.0.2.2
# The disk comes a moment after its driver.
while ! mount -t iso9660 -o ro /dev/sr0 /config; do
    sleep 0.2
done
data=/config/openstack/latest/meta_data.json
hostname "$(sed -n 's/.*"hostname": "\([^"]*\)".*/\1/p' $data)"
sed -n 's/.*"public_keys": {"[^"]*": "\([^"\\]*\).*/\1/p' $data \
    > /root/.ssh/authorized_keys
chmod 600 /root/.ssh/authorized_keys
umount /config
dropbear -F -E -s -r /etc/dropbear/key &
echo "The guest is ready."
# Reap what ends.
while :; do
    wait
    sleep 1
done
