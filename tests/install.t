#!/bin/sh
# install: what `make install` brings is complete, in its place, works from
# there, and `make uninstall` takes all of it away. And what configure refuses
# to build against.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

# The directories that this build was configured with: tools/prepare says
# --prefix=/usr --sysconfdir=/etc --libdir=/usr/lib/x86_64-linux-gnu.
for word in $(make -s -C "$builddir" print-layout); do
	case $word in
	prefix=/*) prefix=${word#*=} ;;
	libdir=/*) libdir=${word#*=} ;;
	esac
done
root=$lab/root

# ---- what is installed, and where ----

# The names below a directory of the source, under another one.
named() { # DIRECTORY FILE...
	named_in=$1
	shift
	for named_file; do
		echo "$named_in/${named_file##*/}"
	done
}
want() {
	share=$prefix/share
	doc=$share/doc/omsaslban
	echo "$libdir/rsyslog/omsaslban.so"
	echo "$prefix/sbin/saslbanctl"
	named "$share/saslban/filter.d" "$srcdir"/filter.d/*.conf
	echo "$share/saslban/saslban.nft"
	echo "$share/saslban/saslban.rules"
	echo "$share/saslban/saslban.sets"
	echo "$share/saslban/saslban-firewall"
	echo "$prefix/lib/systemd/system/saslban-firewall.service"
	echo "$prefix/lib/systemd/system/saslban-sets.service"
	echo "$share/bash-completion/completions/saslbanctl"
	echo "$share/zsh/vendor-completions/_saslbanctl"
	named "$share/man/man5" "$srcdir"/docs/*.5
	named "$share/man/man8" "$srcdir"/docs/*.8
	named "$doc" "$srcdir"/*.md "$srcdir/LICENSE"
	named "$doc/docs" "$srcdir"/docs/*.md "$srcdir"/docs/*.[1-9]
	named "$doc/docs/schema" "$srcdir"/docs/schema/*.json
	named "$doc/docs/monitoring" "$srcdir"/docs/monitoring/*
	echo "$doc/ipset/README.md"
	named "$doc/examples" "$srcdir"/rsyslog.d/*.conf
	named "$doc/examples/imfile" "$srcdir"/rsyslog.d/imfile/*.conf
}
have() {
	(cd "$root" && find . ! -type d) | sed 's/^\.//' | sort
}
ok "make install" make -C "$builddir" install DESTDIR="$root"
is "every file is in its place, and no other" "$(have)" "$(want | sort)"
is "programs can be run, and nothing else" \
	"$(cd "$root" && find . -type f -perm -1 | sed 's/^\.//' | sort)" \
	"$(printf '%s\n' "$libdir/rsyslog/omsaslban.so" \
		"$prefix/sbin/saslbanctl" \
		"$prefix/share/saslban/saslban-firewall" | sort)"
is "everybody can read it, nobody else can write" \
	"$(find "$root" ! -type l ! -perm -444 -o -perm /022 ! -type l)" ""
units=$root$prefix/lib/systemd/system
is "what the units run is installed" \
	"$(sed -n 's/^Exec[A-Z][a-z]*=\([^ ]*\).*/\1/p' "$units"/* | sort -u)" \
	"$prefix/share/saslban/saslban-firewall"
for page in README.md CONTRIBUTING.md ipset/README.md docs/ARCHITECTURE.md; do
	at=$root$prefix/share/doc/omsaslban/$page
	# shellcheck disable=SC2013 # links hold no blanks
	for link in $(sed -n 's/.*](\([^)#:]*\)).*/\1/p' "$at"); do
		ok "installed $page: a link leads to $link" \
			test -e "${at%/*}/$link"
	done
done
unlike "nothing is left to be filled in" "$(cat "$units"/*)" '@'

# ---- it works from there ----

# The installed tree, laid over the machine's own in this namespace.
top=$prefix
while [ ! -d "$top" ]; do
	top=$(dirname "$top")
done
ok "the new files stand where they will" mount -n -t overlay overlay \
	-o "ro,lowerdir=$root$top:$top" "$top"
PATH=$prefix/sbin:$PATH
# By its name the module is found where rsyslogd's own are, or where -M says.
modules=$(dirname "$(find /usr/lib -name imptcp.so | head -n 1)")
cat >"$lab/rsyslogd" <<END
#!/bin/sh
exec $rsyslogd -M "$modules:$libdir/rsyslog" "\$@"
END
rsyslogd=$lab/rsyslogd
chmod +x "$rsyslogd"

examples=$prefix/share/doc/omsaslban/examples
mount -n -t tmpfs tmpfs /var/lib
mkdir /var/lib/saslban
cat >"$lab/examples" <<END
global(workDirectory="$lab")
include(file="$examples/30-*.conf")
include(file="$examples/31-*.conf")
include(file="$examples/events-*.conf")
module(load="imfile")
include(file="$examples/imfile/*.conf")
END
ok "rsyslogd takes the examples" "$rsyslogd" -N1 -f "$lab/examples"
cat >"$lab/examples" <<END
global(workDirectory="$lab")
include(file="$examples/3*.conf")
END
ok "and the one that sends mails, too" "$rsyslogd" -N1 -f "$lab/examples"
like "saslbanctl finds the filters" \
	"$(guess 198.51.100.1 | saslbanctl test - --filter postfix 2>&1)" \
	198.51.100.1

lab_up
ok "the sets and the rule" "$prefix/share/saslban/saslban-firewall" install
module=omsaslban
conf </dev/null
sed -i 's/filter.path="[^"]*"//' "$lab/conf"
ok "rsyslogd starts with the module, by its name" rsyslog_start
three 198.51.100.1 | say
ok "who guesses is banned" soon banned 198.51.100.1
like "saslbanctl shows it" "$(saslbanctl -d "$database" list)" \
	'^198\.51\.100\.1 +sasl'
ok "rsyslogd stops" rsyslog_stop
umount -l "$top"

ok "make uninstall" make -C "$builddir" uninstall DESTDIR="$root"
is "nothing is left of it" "$(
	have
	find "$root$prefix" "$root$libdir" -mindepth 1 -name '*saslban*'
)" ""

# ---- what configure refuses ----

configure=$(sed -n 's|^abs_srcdir = ||p' "$builddir/Makefile")/configure
source=$(sed -n 's|^RSYSLOG_SOURCE = ||p' "$builddir/Makefile")

# refused TITLE PATTERN ARGUMENT...: exit 1, and one sentence that says so.
refused() {
	refused_title=$1
	refused_pattern=$2
	shift 2
	refused_said=$(cd "$lab" && "$configure" -q "$@" 2>&1 </dev/null)
	is "$refused_title: configure stops" "$?" 1
	like "$refused_title: and says what to do" "$refused_said" \
		"^configure: error: .*$refused_pattern"
}
# headers NAME FILE EDIT: rsyslog's source, as links, with one FILE changed.
headers() {
	mkdir "$lab/$1" &&
		cp -rs "$source/." "$lab/$1" &&
		rm "$lab/$1/$2" &&
		sed "$3" "$source/$2" >"$lab/$1/$2"
}
refused "no headers" \
	"not in '$lab/none'; run tools/fetch-rsyslog-headers DIR and give --with" \
	--with-rsyslog-source="$lab/none"

headers older configure.ac 's/^\(AC_INIT(\[rsyslog\],\)\[[^]]*/\1[8.2112.0/'
refused "headers of another version" \
	"are 8\.2112\.0; run tools/fetch-rsyslog-headers for the headers of" \
	--with-rsyslog-source="$lab/older"

headers longer runtime/msg.h 's/^struct msg {/&\n\tvoid *of_another_build;/'
refused "another layout" "do not have the layout .*; look into plugin/omsaslban/rsyslog" \
	--with-rsyslog-source="$lab/longer"

refused "a library that is not here" \
	"on Debian: apt-get install libestr-dev libfastjson-dev" \
	--with-rsyslog-source="$source" PKG_CONFIG_LIBDIR=/nowhere
done_testing
