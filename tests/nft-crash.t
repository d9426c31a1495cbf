#!/bin/sh
# nft-crash: fifteen kills with nftables. See crash.sh.
: "${builddir:=build}" "${srcdir:=.}"
enforcer=nftables KILLS=15
. "$srcdir/tests/crash.sh"
crash_campaign
