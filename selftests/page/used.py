# SPDX-License-Identifier: GPL-2.0-only
"""What is done with a page. Each test gets it with nothing filtered, what it has to show, and a name for pictures."""
import re
import statistics
import time

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import check, equal

EVERY = ["opened", "scrolled", "filtered", "failures", "searched", "zoomed", "selected", "linked", "printed",
         "pictured"]
SPECIAL = {
    "big": ["quick", "cut"],
    "hostile": ["harmless", "guarded"],
    "empty": ["nothing"],
}


def rows_match(page, expected, lines, what):
    """The rows are those lines, from the position that they say on."""
    rows = page.rows()
    check(bool(rows) == bool(lines), f"{what}: {len(rows)} rows of {len(lines)} lines")
    for row, position in zip(rows, range(rows[0]["position"] if rows else 0, len(lines))):
        line = expected.lines[lines[position]]
        want = {"position": position, "failed": line.failed, "time": line.time, "source": line.source,
                "device": "" if line.device == "no device" else line.device, "text": line.text}
        equal({key: row[key] for key in want}, want, f"{what}: row {position}")
    return rows


def opened(page, expected, _):
    """opened: all lines, nothing on the console, nothing asked of the network"""
    page.open()
    page.shown(len(expected.lines), "at first")
    equal(page.text("#count").split(" of ")[1].split()[0].replace(",", ""), str(len(expected.lines)), "lines in all")
    rows_match(page, expected, range(len(expected.lines)), "at first")
    equal(page.js("return performance.getEntriesByType('resource').map(e => e.name)"), [], "resources")
    check(page.js("return document.getElementById('trouble').hidden"), "trouble: " + page.text("#trouble"))
    check("dd-recorder " in page.text("#about"), "about: " + page.text("#about"))


def placed(page, share, n):
    """The scroll bar is, and the list follows."""
    page.js("""
        const list = document.getElementById("list");
        list.scrollTop = arguments[0] * (list.scrollHeight - list.clientHeight);
    """, share)

    def is_there():
        rows = page.rows()
        if share in (0, 1):
            return not rows or rows[-share]["position"] == share * (n - 1)
        return not rows or abs(rows[len(rows) // 2]["position"] - share * n) < n / 100 + len(rows)
    page.until(is_there, f"not at {share} of {n} lines")


def turned(page):
    """The wheel is: so many pixels are so many lines, however long the list is."""
    first = page.rows()[0]["position"]
    page.js("document.getElementById('list').scrollBy(0, 400)")
    page.until(lambda: abs(page.rows()[0]["position"] - first - 20) <= 1, f"the wheel goes nowhere from line {first}")


def scrolled(page, expected, _):
    """scrolled: to the middle, to the end, by the wheel; few rows in the document"""
    n = len(expected.lines)
    for share in (0.5, 0.9, 1):
        placed(page, share, n)
        rows = rows_match(page, expected, range(n), f"at {share}")
    if rows:
        check(rows[-1]["whole"], "the last row is not seen whole")
    # Near the end, where a long list is not stretched, and in its middle, where it is
    for share in (0, 0.5):
        placed(page, share, n)
        for _ in range(8 if n > 500 else 0):
            turned(page)
    count = page.js("return document.querySelectorAll('.row').length")
    check(count < 200, f"{count} rows are in the document")


def filtered(page, expected, _):
    """filtered: each source, device and class, alone and left out, with its number of lines"""
    for facet in ("source", "device", "class"):
        counts = dict(expected.counts(facet))
        equal(page.facet(facet), counts, facet)
        for name, n in counts.items():
            page.use_facet(facet, name, "button")
            page.shown(n, f"only {facet} {name}")
            rows_match(page, expected, expected.find(lambda line: expected.name(line, facet) == name), f"only {name}")
            page.use_facet(facet, name, "input")
            page.shown(0, f"without {facet} {name} either")
            page.click(f"#{facet} legend button")
            page.use_facet(facet, name, "input")
            page.shown(len(expected.lines) - n, f"without {facet} {name}")
            page.use_facet(facet, name, "input")
            page.shown(len(expected.lines), f"with {facet} {name} again")
    # Two at a time
    for device, class_ in {(line.device, line.class_) for line in expected.lines}:
        page.use_facet("device", device, "button")
        page.use_facet("class", class_, "button")
        lines = expected.find(lambda line: (line.device, line.class_) == (device, class_))
        page.shown(len(lines), f"{class_} of {device}")


def failures(page, expected, _):
    """failed calls: marked, listed, found by n and N, alone"""
    n = len(expected.failed)
    equal(page.text("#failures-head"), f"{n:,} failed call{'' if n == 1 else 's'}", "the list's head")
    times = [e.text for e in page.driver.find_elements(By.CSS_SELECTOR, "#failures time")]
    equal(times, [expected.lines[i].time for i in expected.failed[:200]], "the list")
    page.click("#failed-only")
    page.shown(n, "failed only")
    rows_match(page, expected, expected.failed, "failed only")
    page.click("#failed-only")
    for i in (expected.failed + expected.failed[:2])[:5]:
        page.press("n")
        equal(page.selected(), i, "after n")
    if n:
        page.press("N")
        equal(page.selected(), (expected.failed * 6)[min(n + 2, 5) - 2], "after N")
        row = [row for row in page.rows() if row["selected"]]
        check(row and row[0]["failed"] and row[0]["delta"] == "±", f"the selected row: {row}")
        page.write("query", "nothing has this")
        page.shown(0, "nothing")
        page.click("#failures li:nth-child(1) button")
        equal(page.selected(), expected.failed[0], "after a click in the list")
        page.shown(len(expected.lines), "after a click in the list")


def searched(page, expected, _):
    """searched: text in either case, regular expressions, a wrong one; / and Esc"""
    page.press("/")
    equal(page.js("return document.activeElement.id"), "query", "after / in")
    words = ["ATOMIC", "allocated", "überblick", "no line has this", "[", ".*", "</script>", "\\"]
    if expected.lines:
        words.append(expected.lines[len(expected.lines) // 2].text[-12:].strip())
    for word in words:
        page.write("query", word)
        found = expected.having(word)
        page.shown(len(found), f"'{word}'")
        rows_match(page, expected, found, f"'{word}'")
        marks = set(page.js("""
            return [...document.querySelectorAll(".row:not([hidden]) mark")].map(e => e.textContent.toLowerCase());
        """))
        equal(marks, {word.lower()} if found else set(), f"'{word}': marked are")
    page.write("query", "")
    page.click("#regex")
    page.write("query", "minor=[1-9]|frame [0-9]*7\\b")
    pattern = re.compile("minor=[1-9]|frame [0-9]*7\\b", re.I)
    found = expected.find(lambda line: pattern.search(line.text))
    page.shown(len(found), "a regular expression")
    page.write("query", "frame (")
    page.until(lambda: "regular expression" in page.text("#wrong"), "nothing is said of a wrong regular expression")
    page.find("#query").send_keys(Keys.ESCAPE)
    page.until(lambda: page.text("#wrong") == "", lambda: "after Esc: " + page.text("#wrong"))
    page.shown(len(expected.lines), "after Esc")
    equal(page.js("return document.activeElement.id"), "list", "after Esc in")
    page.click("#regex")


def zoomed(page, expected, _):
    """zoomed: by the fields, by dragging over the strip, out and reset"""
    n = len(expected.lines)
    if not n:
        return
    begin, end = expected.lines[n // 3], expected.lines[n // 2]
    page.write("from", begin.time)
    page.write("to", end.time)
    lines = expected.between(begin.us, end.us)
    page.shown(len(lines), f"from {begin.time} to {end.time}")
    rows_match(page, expected, lines, "zoomed")
    page.write("to", "x")
    equal(page.find("#to").get_attribute("aria-invalid"), "true", "a wrong time is")
    page.write("to", "")
    page.shown(n - lines[0], f"from {begin.time}")
    page.reset()
    whole = expected.lines[-1].us - expected.lines[0].us
    page.drag(0.25, 0.5)
    page.until(lambda: page.find("#from").get_attribute("value"), "nothing after dragging")
    limits = [int(page.find(f"#{field}").get_attribute("value").replace(".", "")) for field in ("from", "to")]
    for share, limit in zip((0.25, 0.5), limits):
        off = abs(limit - expected.lines[0].us - share * whole)
        check(off <= whole / 400 + 2, f"dragged to {limit}, {off} us off {share}")
    page.shown(len(expected.between(*limits)), "after dragging")
    page.drag(0.5, 0.9)
    page.until(lambda: int(page.find("#from").get_attribute("value").replace(".", "")) > limits[0], "no narrower")
    for _ in range(12):
        if page.find("#zoom-out").is_enabled():
            page.click("#zoom-out")
    page.shown(n, "zoomed out again")
    page.write("from", begin.time)
    page.shown(n - lines[0], "zoomed again")
    page.click("#reset")
    page.shown(n, "reset")


def selected(page, expected, _):
    """selected: by click, arrows, Home and End; the whole of it shown, times from it on; Esc"""
    n = len(expected.lines)
    if not n:
        return
    third = min(2, n - 1)
    page.js("document.querySelectorAll('.row')[arguments[0]].click()", third)
    equal(page.selected(), third, "after a click")
    equal(page.text("#detail pre"), expected.lines[third].text, "the whole line")
    for row in page.rows():
        us = expected.lines[row["position"]].us - expected.lines[third].us
        want = f"{'-' if us < 0 else '+'}{abs(us) // 1000000}.{abs(us) % 1000000:06}"
        equal(row["delta"], "±" if row["position"] == third else want, f"from line {third} to {row['position']}")
    below = min(third + 1, n - 1)
    for key, want in [(Keys.DOWN, below), (Keys.UP, max(0, below - 1)), (Keys.END, n - 1), (Keys.HOME, 0)]:
        page.press(key)
        equal(page.selected(), want, f"after {key!r}")
        check([row for row in page.rows() if row["selected"]], f"after {key!r}: the line cannot be seen")
        active = page.js("""
            const id = document.getElementById("list").getAttribute("aria-activedescendant");
            return document.getElementById(id).getAttribute("aria-selected");
        """)
        equal(active, "true", "the active descendant is selected:")
    page.press(Keys.ESCAPE)
    equal(page.selected(), None, "after Esc")


def linked(page, expected, _):
    """linked: the address restores the view in another tab"""
    n = len(expected.lines)
    source = expected.lines[0].source if n else None
    begin = expected.lines[n // 4] if n else None
    page.write("query", "atomic|frame")
    page.click("#regex")
    lines = []
    if n:
        page.use_facet("source", source, "input")
        page.write("from", begin.time)
        lines = [i for i in expected.between(begin.us, expected.lines[-1].us) if expected.lines[i].source != source and
                 any(word in expected.lines[i].text.lower() for word in ("atomic", "frame"))]
    page.shown(len(lines), "before")
    if lines:
        page.press(Keys.END)
        equal(page.selected(), lines[-1], "before")
    page.until(lambda: "q=" in page.driver.current_url and ("line=" in page.driver.current_url) == bool(lines),
               lambda: "the address is " + page.driver.current_url)
    url, first = page.driver.current_url, page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    page.open(url)
    try:
        page.shown(len(lines), "in another tab")
        equal(page.selected(), lines[-1] if lines else None, "selected in another tab")
        equal(page.find("#query").get_attribute("value"), "atomic|frame", "searched in another tab")
        equal(page.find("#regex").is_selected(), True, "a regular expression in another tab")
        if n:
            equal(page.facet_part("source", source, "input").is_selected(), False, "the source in another tab")
            equal(page.find("#from").get_attribute("value"), begin.time, "from in another tab")
        rows_match(page, expected, lines, "in another tab")
    finally:
        page.driver.close()
        page.driver.switch_to.window(first)


def printed(page, expected, _):
    """printed: the lines that are shown, not just the rows that can be seen"""
    page.js("window.dispatchEvent(new Event('beforeprint'))")
    paper = page.text("#paper").split("\n")
    page.js("window.dispatchEvent(new Event('afterprint'))")
    n = min(len(expected.lines), 2000)
    equal(len([line for line in paper[1:] if line]), n, "lines on paper")
    for line, want in zip(paper[1:], expected.lines[:n]):
        equal(line[2:], f"{want.time} {want.source} {want.text}", "on paper")
    equal(page.text("#paper"), "", "after printing")


def pictured(page, expected, name):
    """pictured: light, dark and narrow, and nothing is pushed out of the window"""
    if expected.failed:
        page.press("n")
    if name.endswith("big"):
        page.write("query", "plane")
        page.shown(len(expected.having("plane")), "plane")
    for scheme in ("dark", "light"):
        page.colours(scheme)
        time.sleep(0.2)
        page.picture(f"{name}-{scheme}.png")
    page.narrow(640)
    time.sleep(0.2)
    page.picture(f"{name}-narrow.png")
    sizes = page.js("const e = document.documentElement; return [e.scrollWidth, e.scrollHeight, innerWidth, innerHeight]")
    page.narrow(0)
    check(sizes[0] <= sizes[2] and sizes[1] <= sizes[3], f"the page is {sizes[:2]}, the window {sizes[2:]}")


def quick(page, expected, _):
    """quick: a key pressed in the search is answered within a second"""
    page.open()
    figures = [f"{len(expected.lines)} lines loaded and shown in "
               f"{page.js('return performance.getEntriesByType(`navigation`)[0].domContentLoadedEventEnd'):.0f} ms"]
    page.js("""
        window.addEventListener("keydown", () => { window.pressed = performance.now(); window.answered = null; }, true);
        const answer = () => setTimeout(() => { window.answered = performance.now(); });
        new MutationObserver(() => requestAnimationFrame(answer))
            .observe(document.getElementById("count"), { childList: true });
    """)
    took = []
    for key in "plane":
        page.find("#query").send_keys(key)
        page.until(lambda: page.js("return window.answered"), "no answer")
        took.append(page.js("return window.answered - window.pressed"))
    figures.append(f"from a key pressed to the list: {statistics.median(took):.0f} ms, {max(took):.0f} ms at most")
    # Guests run beside this: one that was kept waiting says nothing.
    check(statistics.median(took) < 1000, figures[-1])
    page.click("#reset")
    took = page.wait_js("""
        const list = document.getElementById("list"), begin = performance.now(), done = arguments[0];
        let pages = 0;
        const next = () => {
            if (pages++ === 100)
                return done(performance.now() - begin);
            list.scrollBy(0, list.clientHeight);
            requestAnimationFrame(next);
        };
        next();
    """)
    figures.append(f"100 pages scrolled in {took:.0f} ms")
    check(took < 10000, figures[-1])
    heap = page.js("return performance.memory ? performance.memory.usedJSHeapSize : 0")
    figures.append(f"{heap // 1000000} MB of heap")
    return figures


def cut(page, _expected, name):
    """a page that is cut, of a report that lost lines: says so, and shows what there is"""
    with open(f"{name}/timeline.html", encoding="utf-8") as file:
        whole = file.read()
    part = whole[:len(whole) // 2].replace('"lost":0', '"lost":1234', 1)
    with open(f"{name}/cut.html", "w", encoding="utf-8") as file:
        file.write(part)
    page.open("file://" + f"{name}/cut.html")
    n = part.count("]</script>\n") * 10000
    said = page.text("#trouble")
    page.shown(n, "of a cut page")
    check("1,234 lines were lost" in said and f"only {n:,} lines are left" in said, said)
    page.open()


def harmless(page, expected, _):
    """what stands in the lines is text: no element, no script comes of it"""
    equal(page.js("return window.hacked"), None, "a script of theirs")
    for facet in ("source", "device", "class"):
        page.click(f"#{facet} legend button")
    equal(page.js("return document.querySelectorAll('img, iframe, svg, base, i, b').length"), 0, "elements of theirs")
    check(any("</script>" in line.text for line in expected.lines), "no line has </script>")
    equal(page.js("return [...document.scripts].map(s => s.type)"), ["", "application/json"], "scripts")
    equal(page.js("return document.title"), "dd-recorder timeline", "the title")


def guarded(page, _expected, _):
    """if it were markup all the same: no script of another, nothing from the network"""
    said = page.wait_js("""
        const done = arguments[0], said = [];
        document.addEventListener("securitypolicyviolation", (event) => said.push(event.effectiveDirective));
        const script = document.createElement("script");
        script.textContent = "window.hacked = 2";
        const image = document.createElement("img");
        image.src = "http://127.0.0.1:9/x.png";
        const style = document.createElement("style");
        style.textContent = "body { display: none }";
        document.body.append(script, image, style);
        document.body.setAttribute("onclick", "window.hacked = 3");
        document.body.click();
        const all = () => done(said.map(directive => directive.replace(/-(elem|attr)$/, "")).sort());
        fetch("http://127.0.0.1:9/x").catch(() => setTimeout(all, 300));
    """)
    equal(said, ["connect-src", "img-src", "script-src", "script-src", "style-src"], "refused")
    equal(page.js("return window.hacked"), None, "a script")
    page.forget()
    page.open()


def nothing(page, _expected, _):
    """without a line: it says so, and no key does any harm"""
    check("are no lines" in page.text("#nothing"), page.text("#nothing"))
    for key in ("n", "N", Keys.DOWN, Keys.UP, Keys.HOME, Keys.END, Keys.PAGE_DOWN, Keys.ESCAPE):
        page.press(key)
    page.drag(0.2, 0.6)
    page.drag(0.2, 0.2)
    page.click("#zoom-out") if page.find("#zoom-out").is_enabled() else None
    equal(page.selected(), None, "selected")
    page.shown(0, "nothing")
