# SPDX-License-Identifier: GPL-2.0-only
# dd-recorder: kernel modules and tools. "make help" says what there is.

KVER	?= $(shell uname -r)
KDIR	?= /lib/modules/$(KVER)/build
DESTDIR	?=
PREFIX	?= /usr
KERNELS	?= 6.1 6.12 backports
SECS	?= 60

.PHONY: all modules tools unit fuzz check bench demo install modules_install tools_install clean help

all: modules tools

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:
	$(MAKE) -C tools PREFIX=$(PREFIX)

unit:
	@$(MAKE) -s -C selftests/unit
	@$(MAKE) -s -C tools check MORE_TESTS="$$($(MAKE) -s --no-print-directory -C selftests/unit list)"

fuzz:
	@scripts/vm/setup fuzz
	@$(MAKE) -s -C selftests/unit fuzzers
	@$(MAKE) -s -C tools fuzzers
	@selftests/unit/fuzz $(SECS)

check:
	scripts/vm/setup
	scripts/vm/check $(KERNELS)

bench:
	scripts/vm/setup
	scripts/vm/bench $(if $(CHART),--chart $(CHART)) $(if $(LTTNG),--lttng) $(KERNELS)

demo:
	scripts/vm/setup
	scripts/vm/demo

install: modules_install tools_install

modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates modules_install
	# Debian's headers have no System.map, without which the kernel's makefiles leave this out.
	$(if $(DESTDIR),,depmod -a $$(cat $(KDIR)/include/config/kernel.release))

tools_install:
	$(MAKE) -C tools DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) install

clean:
	if [ -e $(KDIR) ]; then $(MAKE) -C $(KDIR) M=$(CURDIR) clean; fi
	$(MAKE) -C tools clean
	$(MAKE) -C selftests clean
	$(MAKE) -C selftests/unit clean
	rm -rf build

help:
	@echo 'make              the modules for KVER ($(KVER)) and the tools'
	@echo 'make modules      the modules; KVER= or KDIR= choose another kernel'
	@echo 'make tools        the tools'
	@echo 'make unit         the unit tests of the tools and of the pure logic, here'
	@echo 'make bench        what recording costs, counted in guests: instructions, bytes, time; KERNELS="$(KERNELS)"'
	@echo '                  CHART=Documentation/cost.svg: its chart there, too; LTTNG=1: LTTng beside it'
	@echo 'make fuzz         the pure logic, and what the daemon reads, against random input, for SECS ($(SECS)) seconds; installs clang'
	@echo 'make check        unit tests and selftests with stock kernels in guests; KERNELS="$(KERNELS)"'
	@echo 'make demo         two compositors, each with the kernel messages of its own card, in a guest'
	@echo 'make install      both, below DESTDIR, programs below PREFIX ($(PREFIX))'
	@echo 'make clean        removes what was built here, build/ too; not the cached guest roots'
	@echo
	@echo 'scripts/vm/run --help    runs any command in a guest that has this work tree'"'"'s build'
	@echo 'scripts/vm/shell         an interactive one'
