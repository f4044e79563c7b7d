#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: 500 and more generated stock queries: the same result and listing with our modules as without
# timeout: 240

. "$(dirname "$0")/../lib.sh"

seed=${DDR_SEED:-1}
programs=../programs/build
twin=/sys/kernel/debug/dynamic_debug/control

# Forms that are not the same, each with what of the specification makes it so. Most are refused by the stock kernel; what
# it accepts and takes otherwise is some of new-percent and new-comma.
exceptions=$(
	cat <<-E
		new-flags	T, :NAME and . are flags
		new-commands	open and close are commands
		new-matches	label is a keyword
		new-percent	% separates commands on every kernel
		new-comma	commas separate words on every kernel
		new-pairs	all the matches in one query, where the stock kernel takes four
		new-quoted	; in quotes is text, where the stock kernel cuts the query there
	E
)

# Puts the flags back that some sites are born with.
born() {
	ddcmd '=_'
	for class in $(sed -n 's/.* class:\([A-Z0-9_]*\)$/\1/p' "$tmp/listing" | sort -u); do ddcmd "class $class =_"; done
	sed -n 's/^\(.*\):\([0-9]*\) \[\(.*\)\].* =\([a-z]*\) ".*/module \3 file \1 line \2 =\4/p' "$tmp/listing" |
		while read -r query; do ddcmd "$query"; done
}

load dyndbg_test
load dyndbg_test_class
cat $control >"$tmp/listing"
$programs/gen-queries "$tmp/listing" "$seed" >"$tmp/queries" || fail "no queries"
sysctl -q kernel.printk=1

ddcmd '=_'
$programs/run-queries "$tmp/queries" $control $twin >"$tmp/stock" || fail "cannot run the queries on the stock kernel"
ddcmd '=_'
load dyndbg_trace
modprobe dyndbg_drm || echo "# without dyndbg_drm"
$programs/run-queries "$tmp/queries" $control $twin >"$tmp/ours" || fail "cannot run the queries with our modules"
[ ! -d /sys/module/dyndbg_drm ] || rmmod dyndbg_drm || fail "cannot unload dyndbg_drm"
rmmod dyndbg_trace || fail "cannot unload dyndbg_trace"
born
diff "$tmp/listing" $control || fail "the queries do not end where they began"

# Paragraph by paragraph. Every query of an excepted form has to differ, or it is none.
awk -F '\n' -v exceptions="$exceptions" -v stock="$tmp/stock" -v seed="$seed" '
	BEGIN {
		for (n = split(exceptions, lines, "\n"); n; n--)
			excepted[substr(lines[n], 1, index(lines[n], "\t") - 1)] = lines[n]
		RS = ""
	}
	{
		if ((getline theirs < stock) <= 0) {
			print "the second pass has more queries than the first"
			bad++
			exit
		}
		form = substr($1, 8, index($1, "\t") - 8)
		if (form == "reset")
			next
		compared += !(form in excepted)
		accepted += $2 !~ /: E/
		changing += NF > 2
		if ((theirs == $0) == (form in excepted) && bad++ < 10) {
			if (form in excepted)
				print "-- should differ, for " excepted[form]
			print "-- the stock kernel:\n" substr(theirs, 1, 1500)
			print "-- with our modules:\n" substr($0, 1, 1500)
		}
	}
	END {
		printf "%d queries compared, %d accepted, %d change the listing (seed %d)\n",
			compared, accepted, changing, seed
		exit bad || compared < 500 || changing < 250 || accepted > compared - 100
	}' "$tmp/ours" >"$tmp/report" || { cat "$tmp/report"; fail "seed $seed"; }
echo "1..1"
echo "ok 1 $(tail -n 1 "$tmp/report")"
