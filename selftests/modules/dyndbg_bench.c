// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measures what a message costs, for selftests/bench/cost:
 *   modprobe dyndbg_bench device=0000:00:02.0 other=0000:00:03.0 instance=bench
 *   echo "CASE ROUNDS" > /sys/module/dyndbg_bench/parameters/run
 *   cat /sys/module/dyndbg_bench/parameters/result	(nanoseconds a round, two decimals)
 *   echo "TEXT" > /sys/module/dyndbg_bench/parameters/say	(trace_array_printk())
 *
 * Where one instruction is one nanosecond (QEMU's -icount shift=0) that is a count of
 * instructions. Interrupts are off meanwhile. A round is a call through a pointer, as
 * "nothing" shows, which is to be taken off every other figure.
 */
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/trace.h>
#include <linux/trace_events.h>
#include <drm/drm_print.h>

#define CREATE_TRACE_POINTS
#include "dyndbg_bench_trace.h"

static char *device, *other, *instance = "bench";
module_param(device, charp, 0400);
MODULE_PARM_DESC(device, "a PCI device that a card belongs to");
module_param(other, charp, 0400);
MODULE_PARM_DESC(other, "another one");
module_param(instance, charp, 0400);
MODULE_PARM_DESC(instance, "the trace instance that the kernel's own ways write to; it must exist");

static struct device *dev, *other_dev;
static struct trace_array *tr;
static struct trace_event_file *file;
static char long_text[201];
static u64 result;

/* What most atomic messages look like. */
#define ATOMIC		"Added [%s:%d:%s] %p state to %p\n"
#define ATOMIC_ARGS	"CRTC", 37, "crtc-0", dev, other_dev

static noinline void nothing(void)
{
	barrier();
}

static noinline void empty_event(void)
{
	trace_event_raw_event_bench_empty(file, 0);
}

static noinline void drm_atomic(void)
{
	drm_dev_dbg(dev, DRM_UT_ATOMIC, ATOMIC, ATOMIC_ARGS);
}

static noinline void drm_other(void)
{
	drm_dev_dbg(other_dev, DRM_UT_ATOMIC, ATOMIC, ATOMIC_ARGS);
}

static noinline void three_ints(void)
{
	pr_debug("queue %d: head %d, tail %d\n", 3, 1027, 998);
}

static noinline void one_string(void)
{
	pr_debug("%s\n", long_text);
}

/* Never turned on. */
static noinline void off(void)
{
	pr_debug("off " ATOMIC, ATOMIC_ARGS);
}

static noinline void array_printk(void)
{
	trace_array_printk(tr, _THIS_IP_, ATOMIC, ATOMIC_ARGS);
}

static noinline void global_printk(void)
{
	trace_printk(ATOMIC, ATOMIC_ARGS);
}

static noinline void debug_printk(void)
{
	printk(KERN_DEBUG ATOMIC, ATOMIC_ARGS);
}

static const struct { const char *name; void (*round)(void); } cases[] = {
	{ "nothing", nothing }, { "empty-event", empty_event }, { "drm-atomic", drm_atomic },
	{ "drm-other", drm_other }, { "three-ints", three_ints }, { "one-string", one_string },
	{ "off", off }, { "trace_array_printk", array_printk }, { "trace_printk", global_printk },
	{ "printk", debug_printk },
};

static int run_set(const char *val, const struct kernel_param *kp)
{
	void (*round)(void) = NULL;
	unsigned int i, rounds;
	unsigned long flags;
	char name[32];
	u64 start;

	if (sscanf(val, "%31s %u", name, &rounds) != 2 || !rounds)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (!strcmp(cases[i].name, name))
			round = cases[i].round;
	if (!round)
		return -EINVAL;
	round(); /* what is done once for a site is not a round's */
	local_irq_save(flags);
	start = ktime_get_ns();
	for (i = 0; i < rounds; i++)
		round();
	result = div_u64((ktime_get_ns() - start) * 100, rounds);
	local_irq_restore(flags);
	return 0;
}

static int result_get(char *buffer, const struct kernel_param *kp)
{
	u32 cents;
	u64 whole = div_u64_rem(result, 100, &cents);

	return sprintf(buffer, "%llu.%02u\n", whole, cents);
}

/* What a message takes up as a text: the kernel's own way to put one into a ring. */
static int say_set(const char *val, const struct kernel_param *kp)
{
	if (!tr) /* said to modprobe */
		return -EINVAL;
	return trace_array_printk(tr, _THIS_IP_, "%s", val) > 0 ? 0 : -ENOSPC;
}

static const struct kernel_param_ops say_ops = { .set = say_set };
module_param_cb(say, &say_ops, NULL, 0200);
static const struct kernel_param_ops run_ops = { .set = run_set };
module_param_cb(run, &run_ops, NULL, 0200);
static const struct kernel_param_ops result_ops = { .get = result_get };
module_param_cb(result, &result_ops, NULL, 0444);

static int __init dyndbg_bench_init(void)
{
	int rc = -ENODEV;

	if (!device || !other)
		return -EINVAL;
	memset(long_text, 'x', sizeof(long_text) - 1);
	dev = bus_find_device_by_name(&pci_bus_type, NULL, device);
	other_dev = bus_find_device_by_name(&pci_bus_type, NULL, other);
	if (!dev || !other_dev)
		goto err_devices;
	file = trace_get_event_file(instance, "dyndbg_bench", "bench_empty");
	if (IS_ERR(file)) {
		rc = PTR_ERR(file);
		goto err_devices;
	}
	module_put(THIS_MODULE); /* the event's module is ourselves, and could never go */
	tr = file->tr;
	rc = trace_array_init_printk(tr);
	if (!rc)
		return 0;
	trace_array_put(tr);
err_devices:
	put_device(other_dev);
	put_device(dev);
	return rc;
}

static void __exit dyndbg_bench_exit(void)
{
	trace_array_put(tr);
	put_device(other_dev);
	put_device(dev);
}

module_init(dyndbg_bench_init);
module_exit(dyndbg_bench_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("What a message costs");
