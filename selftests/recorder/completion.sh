#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: bash completes commands, every option of the help texts, the streams that the caller may open, and accesses
# requires: drm:2 module:dyndbg_drm file:/usr/share/bash-completion/completions/dd-recorder
. ./recorder.sh

# completes WORD...: prints what the last may become, in a line
completes() {
	# shellcheck disable=SC2016
	runuser -u "${user:-root}" -- bash -c '
		. /usr/share/bash-completion/completions/dd-recorder
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_dd_recorder
		echo "${COMPREPLY[*]}"' bash dd-recorder "$@"
}
# is WANT WORD...
is() {
	local want=$1 got
	shift
	got=$(completes "$@")
	[ "$got" = "$want" ] || fail "'$*' completes to '$got', not '$want'"
}

both_cards
two_streams
start_daemon
is "daemon exec dump tail status info explain report --help --version" ""
is status st
for command in daemon exec dump tail status info report; do
	options=" $(completes $command -) "
	# Each that its usage or its list names, and no other
	for o in $(dd-recorder $command -h | grep -oE '(^|[][ ,])--?[a-z][-a-z]*' | grep -oE -- '-.*' | sort -u); do
		[[ $options == *" $o "* ]] || fail "$command: $o is not offered:$options"
	done
	for o in $options; do
		dd-recorder $command -h | grep -qE -- "(^|[][ ,])$o([] ,]|\$)" || fail "$command: there is no $o"
	done
done
is "virtio bochs" dump ""
is bochs tail b
user=ddr1 is virtio dump ""
user=ddr3 is "" dump ""
user=ddr1 is virtio exec --stream ""
is "snapshot live mark raw copy" exec --stream virtio : ""
is "live,snapshot" exec -S virtio : live,s
is dmesg exec -S virtio -- dmes
is /etc/hostname daemon -c /etc/hostn
is "" status -c ""
is "card0 card1" info c
is /etc/hostname info -s /etc/hostn
is /etc/hostname report -l /etc/hostn
is "" report -u nosuch
is "" nosuch ""
stop_daemon
is "" dump ""
# Another socket is asked where one is named.
is "" dump -s /nonexistent ""
