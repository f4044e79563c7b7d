// SPDX-License-Identifier: GPL-2.0-only
/* The strip above the lines: how many each source has over the time that is looked at, and what failed. */

const SOURCE_COLOURS = 8; // as in timeline.css
const BANDS_MAX = 8; // further sources share the last band
const BAND_HEIGHT = 16;
const MARKS_HEIGHT = 10;
const AXIS_HEIGHT = 16;
const LABEL_WIDTH = 110; // at least so far apart

function bandOf(source) {
	return Math.min(source, BANDS_MAX - 1);
}

/* How many of the lines fall on each pixel, band by band. */
function countPixels(data, view, width, bands, lines) {
	const bins = new Uint32Array(bands * width);
	const scale = width / Math.max(1, view.to - view.from);

	for (const i of lines) {
		const x = Math.min(width - 1, Math.floor((data.time[i] - view.from) * scale));

		bins[bandOf(data.sourceOrder[data.facet.source[i]]) * width + x]++;
	}
	return bins;
}

function* numbers(begin, end) {
	for (let i = begin; i < end; i++)
		yield i;
}

/* By the logarithm: one line among many thousands is what one looks for. */
function drawBins(context, bins, width, alpha) {
	const most = Math.log1p(bins.reduce((a, b) => Math.max(a, b), 1));

	bins.forEach((n, at) => {
		if (!n)
			return;
		const band = Math.floor(at / width);

		context.globalAlpha = alpha * (0.35 + (0.65 * Math.log1p(n)) / most);
		context.fillStyle = context.colours.source[band % SOURCE_COLOURS];
		context.fillRect(at % width, MARKS_HEIGHT + band * BAND_HEIGHT + 1, 1, BAND_HEIGHT - 2);
	});
	context.globalAlpha = 1;
}

function colours() {
	const style = getComputedStyle(document.documentElement);
	const get = (name) => style.getPropertyValue("--" + name).trim();
	const source = [];

	for (let i = 0; i < SOURCE_COLOURS; i++)
		source.push(get("source-" + i));
	return { source, back: get("back"), quiet: get("quiet"), failed: get("failed"), accent: get("accent") };
}

/* A step of 1, 2 or 5 times a power of ten, not below a microsecond. */
function stepOf(span, labels) {
	const least = Math.max(1, span / Math.max(1, labels));
	const power = 10 ** Math.floor(Math.log10(least));

	return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least);
}

function drawAxis(context, view, width, bottom) {
	const span = Math.max(1, view.to - view.from);
	const step = stepOf(span, width / LABEL_WIDTH);
	const digits = Math.max(0, 6 - Math.floor(Math.log10(step)));

	context.fillStyle = context.colours.quiet;
	context.textBaseline = "bottom";
	for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
		const x = ((at - view.from) / span) * width;

		context.fillRect(x, bottom - AXIS_HEIGHT, 1, 4);
		if (x < width - LABEL_WIDTH / 2)
			context.fillText((at / 1e6).toFixed(digits), x + 3, bottom);
	}
}

function drawNames(context, data, bands) {
	context.textBaseline = "middle";
	context.strokeStyle = context.colours.back;
	context.lineWidth = 4;
	context.lineJoin = "round";
	for (let band = 0; band < bands; band++) {
		const shared = band === BANDS_MAX - 1 && data.sources.length > BANDS_MAX;
		const name = shared ? "others" : data.names[data.sources[band]];
		const y = MARKS_HEIGHT + band * BAND_HEIGHT + BAND_HEIGHT / 2 + 1;

		context.strokeText(name, 4, y, 160);
		context.fillStyle = context.colours.source[band % SOURCE_COLOURS];
		context.fillText(name, 4, y, 160);
	}
}

function drawMarks(context, data, state, view, width, height) {
	const span = Math.max(1, view.to - view.from);
	const x = (i) => Math.floor(((data.time[i] - view.from) / span) * (width - 1));

	context.fillStyle = context.colours.failed;
	for (const i of data.failures) {
		if (data.time[i] >= view.from && data.time[i] <= view.to)
			context.fillRect(x(i) - 1, 0, 3, MARKS_HEIGHT - 1);
	}
	if (state.selected !== NONE) {
		context.fillStyle = context.colours.accent;
		context.fillRect(x(state.selected), 0, 1, height - AXIS_HEIGHT);
	}
}

function drawStrip(canvas, data, state, shown, view) {
	const bands = Math.min(data.sources.length, BANDS_MAX);
	const width = Math.max(1, Math.floor(canvas.clientWidth));
	const height = MARKS_HEIGHT + Math.max(1, bands) * BAND_HEIGHT + AXIS_HEIGHT;
	const context = canvas.getContext("2d");
	const density = window.devicePixelRatio || 1;

	canvas.width = width * density;
	canvas.height = height * density;
	canvas.style.height = height + "px";
	context.scale(density, density);
	context.colours = colours();
	context.font = '11px system-ui, "DejaVu Sans", sans-serif';
	if (data.n) {
		const all = countPixels(data, view, width, bands, numbers(...linesInTime(data, state)));

		drawBins(context, all, width, 0.25);
		drawBins(context, countPixels(data, view, width, bands, shown), width, 1);
		drawNames(context, data, bands);
		drawAxis(context, view, width, height);
		drawMarks(context, data, state, view, width, height);
	}
}

/* choose(begin, end) gets shares of the strip, 0 to 1; pick(share) a click's. */
function watchStrip(canvas, drag, choose, pick) {
	let from = null;

	const place = (event) => {
		const box = canvas.getBoundingClientRect();

		return Math.min(Math.max(0, event.clientX - box.left), box.width);
	};
	const end = () => {
		from = null;
		drag.hidden = true;
	};

	canvas.addEventListener("pointerdown", (event) => {
		if (event.button !== 0)
			return;
		from = place(event);
		canvas.setPointerCapture(event.pointerId);
	});
	canvas.addEventListener("pointermove", (event) => {
		if (from === null)
			return;
		drag.hidden = false;
		drag.style.left = Math.min(from, place(event)) + "px";
		drag.style.width = Math.abs(place(event) - from) + "px";
	});
	canvas.addEventListener("pointerup", (event) => {
		if (from === null)
			return;
		const [left, right] = [from, place(event)].sort((a, b) => a - b), width = canvas.clientWidth;

		end();
		if (right - left < 3)
			pick(left / width);
		else
			choose(left / width, right / width);
	});
	canvas.addEventListener("pointercancel", end);
}
