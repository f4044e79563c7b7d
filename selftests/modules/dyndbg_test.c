// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fires debug callsites of every kind for the selftests:
 *   echo "KIND COUNT" > /sys/module/dyndbg_test/parameters/fire
 *   echo 1 > /sys/module/dyndbg_test/parameters/storm
 */
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include "fire.h"
#include "storm.h"

static struct platform_device *pdev;
static struct net_device *ndev;
static struct net_device *unregistered;
static char long_text[1501];

static void storm_once(unsigned long n)
{
	pr_debug("storm %lu\n", n);
	dev_dbg(&pdev->dev, "storm device %lu\n", n);
}

static void fire_pr(int i)
{
	pr_debug("pr message %d\n", i);
}

static void fire_other(int i)
{
	pr_debug("other message %d\n", i);
}

static void fire_dev(int i)
{
	dev_dbg(&pdev->dev, "dev message %d\n", i);
}

static void fire_nodev(int i)
{
	dev_dbg((struct device *)NULL, "nodev message %d\n", i);
}

static void fire_net(int i)
{
	netdev_dbg(ndev, "net message %d\n", i);
}

static void fire_long(int i)
{
	pr_debug("long message %d %s\n", i, long_text);
}

static void fire_ptr(int i)
{
	pr_debug("ptr message %d %p\n", i, pdev);
}

static const u8 bytes[40] = "0123456789abcdef0123456789ABCDEFghijklm";

static void fire_hex(int i)
{
	print_hex_dump_debug("hex message: ", DUMP_PREFIX_OFFSET, 16, 1, bytes, sizeof(bytes), true);
}

/* Whose prefix is not constant has "hexdump" for its format. */
static void fire_hexbytes(int i)
{
	char prefix[16];

	snprintf(prefix, sizeof(prefix), "bytes %d: ", i);
	print_hex_dump_bytes(prefix, DUMP_PREFIX_NONE, bytes, 20);
}

/* Inlined twice: one site, two calls. */
static __always_inline void hex_inlined(const char *what)
{
	print_hex_dump_debug("inlined: ", DUMP_PREFIX_ADDRESS, 32, 4, what, 32, false);
}

static void fire_hextwice(int i)
{
	hex_inlined(bytes);
	hex_inlined(bytes + 8);
}

/* No debug site: always printed. */
static void fire_hexalways(int i)
{
	print_hex_dump(KERN_DEBUG, "always: ", DUMP_PREFIX_OFFSET, 16, 1, bytes, 16, true);
}

static noinline void says_itself(int i)
{
	printk(KERN_DEBUG "blind message %d\n", i);
}

/* A function that is not told its site, as btrfs and others have them. */
static void fire_blind(int i)
{
	_dynamic_func_call_no_desc("blind message %d\n", says_itself, i);
}

static void fire_null_net(int i)
{
	netdev_dbg((struct net_device *)NULL, "null net message %d\n", i);
}

/* Neither registered nor, at first, with a parent */
static void fire_unreg_net(int i)
{
	SET_NETDEV_DEV(unregistered, i ? &pdev->dev : NULL);
	netdev_dbg(unregistered, "unreg net message %d\n", i);
}

static void fire_rated_pr(int i)
{
	pr_debug_ratelimited("rated pr message %d\n", i);
}

static void fire_rated_dev(int i)
{
	dev_dbg_ratelimited(&pdev->dev, "rated dev message %d\n", i);
}

static void fire_rated_net(int i)
{
	net_dbg_ratelimited("rated net message %d\n", i);
}

static void fire_single_dev(int i)
{
	dev_dbg_once(&pdev->dev, "single dev message %d\n", i);
}

static void tasklet_fire(struct tasklet_struct *unused)
{
	fire_pr(0);
}
static DECLARE_TASKLET(fire_tasklet, tasklet_fire);

static void fire_softirq(int i)
{
	tasklet_schedule(&fire_tasklet);
	tasklet_unlock_wait(&fire_tasklet);
}

static const struct fire_kind kinds[] = {
	{ "pr", fire_pr }, { "other", fire_other }, { "dev", fire_dev }, { "nodev", fire_nodev },
	{ "net", fire_net }, { "long", fire_long }, { "ptr", fire_ptr },
	{ "softirq", fire_softirq }, { "hex", fire_hex }, { "hexbytes", fire_hexbytes },
	{ "hextwice", fire_hextwice }, { "hexalways", fire_hexalways }, { "blind", fire_blind },
	{ "null_net", fire_null_net },
	{ "unreg_net", fire_unreg_net }, { "rated_pr", fire_rated_pr },
	{ "rated_dev", fire_rated_dev }, { "rated_net", fire_rated_net },
	{ "single_dev", fire_single_dev },
};

FIRE_PARAM(kinds);

static netdev_tx_t drop(struct sk_buff *skb, struct net_device *dev)
{
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops netdev_ops = { .ndo_start_xmit = drop };

static int __init dyndbg_test_init(void)
{
	int rc;

	memset(long_text, 'x', sizeof(long_text) - 1);
	pdev = platform_device_register_simple("dyndbg_test", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	rc = -ENOMEM;
	ndev = alloc_etherdev(0);
	if (!ndev)
		goto err_pdev;
	unregistered = alloc_etherdev(0);
	if (!unregistered)
		goto err_ndev;
	strscpy(ndev->name, "ddtest0", IFNAMSIZ);
	ndev->netdev_ops = &netdev_ops;
	SET_NETDEV_DEV(ndev, &pdev->dev);
	rc = register_netdev(ndev);
	if (rc)
		goto err_ndev;
	pr_debug("init message\n");
	return 0;
err_ndev:
	if (unregistered)
		free_netdev(unregistered);
	free_netdev(ndev);
err_pdev:
	platform_device_unregister(pdev);
	return rc;
}

static void __exit dyndbg_test_exit(void)
{
	storm_stop();
	tasklet_kill(&fire_tasklet);
	pr_debug("exit message\n");
	unregister_netdev(ndev);
	free_netdev(ndev);
	free_netdev(unregistered);
	platform_device_unregister(pdev);
}

module_init(dyndbg_test_init);
module_exit(dyndbg_test_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Callsites for the selftests of dyndbg_trace");
