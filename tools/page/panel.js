// SPDX-License-Identifier: GPL-2.0-only
/* What stands around the lines: filters, failures, the line that is selected. All text is text: never markup. */

const FAILURES_MAX = 200; // in the list; n and N go through all

function create(tag, className, text) {
	const element = document.createElement(tag);

	if (className)
		element.className = className;
	if (text !== undefined)
		element.textContent = text;
	return element;
}

function button(text, label, onClick) {
	const element = create("button", "", text);

	element.type = "button";
	element.setAttribute("aria-label", label);
	element.addEventListener("click", onClick);
	return element;
}

function plural(n, one, many) {
	return n.toLocaleString("en") + " " + (n === 1 ? one : many);
}

/* Return: the facet's numbers with how many lines each has, by name, NONE last. */
function countNames(data, facet) {
	const counts = new Map();

	for (let i = 0; i < data.n; i++) {
		const number = data.facet[facet][i];

		counts.set(number, (counts.get(number) || 0) + 1);
	}
	const byName = ([a], [b]) => {
		if (a === NONE || b === NONE)
			return b - a;
		return nameOf(data, facet, a).localeCompare(nameOf(data, facet, b), "en", { numeric: true });
	};
	return [...counts].sort(byName);
}

function facetRow(data, facet, number, count, hidden, changed) {
	const row = create("div", "facet"), label = create("label"), box = create("input");
	const name = create("span", "name", nameOf(data, facet, number));

	box.type = "checkbox";
	box.number = number;
	box.addEventListener("change", () => {
		hidden()[box.checked ? "delete" : "add"](number);
		changed();
	});
	if (facet === "source")
		name.classList.add("s" + (data.sourceOrder[number] % SOURCE_COLOURS));
	label.title = name.textContent;
	label.append(box, name);
	row.append(label, create("span", "number", count.toLocaleString("en")));
	return [row, box];
}

/* hidden() gives the state's set. Return: a function that shows what the state is. */
function buildFacet(data, facet, hidden, changed) {
	const place = document.getElementById(facet), counts = countNames(data, facet), boxes = [];

	for (const [number, count] of counts) {
		const [row, box] = facetRow(data, facet, number, count, hidden, changed);

		row.append(button("only", "only " + nameOf(data, facet, number), () => {
			counts.forEach(([other]) => hidden()[other === number ? "delete" : "add"](other));
			changed();
		}));
		boxes.push(box);
		place.append(row);
	}
	place.querySelector("legend").append(button("all", "every " + facet, () => {
		hidden().clear();
		changed();
	}));
	return () => boxes.forEach((box) => (box.checked = !hidden().has(box.number)));
}

/* "drm:0 ret=-22 ATOMIC", of what dyndbg_drm says when an ioctl ends: DYNDBG_IOCTL_ENDS of dyndbg.h. */
function failureOf(data, i) {
	const ended = data.text[i].match(/DRM_IOCTL_(?:MODE_)?(\S+) ends .*\b(ret=-\d+)/);

	return nameOf(data, "device", data.facet.device[i]) + " " + (ended ? ended[2] + " " + ended[1] : data.text[i]);
}

function buildFailures(data, goTo) {
	const list = document.getElementById("failures"), more = document.getElementById("more-failures");
	const head = document.getElementById("failures-head"), n = data.failures.length;

	head.textContent = plural(n, "failed call", "failed calls");
	for (const i of data.failures.slice(0, FAILURES_MAX)) {
		const item = create("li"), go = create("button");

		go.type = "button";
		go.title = data.text[i];
		go.append(create("time", "", seconds(data.time[i])), " " + failureOf(data, i));
		go.addEventListener("click", () => goTo(i));
		item.append(go);
		list.append(item);
	}
	more.hidden = n <= FAILURES_MAX;
	more.textContent = `and ${(n - FAILURES_MAX).toLocaleString("en")} more: n and N go through all.`;
}

function showAbout(data) {
	const { about } = data;
	const parts = [
		about.program,
		"made " + wallTime(data, about.monotonic_us) + ", at " + seconds(about.monotonic_us) + " s",
		plural(about.lines, "line", "lines"),
		about.redact ? "redacted" : "not redacted",
	];
	const trouble = [];

	if (about.since_us)
		parts.push("nothing before " + seconds(about.since_us) + " s");
	if (about.lost)
		trouble.push(plural(about.lost, "line was", "lines were") + " lost for want of memory.");
	if (data.cut)
		trouble.push("This file is cut: only " + plural(data.n, "line is", "lines are") + " left.");
	document.getElementById("about").textContent = parts.join(" · ");
	document.getElementById("trouble").textContent = trouble.join(" ");
	document.getElementById("trouble").hidden = !trouble.length;
}

function showDetail(data, selected) {
	const place = document.getElementById("detail"), list = place.querySelector("dl");

	place.hidden = selected === NONE;
	list.replaceChildren();
	if (selected === NONE)
		return;
	const name = (facet) => nameOf(data, facet, data.facet[facet][selected]);
	const entries = [
		["line", (selected + 1).toLocaleString("en")],
		["time", seconds(data.time[selected]) + " s"],
		["wall clock", wallTime(data, data.time[selected])],
		...FACETS.map((facet) => [facet, name(facet)]),
	];

	if (data.failed[selected])
		entries.push(["result", "failed"]);
	for (const [term, value] of entries) {
		const pair = create("div");

		pair.append(create("dt", "", term), create("dd", "", value));
		list.append(pair);
	}
	place.querySelector("pre").textContent = data.text[selected];
}
