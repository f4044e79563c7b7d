/* SPDX-License-Identifier: GPL-2.0-only */
/* The page that timeline-html.c writes in front of a timeline: PAGE is the file of tools/page/assemble. */
	.section .rodata
	.globl timeline_page, timeline_page_end
timeline_page:
	.incbin PAGE
timeline_page_end:
	.section .note.GNU-stack, "", %progbits
