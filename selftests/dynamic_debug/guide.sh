#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: the administrator's guide: each of its examples, in order, shows what it says
# requires: file:/usr/share/doc/dd-recorder/dyndbg-trace.md drm module:dyndbg_test_drm
# timeout: 480
#
# An example is a block that begins with ```console. In it, "# COMMAND" is run in this shell, and the lines up to the next
# one are what it must print: "..." is any text in its line, and alone in a line any lines. A block that begins with
# ```console WORD is skipped where the word does not hold:
#   kernel>=VERSION
#   drm:found		DRM's sites are found by dyndbg_drm: the kernel does not list them itself

. "$(dirname "$0")/../lib.sh"

guide=/usr/share/doc/dd-recorder/dyndbg-trace.md

# matches GOT WANT, files
matches() {
	local got want line any="" n=0
	mapfile -t got <"$1"
	mapfile -t want <"$2"
	for line in "${want[@]}"; do
		[ "$line" != ... ] || { any=1; continue; }
		line=$(sed 's/[][*?\\]/\\&/g; s/\.\.\./*/g' <<<"$line")
		# shellcheck disable=SC2053
		while [ $n -lt ${#got[@]} ] && [[ ${got[n]} != $line ]]; do
			[ "$any" ] || return 1
			n=$((n + 1))
		done
		[ $n -lt ${#got[@]} ] || return 1
		n=$((n + 1)) any=""
	done
	[ "$any" ] || [ $n = ${#got[@]} ]
}

drm=found
! grep -q ' class:DRM_UT_' $control || drm=listed

# holds WORD
holds() {
	case $1 in
	"kernel>="*)	printf '%s\n' "${1#*=}" "$(uname -r)" | sort -CV ;;
	drm:found)	[ $drm = found ] ;;
	*)		fail "the guide has a block for '$1'" ;;
	esac
}

# For the guide's reader the kernel log begins here, whatever the tests before this one left in it.
mark_dmesg
dmesg() {
	command dmesg "$@" | sed "1,/$dmesg_mark/d"
}

wrong=0 run=0 command=""
# Runs the command read last, whose output was to be what is in $tmp/want.
judge() {
	[ "$command" ] || return 0
	run=$((run + 1))
	eval "$command" >"$tmp/said" 2>&1 </dev/null
	sed "s|^$0: line [0-9]*: |bash: |" "$tmp/said" >"$tmp/got"
	matches "$tmp/got" "$tmp/want" || {
		wrong=$((wrong + 1))
		echo "line $at: # $command"
		sed 's/^/  guide: /' "$tmp/want"
		sed 's/^/  here:  /' "$tmp/got"
	}
	command=""
}

in=no at=0
mapfile -t text <"$guide"
for i in "${!text[@]}"; do
	line=${text[i]}
	case $in:$line in
	no:'```console')	in=yes ;;
	no:'```console '*)
		in=yes
		holds "${line#* }" || in=skipped
		;;
	*:'```')		judge; in=no ;;
	yes:'# '*)
		judge
		command=${line#'# '} at=$((i + 1))
		: >"$tmp/want"
		;;
	yes:*)			printf '%s\n' "$line" >>"$tmp/want" ;;
	esac
done

echo "$run commands, $wrong not as the guide says"
[ $run -gt 100 ] || fail "too few examples to say anything"
[ $wrong = 0 ] || fail "the guide is wrong, or the modules are"
