/* SPDX-License-Identifier: GPL-2.0-only */
/* The formats of our events, as events/dyndbg/EVENT/format in tracefs has them (x86-64, 6.12). */
#ifndef DDR_TEST_FORMATS_H
#define DDR_TEST_FORMATS_H

#define COMMON									\
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"	\
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"	\
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"	\
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
#define PRDBG	"name: prdbg\nID: 77\nformat:\n" COMMON				\
	"\tfield:u32 site;\toffset:8;\tsize:4;\tsigned:0;\n"			\
	"\tfield:__data_loc u8[] args;\toffset:12;\tsize:4;\tsigned:0;\n"	\
	"\tfield:u8 flags;\toffset:16;\tsize:1;\tsigned:0;\n"			\
	"\tfield:u8 prefix;\toffset:17;\tsize:1;\tsigned:0;\n"			\
	"\nprint fmt: \"%s\", dd_read_prdbg(p, REC->site)\n"
#define DEVDBG	"name: devdbg\nID: 78\nformat:\n" COMMON			\
	"\tfield:u32 site;\toffset:8;\tsize:4;\tsigned:0;\n"			\
	"\tfield:__data_loc u8[] args;\toffset:12;\tsize:4;\tsigned:0;\n"	\
	"\tfield:u16 device;\toffset:16;\tsize:2;\tsigned:0;\n"			\
	"\tfield:s16 minor;\toffset:18;\tsize:2;\tsigned:1;\n"			\
	"\tfield:u8 flags;\toffset:20;\tsize:1;\tsigned:0;\n"			\
	"\tfield:u8 prefix;\toffset:21;\tsize:1;\tsigned:0;\n"			\
	"\nprint fmt: \"%s\", dd_read_devdbg(p, REC->site)\n"

#endif
