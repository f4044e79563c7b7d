// SPDX-License-Identifier: GPL-2.0-only
/* Which lines are shown. */

function emptyState() {
	return {
		query: "",
		regex: false,
		failedOnly: false,
		from: null, // microseconds, both included; null: no limit
		to: null,
		hidden: { source: new Set(), device: new Set(), class: new Set() }, // names' numbers, or NONE
		selected: NONE,
	};
}

/* Return: what to search for, null for nothing. Throws SyntaxError for what is no regular expression. */
function patternOf(state, flags) {
	if (!state.query)
		return null;
	return new RegExp(state.regex ? state.query : state.query.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), flags);
}

/* Return: the first of the sorted list[0..n) that is not less than value. */
function lowerBound(list, n, value) {
	let low = 0, high = n;

	while (low < high) {
		const middle = (low + high) >>> 1;

		if (list[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Return: what the state's time limits leave, [first, behind the last]. */
function linesInTime(data, state) {
	return [
		state.from === null ? 0 : lowerBound(data.time, data.n, state.from),
		state.to === null ? data.n : lowerBound(data.time, data.n, state.to + 1),
	];
}

/* By number + 1, so that NONE has a place, too. */
function wantedNames(data, hidden) {
	const wanted = new Uint8Array(data.names.length + 1).fill(1);

	for (const number of hidden)
		wanted[number + 1] = 0;
	return wanted;
}

/* Return: the numbers of the lines that are left, ascending. */
function filterLines(data, state, pattern) {
	const [begin, end] = linesInTime(data, state);
	const shown = new Uint32Array(Math.max(0, end - begin));
	const [sources, devices, classes] = FACETS.map((facet) => wantedNames(data, state.hidden[facet]));
	const { source, device, class: className } = data.facet;
	let n = 0;

	for (let i = begin; i < end; i++) {
		if (!sources[source[i] + 1] || !devices[device[i] + 1] || !classes[className[i] + 1])
			continue;
		if (state.failedOnly && !data.failed[i])
			continue;
		if (pattern && !pattern.test(data.text[i]))
			continue;
		shown[n++] = i;
	}
	return shown.subarray(0, n);
}
