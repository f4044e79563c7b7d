/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_HOLDERS_H
#define DD_HOLDERS_H

#include "ledger.h"

int holders_find(struct ledger *ledger);

#endif
