// SPDX-License-Identifier: GPL-2.0-only
/* The state in the address, behind the #: a view can be linked. Names and not their numbers, so that it can be read. */

function stateToHash(data, state) {
	const parts = new URLSearchParams();

	if (state.query)
		parts.set("q", state.query);
	if (state.regex)
		parts.set("regex", "1");
	if (state.failedOnly)
		parts.set("failed", "1");
	for (const limit of ["from", "to"]) {
		if (state[limit] !== null)
			parts.set(limit, seconds(state[limit]));
	}
	for (const facet of FACETS) {
		for (const number of state.hidden[facet])
			parts.append("no-" + facet, number === NONE ? "" : data.names[number]);
	}
	if (state.selected !== NONE)
		parts.set("line", state.selected + 1);
	return parts.toString();
}

function limitOf(text) {
	const us = parseSeconds(text || "");

	return Number.isNaN(us) ? null : us;
}

/* What is not known is passed over: somebody else may have written it. */
function hashToState(data, hash) {
	const parts = new URLSearchParams(hash.replace(/^#/, "")), state = emptyState();
	const line = Number(parts.get("line"));

	state.query = parts.get("q") || "";
	state.regex = parts.has("regex");
	state.failedOnly = parts.has("failed");
	state.from = limitOf(parts.get("from"));
	state.to = limitOf(parts.get("to"));
	for (const facet of FACETS) {
		for (const name of parts.getAll("no-" + facet)) {
			const number = data.names.indexOf(name);

			if (!name || number >= 0)
				state.hidden[facet].add(name ? number : NONE);
		}
	}
	if (Number.isInteger(line) && line >= 1 && line <= data.n)
		state.selected = line - 1;
	return state;
}
