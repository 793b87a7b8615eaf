"""Does a saved page show its landscape from a file, with no kernel and nothing to fetch?"""

from __future__ import annotations

import csv
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from landscape import PLACE
from playwright.sync_api import Browser, Locator, Page, expect

from landscape_widget.surface.grid import Grid
from landscape_widget.surface.surface import Surface
from tests.export_cases import SETTINGS, measured, path_of

HOSTILE = "</script><script>document.title = 'broken'</script><b>$x$ <!-- & \" '"
WHOLE = SETTINGS | {
    "name": HOSTILE,
    "labels": ["random, seed 3", HOSTILE],
    "directions": [
        {"key": "random", "seed": 3, "normalization": None},
        {"key": "given 1", "seed": 0, "normalization": None},
    ],
    "gram": [[4.0, 0.0], [0.0, 9.0]],
    "notes": ["one note"],
}
HEIGHTS = """(root) => {
  const traces = root.querySelector(".lw-drawing")?.data ?? [];
  return traces.filter(({ type, name }) => ["heatmap", "surface"].includes(type) && name === "surface")
    .map(({ type, z }) => ({ type, z: Array.from(z, (row) => Array.from(row)) }));
}"""
IN_SIGHT = """([root, count]) => {
  const trace = root.querySelector(".lw-drawing")?._fullData?.find(({ name }) => name === "checkpoints");
  const points = trace ? [...root.querySelectorAll(`.trace${trace.uid} .point`)] : [];
  return points.filter(({ style }) => style.visibility !== "hidden").length === count;
}"""

image = pytest.importorskip("PIL.Image")

Open = Callable[..., Locator]


def slope(a, b):
    return a + 10 * b


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Open a file with every way to the network closed; none may even be tried."""
    pages: list[Page] = []
    asked: list[str] = []
    problems: list[str] = []

    def open_page(path: Path, scheme: str = "light", width: int = 1280) -> Locator:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, offline=True, color_scheme=scheme
        )
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.route(lambda url: url.startswith(("http", "ws")), lambda route: route.abort())
        page.goto(path.as_uri())
        pages.append(page)
        root = page.locator(".landscape-widget")
        root.locator(".lw-drawing > *").first.wait_for()
        return root

    yield open_page
    for page in pages:
        page.context.close()
    assert not [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]
    assert not problems


def heights_of(root: Locator, kind: str) -> np.ndarray:
    """Wait until a kind of ground is drawn, and return it."""
    root.page.wait_for_function(
        f"([root, kind]) => ({HEIGHTS})(root).some(({{ type }}) => type === kind)",
        arg=[root.element_handle(), kind],
    )
    (ground,) = [ground["z"] for ground in root.evaluate(HEIGHTS) if ground["type"] == kind]
    return np.array(ground)


def test_a_page_is_small_and_names_in_it_stay_names(tmp_path: Path, open_page: Open):
    path = measured([slope], 51, 51, settings=WHOLE).save(tmp_path / "page.html", kind="heatmap")
    assert path.stat().st_size < 3e6
    root = open_page(path)
    assert root.page.title() == f"{HOSTILE}"
    expect(root.locator(".lw-name")).to_have_text(HOSTILE)
    np.testing.assert_allclose(
        heights_of(root, "heatmap"),
        np.add.outer(10 * np.linspace(-2, 2, 51), np.linspace(-1, 1, 51)),
        atol=1e-5,
    )


def test_kinds_scales_and_metrics_switch_and_the_readout_reads(tmp_path: Path, open_page: Open, screenshot):
    surface = measured([slope, lambda a, b: 50 + b], settings=WHOLE)
    root = open_page(surface.save_html(tmp_path / "page"))
    assert heights_of(root, "surface").size
    screenshot(root, "surface")
    root.get_by_role("radio", name="heat map").click()
    drawn = heights_of(root, "heatmap")
    np.testing.assert_allclose(
        drawn, np.add.outer(10 * np.linspace(-2, 2, 5), np.linspace(-1, 1, 7)), atol=1e-5
    )
    root.page.mouse.move(*root.evaluate(PLACE, [1 / 3, -1]))
    expect(root.locator(".lw-readout")).to_contain_text("loss −9.667")
    root.get_by_label("scale").select_option("log")
    root.page.wait_for_function(
        "(root) => root.querySelector('.lw-drawing').data[0].z[0][0] > -20", arg=root.element_handle()
    )
    root.get_by_label("scale").select_option("linear")
    root.get_by_label("metric", exact=True).select_option("accuracy")
    root.page.wait_for_function(
        "(root) => root.querySelector('.lw-drawing').data[0].z[0][0] === 48", arg=root.element_handle()
    )
    root.get_by_role("radio", name="contour").click()
    expect(root).to_have_attribute("data-kind", "contour")
    screenshot(root, "contour")


def test_what_would_have_to_be_computed_is_shown_but_not_to_be_changed(tmp_path: Path, open_page: Open):
    root = open_page(measured([slope], settings=WHOLE).save(tmp_path / "page.html"))
    why = "This page has no kernel: open the notebook to compute."
    expect(root.get_by_text(why).first).to_be_visible()
    seed = root.get_by_label("seed of axis 1")
    expect(seed).to_be_disabled()
    expect(seed).to_have_value("3")
    for name in ("x from", "x to", "y from", "y to"):
        expect(root.get_by_role("slider", name=name, exact=True)).to_be_disabled()
    expect(root.get_by_label("direction of axis 1")).to_be_disabled()
    root.get_by_role("button", name="how is it measured").click()
    expect(root.get_by_role("slider", name="samples")).to_be_disabled()
    expect(root.locator(".lw-buttons button:visible")).to_have_count(0)
    expect(root).to_have_attribute("data-state", "page")
    root.page.wait_for_timeout(3000)  # longer than the page would wait for a kernel
    expect(root).to_have_attribute("data-connection", "page")


def test_a_path_plays(tmp_path: Path, open_page: Open, screenshot):
    places = [[-0.5 + 0.1 * step, 0.2 * step] for step in range(8)]
    surface = measured([slope], settings=WHOLE).with_path(path_of(places, list(range(8))))
    root = open_page(surface.save(tmp_path / "page.html", kind="contour", moment=3))
    root.page.wait_for_function(IN_SIGHT, arg=[root.element_handle(), 3])
    screenshot(root)
    root.get_by_role("button", name="play the training").click()
    root.page.wait_for_function(IN_SIGHT, arg=[root.element_handle(), 8])


def test_a_surface_read_from_its_file_by_another_process_gives_the_same_page(tmp_path: Path, open_page: Open):
    saved = measured([slope], settings=WHOLE).save(tmp_path / "surface.npz")
    page = tmp_path / "page.html"
    code = "import sys, landscape_widget as lw; lw.load(sys.argv[1]).save(sys.argv[2], kind='heatmap')"
    subprocess.run([sys.executable, "-c", code, saved, page], check=True)
    root = open_page(page)
    np.testing.assert_allclose(heights_of(root, "heatmap")[-1], 20 + np.linspace(-1, 1, 7), atol=1e-5)
    expect(root.get_by_label("seed of axis 1")).to_have_value("3")
    expect(root.get_by_text("angle 90°")).to_be_visible()


def test_a_map_is_in_the_page(tmp_path: Path, open_page: Open):
    whole = measured([slope], 9, 9, settings=WHOLE)
    held = measured([lambda a, b: 100 * a], 5, 3, settings={})
    fact = held.metrics[0]
    held = Surface(
        Grid(held.grid.x, held.grid.y),
        (type(fact)("curvature", "", 100, label="|λ_min/λ_max|", limits=(0.0, 0.5), colors="viridis"),),
        *(getattr(held, name) for name in ("points", "samples", "values", "errors", "counts", "states")),
    )
    root = open_page(whole.with_map("curvature", held).save(tmp_path / "page.html", kind="heatmap"))
    root.get_by_label("metric", exact=True).select_option("curvature")
    root.page.wait_for_function(
        f"(root) => ({HEIGHTS})(root).some(({{ z }}) => z.length === 3)", arg=root.element_handle()
    )
    assert heights_of(root, "heatmap").shape == (3, 5)
    expect(root.locator(".lw-status")).to_contain_text("5×3")


@pytest.mark.parametrize("kind", ["surface", "heatmap"])
def test_its_menu_saves_picture_and_values_with_the_settings(tmp_path: Path, open_page: Open, kind: str):
    surface = measured([slope], settings=WHOLE | {"versions": {"torch": "2.4"}})
    root = open_page(surface.save(tmp_path / "page.html", kind=kind))
    title, settings = f"{HOSTILE}: loss", "direction 1: random, seed 3"

    png = saved_by(root, "picture, PNG 2×")
    drawn = image.open(png).convert("RGB")
    ground = root.locator(".lw-drawing").bounding_box()
    assert ground is not None and abs(drawn.width - 2 * ground["width"]) <= 2
    assert len(drawn.getcolors(drawn.width * drawn.height)) > 100

    svg = ElementTree.parse(saved_by(root, "picture, SVG"))
    texts = ["".join(node.itertext()) for node in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert title in " ".join(texts) and any(settings in text for text in texts)
    assert any("torch 2.4" in text for text in texts) and "−20" in texts

    with saved_by(root, "values, CSV").open(newline="", encoding="utf-8") as file:
        cells = list(csv.DictReader(file))
    for cell in cells:
        assert float(cell["loss"]) == pytest.approx(float(cell["x"]) + 10 * float(cell["y"]), abs=1e-6)
    assert len(cells) == len(surface.states)


def saved_by(root: Locator, entry: str) -> Path:
    """Press an entry of the menu and return the file that comes."""
    root.get_by_role("button", name="more", exact=True).click()
    with root.page.expect_download() as download:
        root.get_by_role("button", name=entry, exact=True).click()
    return download.value.path()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 500)])
def test_a_page_wears_what_the_system_prefers(
    tmp_path: Path, open_page: Open, screenshot, scheme: str, width: int
):
    surface = measured([lambda a, b: a**2 + b**2], 25, 25, settings=WHOLE | {"name": "bowl"})
    root = open_page(surface.save(tmp_path / "page.html"), scheme, width)
    paper = root.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(28, 28, 28)" if scheme == "dark" else "rgb(255, 255, 255)")
    assert root.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    root.page.wait_for_timeout(1500)  # for the last frame
    screenshot(root.page.locator("body"))
