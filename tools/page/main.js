// SPDX-License-Identifier: GPL-2.0-only
/* The page's parts together: a state, what is shown of it, and what changes it. */

const TYPING_MS = 80;
const LINK_MS = 300; // browsers refuse to be told a new address too often
const PAPER_MAX = 2000; // lines that are printed

const $ = (id) => document.getElementById(id);

function makeRow() {
	const row = create("div", "row");

	row.setAttribute("role", "option");
	for (const column of ["sign", "time", "delta", "source", "device", "text"])
		row.append(create("span", column));
	row.lastChild.append(create("span", "head"), create("span", "rest"));
	return row;
}

/* The text, with what was searched for marked in it. */
function fillText(place, text, pattern) {
	let done = 0;

	place.replaceChildren();
	for (const found of pattern ? text.matchAll(pattern) : []) {
		if (!found[0])
			continue;
		place.append(text.slice(done, found.index), create("mark", "", found[0]));
		done = found.index + found[0].length;
	}
	place.append(text.slice(done));
}

function start() {
	const data = readData();
	let state = emptyState();
	let shown = new Uint32Array(0);
	let marked = null; // the pattern of what is shown
	let typing = 0, linking = 0;

	const list = makeList($("list"), $("space"), $("window"), makeRow, fillRow);
	const facets = FACETS.map((facet) => buildFacet(data, facet, () => state.hidden[facet], apply));

	function fromSelected(i) {
		return state.selected === NONE ? "" : signedSeconds(data.time[i] - data.time[state.selected]);
	}

	/* How much of a message tells who said it: "weston-1 [drm]f DRM_UT_KMS 0000:00:01.0 minor=0: ". */
	function headOf(i) {
		const end = data.facet.device[i] === NONE ? null : data.text[i].match(/ minor=\d+: /);

		return end ? end.index + end[0].length : 0;
	}

	function fillRow(row, position) {
		const i = shown[position], [sign, time, delta, source, device, text] = row.children;
		const number = data.facet.source[i], selected = i === state.selected;

		row.classList.toggle("failed", data.failed[i] === 1);
		row.setAttribute("aria-selected", selected);
		row.setAttribute("aria-posinset", position + 1);
		row.setAttribute("aria-setsize", shown.length);
		sign.textContent = data.failed[i] ? "✗" : "";
		time.textContent = seconds(data.time[i]);
		delta.textContent = selected ? "±" : fromSelected(i);
		source.textContent = nameOf(data, "source", number);
		source.className = "source s" + (data.sourceOrder[number] % SOURCE_COLOURS);
		device.textContent = data.facet.device[i] === NONE ? "" : nameOf(data, "device", data.facet.device[i]);
		fillText(text.firstChild, data.text[i].slice(0, headOf(i)), marked);
		fillText(text.lastChild, data.text[i].slice(headOf(i)), marked);
	}

	function view() {
		return {
			from: state.from ?? (data.n ? data.time[0] : 0),
			to: state.to ?? (data.n ? data.time[data.n - 1] : 0),
		};
	}

	function draw() {
		drawStrip($("overview"), data, state, shown, view());
	}

	function linkSoon() {
		clearTimeout(linking);
		linking = setTimeout(() => history.replaceState(null, "", "#" + stateToHash(data, state)), LINK_MS);
	}

	/* Where the list stands is kept by the line that is selected and seen, or else by the first that is seen. */
	function anchor() {
		const at = lowerBound(shown, shown.length, state.selected);
		const row = shown[at] === state.selected ? list.rowAt(at) : undefined;

		return row && !row.hidden ? [state.selected, at - list.first()] : [shown[list.first()] ?? 0, 0];
	}

	/* Return: whether there is a pattern, or none is wanted; what is wrong is said. */
	function findPattern() {
		let wrong = "";

		try {
			patternOf(state, "i");
		} catch (error) {
			wrong = error.message;
		}
		$("wrong").textContent = wrong;
		$("query").setAttribute("aria-invalid", wrong !== "");
		return !wrong;
	}

	/* After the state was changed: lines anew. With a wrong pattern they stay as they are. */
	function apply() {
		const [line, above] = anchor();

		showControls();
		linkSoon();
		if (!findPattern())
			return;
		marked = patternOf(state, "gi");
		shown = filterLines(data, state, patternOf(state, "i"));
		list.setCount(shown.length, Math.max(0, lowerBound(shown, shown.length, line) - above));
		$("count").textContent = shown.length.toLocaleString("en") + " of " + plural(data.n, "line", "lines");
		$("nothing").hidden = shown.length > 0;
		$("nothing").textContent = data.n ? "No line is left by these filters." : "There are no lines.";
		tellSelected();
		draw();
	}

	/* What has the focus is being written in: it is left alone. */
	function setField(field, value) {
		if (field !== document.activeElement)
			field.value = value;
	}

	function showControls() {
		const { from, to } = view();

		setField($("query"), state.query);
		$("regex").checked = state.regex;
		$("failed-only").checked = state.failedOnly;
		setField($("from"), state.from === null ? "" : seconds(from));
		setField($("to"), state.to === null ? "" : seconds(to));
		$("from").placeholder = seconds(from);
		$("to").placeholder = seconds(to);
		$("zoom-out").disabled = state.from === null && state.to === null;
		facets.forEach((show) => show());
	}

	function tellSelected() {
		const at = lowerBound(shown, shown.length, state.selected);
		const row = shown[at] === state.selected ? list.rowAt(at) : undefined;

		if (row && !row.hidden)
			$("list").setAttribute("aria-activedescendant", row.id);
		else
			$("list").removeAttribute("aria-activedescendant");
	}

	function select(i) {
		state.selected = i;
		showDetail(data, i); // which makes the list lower
		list.layOut();
		if (i !== NONE)
			list.reveal(lowerBound(shown, shown.length, i));
		tellSelected();
		draw();
		linkSoon();
	}

	/* A line that the filters hide is not where it was asked for: they go. */
	function goTo(i) {
		if (shown[lowerBound(shown, shown.length, i)] !== i) {
			state = emptyState();
			apply();
		}
		select(i);
	}

	function zoom(from, to) {
		const whole = { from: data.n ? data.time[0] : 0, to: data.n ? data.time[data.n - 1] : 0 };

		state.from = from === null || from <= whole.from ? null : from;
		state.to = to === null || to >= whole.to ? null : to;
		apply();
	}

	function zoomOut() {
		const { from, to } = view(), span = Math.max(1, to - from);

		zoom(from - span, to + span);
	}

	function timeAt(share) {
		const { from, to } = view();

		return from + share * (to - from);
	}

	function zoomTo(begin, end) {
		zoom(Math.floor(timeAt(begin)), Math.ceil(timeAt(end)));
	}

	/* The first line that is shown from there on. */
	function pick(share) {
		const at = lowerBound(shown, shown.length, lowerBound(data.time, data.n, timeAt(share)));

		if (shown.length)
			select(shown[Math.min(at, shown.length - 1)]);
	}

	function onLimit(field, limit) {
		const us = parseSeconds(field.value);

		field.setAttribute("aria-invalid", Number.isNaN(us));
		if (Number.isNaN(us))
			return;
		state[limit] = us;
		apply();
	}

	/* The next or previous line that is shown and failed, round the end. */
	function stepFailure(back) {
		const at = lowerBound(shown, shown.length, state.selected === NONE ? 0 : state.selected);
		const begin = back ? at - 1 : at + (shown[at] === state.selected ? 1 : 0);

		for (let k = 0; k < shown.length; k++) {
			const i = shown[(begin + (back ? -k : k) + 2 * shown.length) % shown.length];

			if (data.failed[i]) {
				select(i);
				return;
			}
		}
	}

	function step(rows) {
		if (!shown.length)
			return;
		const none = list.first() - (rows > 0 ? 1 : 0); // so that it goes on at the first that is seen
		const at = state.selected === NONE ? none : lowerBound(shown, shown.length, state.selected);

		select(shown[Math.min(Math.max(0, at + rows), shown.length - 1)]);
	}

	/* What was searched for goes first, then the selected line, then the time. */
	function clear() {
		if (state.query) {
			state.query = $("query").value = "";
			apply();
		} else if (state.selected !== NONE) {
			select(NONE);
		} else if (state.from !== null || state.to !== null) {
			zoom(null, null);
		}
		$("list").focus();
	}

	function restore() {
		document.activeElement.blur(); // or its field would stay as it is
		state = hashToState(data, location.hash);
		apply();
		if (state.selected !== NONE)
			select(state.selected);
	}

	const pageKeys = {
		"/": () => {
			$("query").focus();
			$("query").select();
		},
		n: () => stepFailure(false),
		N: () => stepFailure(true),
		Escape: clear,
	};
	const listKeys = {
		ArrowDown: () => step(1),
		ArrowUp: () => step(-1),
		PageDown: () => step(list.page()),
		PageUp: () => step(-list.page()),
		Home: () => step(-shown.length),
		End: () => step(shown.length),
	};

	function onKey(event) {
		const writing = event.target.matches('input:not([type="checkbox"])');
		const action = (event.target === $("list") && listKeys[event.key]) ||
			(!writing || event.key === "Escape" ? pageKeys[event.key] : undefined);

		if (!action || event.ctrlKey || event.metaKey || event.altKey)
			return;
		event.preventDefault();
		action();
	}

	function lineOnPaper(i) {
		const source = nameOf(data, "source", data.facet.source[i]);

		return `${data.failed[i] ? "✗" : " "} ${seconds(data.time[i])} ${source} ${data.text[i]}`;
	}

	/* Paper has more than what can be seen of the list, from there on. */
	function toPaper() {
		const first = list.first(), lines = [...shown.subarray(first, first + PAPER_MAX)].map(lineOnPaper);
		const head = `Lines ${first + 1} to ${first + lines.length} of the ${shown.length} that are shown:`;

		$("paper").textContent = [head, ...lines].join("\n");
	}

	function listen() {
		$("query").addEventListener("input", () => {
			state.query = $("query").value;
			clearTimeout(typing);
			typing = setTimeout(apply, TYPING_MS);
		});
		$("regex").addEventListener("change", () => {
			state.regex = $("regex").checked;
			apply();
		});
		$("failed-only").addEventListener("change", () => {
			state.failedOnly = $("failed-only").checked;
			apply();
		});
		for (const limit of ["from", "to"])
			$(limit).addEventListener("change", () => onLimit($(limit), limit));
		$("zoom-out").addEventListener("click", zoomOut);
		$("reset").addEventListener("click", () => {
			state = Object.assign(emptyState(), { selected: state.selected });
			apply();
		});
		$("window").addEventListener("click", (event) => {
			const row = event.target.closest(".row");

			/* not where text of it was selected, to be copied */
			if (row && getSelection().isCollapsed)
				select(shown[list.positionOf(row)]);
		});
		watchStrip($("overview"), $("drag"), zoomTo, pick);
		$("list").addEventListener("scroll", tellSelected, { passive: true });
		document.addEventListener("keydown", onKey);
		window.addEventListener("hashchange", restore);
		window.addEventListener("beforeprint", toPaper);
		window.addEventListener("afterprint", () => $("paper").replaceChildren());
		window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
		window.addEventListener("resize", draw);
	}

	showAbout(data);
	buildFailures(data, goTo);
	listen();
	restore();
}

document.addEventListener("DOMContentLoaded", start);
