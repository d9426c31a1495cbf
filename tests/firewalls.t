#!/bin/sh
# firewalls: saslban-firewall beside the firewalls that Debian has, each as its
# package brings it: nftables, ufw, firewalld, Shorewall. Real packets before
# and after the firewall is loaded again.
#
# All but nft are unpacked in build/firewalls (tools/prepare) and laid over the
# machine's own files in this namespace.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/session.sh"

SASLBAN_SETS=$srcdir/ipset/saslban.sets
SASLBAN_RULES=$srcdir/ipset/saslban.rules
export SASLBAN_SETS SASLBAN_RULES
firewall=$srcdir/ipset/saslban-firewall
if [ ! -d "$builddir/firewalls" ]; then
	skip "the firewalls" "they are not unpacked; see tools/prepare"
	done_testing
fi
cd /

# over DIRECTORY: what is unpacked, and can be written without a trace
mkdir /run/over
cp -a "$builddir/firewalls" /run/walls # the tree may be below one of these
over() {
	mkdir "/run/over/$1" "/run/over/$1.work"
	mount -n -t overlay overlay -o "lowerdir=/run/walls/$1:/$1" \
		-o "upperdir=/run/over/$1,workdir=/run/over/$1.work" "/$1"
}
for d in usr etc var; do
	ok "the firewalls' own files are in /$d" over $d
done
lab_up
listen 25 80

# in_place TITLE, thrown_out TITLE: as status says
in_place() {
	said=$("$firewall" status)
	is "$1: the rules are in place" $? 0
}
thrown_out() {
	said=$("$firewall" status)
	is "$1: the rules are not in place" $? 3
}
# bare: no rule of anybody is left; what came from one does not go to the next
bare() {
	"$firewall" remove
	nft flush ruleset
}

# ---- nftables ----

cat >"$lab/nftables.conf" <<'END'
flush ruleset
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif lo accept
		meta l4proto { icmp, ipv6-icmp } accept
		tcp dport { 25, 80, 143 } accept
	}
}
END
ok "nftables loads its rules" nft -f "$lab/nftables.conf"
ok "nftables: install" "$firewall" install
in_place nftables
keeps_out nftables drop
ok "nftables: a load that begins with a flush" nft -f "$lab/nftables.conf"
thrown_out "nftables, loaded again"
ok "nftables: install, as the unit does when nftables.service is loaded again" \
	"$firewall" install
in_place "nftables, after that"
keeps_out "nftables, after that" drop
sed -i 's/^flush ruleset/flush table inet filter/' "$lab/nftables.conf"
ok "nftables: a load that flushes what is its own" nft -f "$lab/nftables.conf"
in_place "nftables, loaded so"
bare

# ---- ufw ----

for f in before after user; do
	cp "/usr/share/ufw/iptables/$f.rules" \
		"/usr/share/ufw/iptables/${f}6.rules" /etc/ufw/
done
cp /usr/share/ufw/*.init /usr/share/ufw/ufw.conf /etc/ufw/
ok "ufw: install" "$firewall" install
ok "ufw begins" ufw --force enable
for p in 25 80 143; do
	ok "ufw lets port $p in" ufw allow $p/tcp
done
like "ufw accepts what is established" "$(iptables -S ufw-before-input)" \
	'RELATED,ESTABLISHED -j ACCEPT'
in_place ufw
keeps_out ufw drop
ok "ufw reload" ufw reload
in_place "ufw, reloaded"
keeps_out "ufw, reloaded" drop
echo 'saslban mail reject' >"$lab/reject"
ok "ufw: install, to reject" env SASLBAN_RULES="$lab/reject" "$firewall" install
ok "ufw reload" ufw reload
keeps_out "ufw, reloaded, reject" reject
ok "ufw: install" "$firewall" install
ok "ufw ends" ufw --force disable
in_place "ufw, disabled"
bare

# ---- firewalld ----

mkdir /run/dbus
cat >"$lab/dbus.conf" <<'END'
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
END
dbus-daemon --config-file="$lab/dbus.conf" --nofork --nopidfile \
	>"$lab/dbus.said" 2>&1 &
soon test -S /run/dbus/system_bus_socket

firewalld_start() {
	firewalld --nofork --nopid >"$lab/firewalld.said" 2>&1 &
	firewalld=$!
	wait_for 6 firewall-cmd --state # 120 times, each of them a Python
}
ok "firewalld begins" firewalld_start
for p in 25 80 143; do
	ok "firewalld lets port $p in" \
		firewall-cmd --permanent --add-port $p/tcp
done
ok "firewalld reload" firewall-cmd --reload
ok "firewalld: install" "$firewall" install
in_place firewalld
keeps_out firewalld drop
direct=$(cat /etc/firewalld/direct.xml)
ok "firewalld: install again" "$firewall" install
is "firewalld: changes nothing" "$(cat /etc/firewalld/direct.xml)" "$direct"
ok "firewalld reload" firewall-cmd --reload
in_place "firewalld, reloaded"
keeps_out "firewalld, reloaded" drop
kill "$firewalld"
wait "$firewalld"
ok "firewalld begins, as after a reboot" firewalld_start
in_place "firewalld, restarted"
ok "firewalld: install, to reject" \
	env SASLBAN_RULES="$lab/reject" "$firewall" install
ok "firewalld reload" firewall-cmd --reload
keeps_out "firewalld, reloaded, reject" reject

# Another's rule in the same chain is not ours.
ok "firewalld: a rule of the admin" firewall-cmd --permanent --direct \
	--add-rule ipv4 filter INPUT 0 -p udp --dport 9 -j DROP
ok "firewalld: remove" "$firewall" remove
ok "firewalld reload" firewall-cmd --reload
unlike "firewalld: nothing is left of ours" \
	"$(cat /etc/firewalld/direct.xml; iptables -S; iptables -t raw -S
		ip6tables -S; ip6tables -t raw -S)" saslban
like "firewalld: the admin's is still there" "$(iptables -S INPUT)" \
	'--dport 9 -j DROP'

# In a namespace that is not init's, firewalld is not told anything: it is the
# host's. The rules are put in beside it.
ok "beside another namespace's firewalld: install" \
	unshare -n "$firewall" install
unlike "beside another namespace's firewalld: it keeps nothing" \
	"$(cat /etc/firewalld/direct.xml)" saslban
kill "$firewalld"
wait "$firewalld"
bare

# ---- Shorewall ----

# sample N: the Nth piece of code that ipset/README.md has under Shorewall.
sample() {
	awk -v want="$1" '/^#/ { inside = /Shorewall/; n = 0; was = 0 }
	     { code = /^    / || (was && /^$/) }
	     inside && code && !was { n++ }
	     inside && code && n == want { sub(/^    /, ""); print }
	     { was = code }' "$srcdir/ipset/README.md" |
		sed "s|/usr/share/saslban/|$srcdir/ipset/|"
}
for v in '' 6; do
	dir=/etc/shorewall$v
	printf 'fw firewall\nnet ipv%s\n' "${v:-4}" >"$dir/zones"
	printf '?FORMAT 2\nnet mail\n' >"$dir/interfaces"
	printf '%s\n' 'fw all ACCEPT' 'net all DROP' 'all all REJECT' \
		>"$dir/policy"
	printf '%s\n' '?SECTION NEW' 'ACCEPT net fw tcp 25,80,143' \
		>"$dir/rules"
	sample 1 >"$dir/started"
done
like "Shorewall: the README has a line for its file 'started'" \
	"$(cat /etc/shorewall/started)" '^.*/saslban-firewall install$'
for v in '' 6; do
	ok "shorewall$v check" shorewall$v check
	ok "shorewall$v start" shorewall$v start
done
in_place Shorewall
keeps_out Shorewall drop
for v in '' 6; do
	ok "shorewall$v reload" shorewall$v reload
done
in_place "Shorewall, reloaded"
keeps_out "Shorewall, reloaded" drop

# Or with a rule of its own.
"$firewall" remove
for v in '' 6; do
	dir=/etc/shorewall$v
	rm "$dir/started"
	{
		sample 2
		cat "$dir/rules"
	} >"$lab/rules"
	cp "$lab/rules" "$dir/rules"
	ok "shorewall$v check, with a rule" shorewall$v check
	ok "shorewall$v reload, with a rule" shorewall$v reload
done
thrown_out "Shorewall, with a rule of its own"
keeps_out "Shorewall, with a rule of its own" drop
for v in '' 6; do
	ok "shorewall$v clear" shorewall$v clear
done
done_testing
