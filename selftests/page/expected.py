# SPDX-License-Identifier: GPL-2.0-only
"""What a page has to show, by timeline.txt alone."""
import bisect
import collections
import re

SOURCE_COLUMNS = 12
# "weston-1000 [drm]drm_mode DRM_UT_KMS 0000:00:02.0 minor=0: text"; without a class, and without device and minor
MESSAGE = re.compile(r"^.{0,16}?-\d+ \[[^]]*\]\S+(?: (DRM_[^ :]+))?(?: \S+)?(?: minor=(\d+))?: ")
ENDED = re.compile(r"\[dyndbg_drm\].* DRM_IOCTL_\w+ ends .* ret=-(\d+) ns=\d+$")
RESTARTS = range(512, 517)
NO_STREAMS = re.compile(r"kernel$|.*\.log$")

Line = collections.namedtuple("Line", "us time source text device class_ failed")


def parse(line):
    time, _, rest = line.partition(" ")
    source = rest[:rest.index(" ")]
    text = rest[max(SOURCE_COLUMNS, len(source)) + 1:]
    message = None if NO_STREAMS.match(source) else MESSAGE.match(text)
    ended = ENDED.search(text) if message else None
    return Line(
        us=int(time.replace(".", "")),
        time=time,
        source=source,
        text=text,
        device=f"drm:{message[2]}" if message and message[2] else "no device",
        class_=message[1] if message and message[1] else "no class",
        failed=bool(ended) and int(ended[1]) not in RESTARTS,
    )


class Expected:
    def __init__(self, path):
        # Not splitlines(), which knows more ends of a line than the file does
        with open(path, encoding="utf-8", newline="") as file:
            self.lines = [parse(line) for line in file.read().split("\n")[:-1]]
        self.failed = [i for i, line in enumerate(self.lines) if line.failed]

    def counts(self, facet):
        return collections.Counter(self.name(line, facet) for line in self.lines)

    @staticmethod
    def name(line, facet):
        return line.class_ if facet == "class" else getattr(line, facet)

    def find(self, wanted):
        """The numbers of the lines, from 0, for which wanted(line) holds."""
        return [i for i, line in enumerate(self.lines) if wanted(line)]

    def having(self, text):
        return self.find(lambda line: text.lower() in line.text.lower())

    def between(self, begin, end):
        """Those from begin to end, in microseconds, both included."""
        times = [line.us for line in self.lines]
        return range(bisect.bisect_left(times, begin), bisect.bisect_right(times, end))
