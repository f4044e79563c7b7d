#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: OpenFile= passes a stream to a service's program, as the example has it, and nobody else can open it
# requires: systemd module:dyndbg_trace module:dyndbg_test
cd ../recorder || exit 1
. ./recorder.sh

version=$(systemctl --version | sed -n 's/^systemd \([0-9]*\).*/\1/p')
[ "$version" -ge 253 ] || skip "OpenFile= is of systemd 253, this is $version"
example=/usr/share/doc/dd-recorder/openfile.conf
[ -r "$example" ] || fail "no $example"
units=/run/systemd/system
out=/run/ddr-openfile
openfile_clean_up() {
	systemctl stop ddr-open.service
	rm -rf $units/ddr-*.service $units/ddr-open.service.d $out
	systemctl daemon-reload
	# what the unit had open is closed when it has ended
	recorder_clean_up
}
trap openfile_clean_up EXIT
mkdir -m 700 $out

# The administrator's part, as the example has it
load dyndbg_trace
load dyndbg_test
must 'open other'
must 'open kms size=1M clock=mono; open other; module dyndbg_test device * +T:kms'
grep -q '^#: Default trace destination: other$' $control || fail "the default is another: $(grep '^#:' $control)"

# unit NAME USER: a service that says what fds it has, and reads the first
unit() {
	cat >"$units/$1.service" <<-EOF
		[Service]
		Type=oneshot
		User=$2
		StandardOutput=truncate:$out/$1
		StandardError=truncate:$out/$1.err
		ExecStart=/bin/sh $out.sh
	EOF
}
cat >$out.sh <<-'EOF'
	echo "$(id -un) $LISTEN_FDS $LISTEN_FDNAMES $([ "$LISTEN_PID" = $$ ] && echo mine)"
	[ -n "$LISTEN_FDS" ] || exit 0
	readlink /proc/$$/fd/3
	ls /proc/$$/fd | tr '\n' ' '
	echo
	cat <&3
	echo again
	# the file again, by another way: that is the kernel's to refuse
	cat /proc/self/fd/3 || echo "not opened again"
	echo x >&3 || echo "not written"
EOF
chmod 644 $out.sh
unit ddr-open ddr1
unit ddr-plain ddr1
mkdir -p $units/ddr-open.service.d
cp "$example" $units/ddr-open.service.d/
systemctl daemon-reload
systemd-analyze verify --man=no $units/ddr-open.service >"$tmp/verify" 2>&1 || fail "systemd-analyze verify: $(cat "$tmp/verify")"
! grep -i openfile "$tmp/verify" || fail "systemd-analyze verify has something to say"

fire pr 3
systemctl start ddr-open.service || fail "it does not start: $(systemctl status ddr-open.service; cat $out/ddr-open*)"
head -n 2 $out/ddr-open | diff - <(printf '%s\n' "ddr1 1 kms.snapshot mine" "$instances/kms/trace") || fail "not what was expected: $(cat $out/ddr-open)"
for n in 0 1 2; do
	[ "$(sed '/^again/,$d' $out/ddr-open | grep -c "pr message $n\$")" = 1 ] || fail "it does not read message $n: $(cat $out/ddr-open)"
done
sed -n '/^again/,$p' $out/ddr-open | diff - <(printf '%s\n' again "not opened again" "not written") || fail "more than was passed: $(cat $out/ddr-open)"
[ "$(sed -n 3p $out/ddr-open)" = "0 1 2 3 " ] || [ "$(sed -n 3p $out/ddr-open)" = "0 1 10 2 3 " ] || fail "fds: $(sed -n 3p $out/ddr-open)"

# Nobody else: the same user in another service, by itself, another user
systemctl start ddr-plain.service || fail "the other service does not start"
[ "$(cat $out/ddr-plain)" = "ddr1   " ] || fail "another service has fds: $(cat $out/ddr-plain)"
for user in ddr1 ddr2; do
	for file in trace trace_pipe trace_marker per_cpu/cpu0/trace_pipe_raw; do
		says 1 "ermission denied" as $user cat "$instances/kms/$file"
	done
done

# A second start reads what is held, and what came since; the records stay. With all that the example has, marks too.
fire other 2
sed -i 's/^#OpenFile=/OpenFile=/' $units/ddr-open.service.d/openfile.conf
sed -i '/^echo again/i [ "$LISTEN_FDS" = 1 ] || echo a mark >\&5' $out.sh
systemctl daemon-reload
systemctl start ddr-open.service || fail "it does not start again"
grep -q 'pr message 2$' $out/ddr-open && grep -q 'other message 1$' $out/ddr-open || fail "a second start reads: $(cat $out/ddr-open)"
[ "$(head -n 1 $out/ddr-open)" = "ddr1 3 kms.snapshot:kms.live:kms.mark mine" ] || fail "three fds: $(cat $out/ddr-open)"
[ "$(records kms 'a mark')" = 1 ] || fail "no mark: $(cat $out/ddr-open.err)"

# Where there is no such stream the service does not start, but with graceful it does.
must 'device * -T:kms; close kms'
rmdir "$instances/kms" || fail "the stream is still open"
! systemctl start ddr-open.service 2>/dev/null || fail "it starts without the stream"
sed -i 's/:read-only$/&,graceful/; s/:kms.mark$/&:graceful/' $units/ddr-open.service.d/openfile.conf
systemctl daemon-reload
systemctl start ddr-open.service || fail "graceful: it does not start"
[ "$(cat $out/ddr-open)" = "ddr1   " ] || fail "graceful: $(cat $out/ddr-open)"
rm -f $out.sh
must 'close other'
exit 0
