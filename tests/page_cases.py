"""What does a browser find in a page?"""

import json
from html.parser import HTMLParser


class Scripts(HTMLParser):
    """What a browser takes for scripts, and every address it would fetch."""

    def __init__(self, page):
        super().__init__()
        self.scripts, self.addresses, self._open = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.addresses += [value for name, value in attrs if name in ("src", "href", "srcset", "data")]
        if tag == "script":
            self._open = dict(attrs)
            self.scripts.append((self._open.get("id") or self._open.get("type"), ""))

    def handle_data(self, data):
        if self._open is not None:
            name, text = self.scripts[-1]
            self.scripts[-1] = (name, text + data)

    def handle_endtag(self, tag):
        if tag == "script":
            self._open = None


def told(page):
    """The traits that a page holds."""
    return json.loads(dict(Scripts(page).scripts)["landscape"])
