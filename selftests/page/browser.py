# SPDX-License-Identifier: GPL-2.0-only
"""A page in Chromium, and how it is used."""
import base64
import json
import time

from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PATIENCE = 20  # seconds


class Failed(Exception):
    pass


def check(good, message):
    if not good:
        raise Failed(message)


def equal(got, wanted, what):
    check(got == wanted, f"{what}: {got!r}, not {wanted!r}")


def start():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    # The root of a root of its own has no sandbox to make, and no /dev/shm.
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                     "--window-size=1400,900", "--user-data-dir=/tmp/chromium"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    # What Chromium shows at first has requests of its own.
    driver.get("about:blank")
    driver.get_log("performance")
    return driver


class Page:
    def __init__(self, driver, path):
        self.driver = driver
        self.url = "file://" + path
        self.directory = path.rpartition("/")[0]

    def open(self, url=None):
        self.driver.get(url or self.url)

    def js(self, script, *args):
        return self.driver.execute_script(script, *args)

    def wait_js(self, script, *args):
        """The script calls its last argument when it is done."""
        return self.driver.execute_async_script(script, *args)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def reset(self):
        """All lines, from the first on, nothing selected."""
        self.js("""
            history.replaceState(null, "", "#");
            window.dispatchEvent(new HashChangeEvent("hashchange"));
            document.getElementById("list").scrollTop = 0;
        """)
        first = "return document.querySelector('.row').getAttribute('aria-posinset') <= 1"
        self.until(lambda: self.js(first), "not at the first line")

    @staticmethod
    def until(good, message):
        end = time.monotonic() + PATIENCE
        while not good():
            check(time.monotonic() < end, message() if callable(message) else message)
            time.sleep(0.02)

    def text(self, selector):
        return self.js("return document.querySelector(arguments[0]).textContent", selector)

    def shown(self, n, what):
        """Waits until so many lines are shown."""
        def count():
            return int(self.text("#count").split(" of ")[0].replace(",", ""))
        self.until(lambda: count() == n, lambda: f"{what}: {count()} lines are shown, not {n}")

    def write(self, field, text):
        """As a user does: select all, write over it, Enter."""
        element = self.find("#" + field)
        element.send_keys(Keys.CONTROL + "a")
        element.send_keys(Keys.DELETE, text, Keys.ENTER)

    def click(self, selector):
        self.find(selector).click()

    def press(self, key):
        self.find("#list").send_keys(key)

    def selected(self):
        """The number of the line that is selected, from 0; None if none is."""
        return self.js("""
            if (document.getElementById("detail").hidden)
                return null;
            const pairs = [...document.querySelectorAll("#detail dl div")];
            const line = pairs.find(pair => pair.firstChild.textContent === "line");
            return Number(line.lastChild.textContent.replace(/,/g, "")) - 1;
        """)

    def rows(self):
        """What can be seen of the list: position, from 0, and the columns."""
        return self.js("""
            const box = document.getElementById("list").getBoundingClientRect();
            const seen = row => {
                const r = row.getBoundingClientRect();
                return !row.hidden && r.bottom > box.top + 1 && r.top < box.bottom - 1;
            };
            const column = (row, name) => row.querySelector("." + name).textContent;
            return [...document.querySelectorAll(".row")].filter(seen).map(row => ({
                position: Number(row.getAttribute("aria-posinset")) - 1,
                selected: row.getAttribute("aria-selected") === "true",
                failed: row.classList.contains("failed") && column(row, "sign") === "✗",
                time: column(row, "time"), delta: column(row, "delta"), source: column(row, "source"),
                device: column(row, "device"), text: column(row, "text"),
                whole: row.getBoundingClientRect().bottom <= box.bottom + 1,
            }));
        """)

    def facet(self, facet):
        """{name: number} as the filter shows them."""
        return {name: int(n.replace(",", "")) for name, n in self.js("""
            return [...document.querySelectorAll("#" + arguments[0] + " .facet")].map(
                row => [row.querySelector(".name").textContent, row.querySelector(".number").textContent]);
        """, facet)}

    def facet_part(self, facet, name, part):
        """The checkbox (input) or the button of a name."""
        return self.js("""
            return [...document.querySelectorAll("#" + arguments[0] + " .facet")].find(
                row => row.querySelector(".name").textContent === arguments[1]).querySelector(arguments[2]);
        """, facet, name, part)

    def use_facet(self, facet, name, part):
        self.js("arguments[0].click()", self.facet_part(facet, name, part))

    def drag(self, begin, end):
        """Over the strip, by shares of its width."""
        strip = self.find("#overview")
        width = strip.size["width"]
        chain = ActionChains(self.driver, duration=50)
        chain.move_to_element_with_offset(strip, int((begin - 0.5) * width), 0).click_and_hold()
        chain.move_by_offset(int((end - begin) * width / 2), 0).move_by_offset(int((end - begin) * width / 2), 0)
        chain.release().perform()

    def complaints(self):
        """What the console got since this was asked last, and what was asked of the network."""
        said = [entry["level"] + ": " + entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING")]
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if not url.startswith("file://" + self.directory):
                    said.append("a request: " + url)
        return said

    def forget(self):
        self.complaints()

    def colours(self, scheme):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                    {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def narrow(self, width):
        """0: as it was."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 800 if width else 0, "deviceScaleFactor": 0, "mobile": False})

    def picture(self, path):
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))
