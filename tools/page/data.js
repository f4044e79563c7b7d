// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the report has put behind the page (timeline-html.c): blocks of JSON, which no browser takes for markup.
 * First what becomes data.about, then the lines: [microseconds since the line before, source, class, device,
 * failed, text] each, with names as their numbers in about.names.
 */

const NONE = -1;
const FACETS = ["source", "device", "class"];

/* One array for each column: objects for a million lines would take five times the memory. */
function emptyData(about) {
	const column = () => new Int16Array(about.lines);

	return {
		about,
		names: about.names,
		n: 0,
		time: new Float64Array(about.lines),
		facet: { source: column(), device: column(), class: column() },
		failed: new Uint8Array(about.lines),
		failures: [],
		text: new Array(about.lines),
		sources: [],
		sourceOrder: [],
		cut: false,
	};
}

function addLines(data, lines) {
	let time = data.n ? data.time[data.n - 1] : 0;

	for (const [passed, source, className, device, failed, text] of lines) {
		const i = data.n++;

		time += passed;
		data.time[i] = time;
		data.facet.source[i] = source;
		data.facet.class[i] = className;
		data.facet.device[i] = device;
		data.failed[i] = failed;
		data.text[i] = text;
		if (failed)
			data.failures.push(i);
	}
}

/* A file that was cut (a download, say) still shows what is there. */
function readData() {
	const data = emptyData(JSON.parse(document.getElementById("data").textContent));

	try {
		for (const block of document.querySelectorAll("script.lines")) {
			addLines(data, JSON.parse(block.textContent));
			block.remove(); // or the text would be there twice
		}
	} catch (error) {
		if (!(error instanceof SyntaxError))
			throw error;
	}
	data.cut = data.n < data.about.lines;
	/* Sources have colours and bands in the order in which the report came to them. */
	data.sources = [...new Set(data.facet.source.subarray(0, data.n))].sort((a, b) => a - b);
	data.sources.forEach((number, order) => (data.sourceOrder[number] = order));
	return data;
}

function nameOf(data, facet, number) {
	return number === NONE ? "no " + facet : data.names[number];
}

/* As timeline.txt has it: cut to the microsecond, which these are already. */
function seconds(us) {
	const abs = Math.abs(us);

	return (us < 0 ? "-" : "") + Math.floor(abs / 1e6) + "." + String(abs % 1e6).padStart(6, "0");
}

function signedSeconds(us) {
	return (us < 0 ? "" : "+") + seconds(us);
}

/* Return: microseconds; null where there is nothing, NaN where it is no number. */
function parseSeconds(text) {
	const plain = text.trim();

	if (!plain)
		return null;
	return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? Math.round(Number(plain) * 1e6) : NaN;
}

/* What the wall clock said at that time, if nobody has set it since. */
function wallTime(data, us) {
	const date = new Date((us - data.about.monotonic_us + data.about.realtime_us) / 1000);

	return isNaN(date) ? "?" : date.toISOString().replace("T", " ").replace("Z", " UTC");
}
