// SPDX-License-Identifier: GPL-2.0-only
/*
 * A list of any length, of which only those rows are in the document that can be seen. Browsers do not scroll
 * over more than some million pixels (Firefox 17, Chromium 33; zoomed to 500 %, a fifth of it), so a long list is
 * scrolled over MAX_HEIGHT: far steps go by the share of the whole, near ones by pixels as everywhere, and so
 * do all near its ends.
 */

const ROW_HEIGHT = 20; // as in timeline.css
const MAX_HEIGHT = 3e6;
const END_HEIGHT = 2e4;
const SETTLE_MS = 150;

/* fill(row, position) shows what is at that position; make() makes a row. */
function makeList(element, space, pane, make, fill) {
	const rows = [];
	let count = 0, view = 0; // rows; pixels that are seen
	let top = 0, scrolled = 0; // pixels above what is seen, and scrollTop of when that was found
	let settling = 0;

	const whole = () => Math.max(0, count * ROW_HEIGHT - view);
	const range = () => Math.max(0, Math.min(count * ROW_HEIGHT, MAX_HEIGHT) - view);
	const stretch = () => (whole() - 2 * END_HEIGHT) / (range() - 2 * END_HEIGHT);
	const clamp = (pixels) => Math.min(Math.max(0, pixels), whole());

	/* What is above when the bar is there. */
	function topOf(bar) {
		if (whole() === range() || bar <= END_HEIGHT)
			return bar;
		if (bar >= range() - END_HEIGHT)
			return whole() - (range() - bar);
		return END_HEIGHT + (bar - END_HEIGHT) * stretch();
	}

	function barOf(above) {
		if (whole() === range() || above <= END_HEIGHT)
			return above;
		if (above >= whole() - END_HEIGHT)
			return range() - (whole() - above);
		return END_HEIGHT + (above - END_HEIGHT) / stretch();
	}

	function render() {
		const first = Math.floor(top / ROW_HEIGHT), shift = first * ROW_HEIGHT - top;

		rows.forEach((row, i) => {
			row.hidden = first + i >= count;
			row.style.top = shift + i * ROW_HEIGHT + "px";
			if (!row.hidden)
				fill(row, first + i);
		});
	}

	/* Put the scroll bar where it belongs. */
	function settle() {
		element.scrollTop = barOf(top);
		scrolled = element.scrollTop;
	}

	/* What was scrolled and not told of yet is not to be lost: the event is on its way. */
	function settleLater() {
		if (element.scrollTop === scrolled)
			settle();
	}

	function layOut() {
		view = element.clientHeight;
		space.style.height = Math.max(view, range() + view) + "px";
		pane.style.height = view + "px";
		while (rows.length < view / ROW_HEIGHT + 1) {
			const row = make();

			row.id = "row" + rows.length;
			pane.append(row);
			rows.push(row);
		}
		top = clamp(top);
		settle();
		render();
	}

	function onScroll() {
		const bar = element.scrollTop, moved = bar - scrolled;
		const near = Math.abs(moved) <= 2 * view && bar > 0 && bar < range() - 1;

		scrolled = bar;
		top = clamp(near && whole() !== range() ? top + moved : topOf(bar));
		clearTimeout(settling);
		if (whole() !== range())
			settling = setTimeout(settleLater, SETTLE_MS);
		render();
	}

	/* Bring a position into the middle, unless it can be seen anyway. */
	function reveal(position) {
		const at = position * ROW_HEIGHT;

		if (at >= top && at + ROW_HEIGHT <= top + view)
			return;
		top = clamp(at - view / 2);
		settle();
		render();
	}

	element.addEventListener("scroll", onScroll, { passive: true });
	new ResizeObserver(layOut).observe(element);
	return {
		layOut,
		reveal,
		setCount(n, keep) {
			count = n;
			top = keep * ROW_HEIGHT;
			layOut();
		},
		first: () => Math.floor(top / ROW_HEIGHT),
		page: () => Math.max(1, Math.floor(view / ROW_HEIGHT) - 1),
		rowAt: (position) => rows[position - Math.floor(top / ROW_HEIGHT)],
		positionOf: (row) => Math.floor(top / ROW_HEIGHT) + rows.indexOf(row),
	};
}
