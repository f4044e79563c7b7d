# SPDX-License-Identifier: GPL-2.0-only
# Sourced by the scripts beside it: names, places and the one way into a root.
# shellcheck shell=bash

set -euo pipefail

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
vm=$repo/scripts/vm
cache=${XDG_CACHE_HOME:-${HOME:?HOME is not set, and XDG_CACHE_HOME neither: no place for the roots}/.cache}/dd-recorder
build=$repo/build

# Oldest first. To add one, see CONTRIBUTING.md.
all_kernels="6.1 6.12 backports"
# To be asked for by name. Its root takes as long as building a kernel does, for that is done for it: see debug.config.
more_kernels="debug"

# mke2fs and chroot are where the PATH of a user need not look.
PATH=$PATH:/usr/sbin:/sbin

me=${0##*/}

die() {
	printf '%s: %s\n' "$me" "$*" >&2
	exit 125
}

note() {
	printf '%s: %s\n' "$me" "$*" >&2
}

# The Debian suite whose own kernel (or its backports' kernel) KERNEL names.
suite_of() {
	case $1 in
	6.1)		echo bookworm ;;
	6.12)		echo trixie ;;
	backports)	echo trixie ;;
	qemu | browser | debug*)	echo trixie ;;
	*)		die "no suite is known for '$1'" ;;
	esac
}

known_kernel() {
	case " $all_kernels $more_kernels " in
	*" $1 "*) ;;
	*)	die "no such kernel: '$1' (there are: $all_kernels $more_kernels)" ;;
	esac
}

# The apt pocket that the kernel packages come from; empty for the suite itself.
pocket_of() {
	case $1 in
	backports)	echo trixie-backports ;;
	*)		echo "" ;;
	esac
}

# What a guest of KERNEL needs and a stock one does not: MiB, how much slower it is, kernel arguments.
memory_of() {
	case $1 in
	debug)	echo 4096 ;;
	*)	echo 2048 ;;
	esac
}

slowness_of() {
	case $1 in
	debug)	echo 4 ;;
	*)	echo 1 ;;
	esac
}

args_of() {
	case $1 in
	debug)	echo "ddr.slow=$(slowness_of debug) kasan_multi_shot rcupdate.rcu_cpu_stall_timeout=60" ;;
	esac
}

root_dir()	{ echo "$cache/roots/$1/root"; }
root_image()	{ echo "$cache/roots/$1/root.img"; }
root_stamp()	{ echo "$cache/roots/$1/stamp"; }
root_lock()	{ echo "$cache/roots/$1.lock"; }

# The kernel release that the root of KERNEL carries. The stamp is written last, so a root with one is whole.
root_kver() {
	local stamp
	stamp=$(root_stamp "$1")
	[ -r "$stamp" ] || die "no root for $1 yet: run scripts/vm/root $1"
	sed -n 's/^kver=//p' "$stamp"
}

# Sets the array qemu to the command that QEMU is: trixie's, from a root of its own, so that guests are the same whatever
# the host has.
qemu_command() {
	local dir
	dir=$(root_dir qemu)
	qemu=(env "QEMU_MODULE_DIR=$dir/usr/lib/x86_64-linux-gnu/qemu"
		"$dir/lib64/ld-linux-x86-64.so.2" --library-path "$dir/usr/lib/x86_64-linux-gnu"
		"$dir/usr/bin/qemu-system-x86_64" -L "$dir/usr/share/qemu" -L "$dir/usr/share/seabios")
}

# Runs a command in mount and pid namespaces of its own, as root of them: what it mounts and starts goes when it
# ends, also when it is killed. Without root that is a user namespace with the user's subordinate ids in it.
in_ns() {
	if [ "$(id -u)" = 0 ]; then
		unshare --mount --pid --fork --kill-child "$@"
	else
		unshare --map-root-user --map-auto --mount --pid --fork --kill-child "$@"
	fi
}

# As root mmdebstrap mounts /proc, /sys and /dev/shm where it works: in a namespace of its own, or one that was killed
# would leave them there for the next rm -rf to find. Without root it makes one itself.
own_mounts() {
	if [ "$(id -u)" = 0 ]; then
		in_ns "$@"
	else
		"$@"
	fi
}

# in_root ROOTDIR BINDS COMMAND...: COMMAND with ROOTDIR as its /, in in_ns. BINDS has a line "TARGET SOURCE" for each
# directory to show in it; the targets must be there. The root itself is read-only to it: other checkouts use it too.
in_root() {
	in_ns bash -euc '
		root=$1 binds=$2
		shift 2
		mount --bind "$root" "$root"
		mount -t proc proc "$root/proc"
		mount -t tmpfs tmpfs "$root/tmp"
		mount -t tmpfs -o mode=755 tmpfs "$root/dev"
		for node in null zero full random urandom tty; do
			: >"$root/dev/$node"
			mount --bind "/dev/$node" "$root/dev/$node"
		done
		ln -s /proc/self/fd "$root/dev/fd"
		while read -r target source; do
			[ -z "$target" ] || mount --bind "$source" "$root$target"
		done <<<"$binds"
		mount -o remount,bind,ro "$root"
		exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 "$@"
	' in_root "$@"
}
