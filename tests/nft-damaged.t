#!/bin/sh
# nft-damaged: the same with nftables. See damaged.sh.
: "${builddir:=build}" "${srcdir:=.}"
enforcer=nftables
. "$srcdir/tests/damaged.sh"
damaged_run
