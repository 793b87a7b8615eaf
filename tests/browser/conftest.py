"""One JupyterLab and one Chromium for all browser tests; a page and a kernel of its own for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chromium import chromium
from kernels import add_ipykernel_6
from lab import JupyterLab, jupyter_lab
from notebook import PATIENCE, Notebook, PageErrors, describe
from playwright.sync_api import Browser, Locator, Page, expect

OUTPUT = Path(__file__).parents[2] / "test-output"
OpenNotebook = Callable[..., Notebook]
Screenshot = Callable[..., Path]


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    folder = tmp_path_factory.mktemp("jupyter")
    add_ipykernel_6(folder / "data" / "kernels")
    with jupyter_lab(folder) as lab:
        yield lab


@pytest.fixture(scope="package", autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    page.close()


@pytest.fixture
def page_errors(page: Page, lab: JupyterLab) -> PageErrors:
    return PageErrors(page, lab.url.removeprefix("http://"))


@pytest.fixture
def open_notebook(
    page: Page, page_errors: PageErrors, lab: JupyterLab, request: pytest.FixtureRequest
) -> Iterator[OpenNotebook]:
    """Open a notebook made of the cells given, on ``kernel``; no error of the page is forgiven.

    ``at``: ``"lab/tree"`` for JupyterLab, ``"notebooks"`` for Notebook 7.
    """
    opened: list[Notebook] = []

    def open_notebook(*cells: str, kernel: str = "python3", at: str = "lab/tree") -> Notebook:
        name = file_name(request.node.name) + ".ipynb"
        lab.write(name, cells, kernel)
        lab.forget_theme()
        page.goto(f"{lab.url}/{at}/{name}?reset")
        opened.append(Notebook(page, page_errors))
        return opened[-1]

    yield open_notebook
    unexpected = page_errors.unexpected()
    for notebook in opened:
        notebook.close()
    assert not unexpected, describe(unexpected)


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Screenshot:
    """Save a picture of an element to test-output, for people to look at: ``screenshot(element, "dark")``."""

    def screenshot(element: Locator, name: str = "") -> Path:
        path = picture("-".join(filter(None, (request.node.name, name))))
        element.screenshot(path=path)
        return path

    return screenshot


def picture(name: str) -> Path:
    OUTPUT.mkdir(exist_ok=True)
    return OUTPUT / f"{file_name(name)}.png"


def file_name(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name).strip("-")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call" and report.failed and "page" in item.funcargs:
        item.funcargs["page"].screenshot(path=picture(item.name + "-failed"))
    return report
