"""What is on the site besides the pages in docs/? Pages made of the lessons and of the table of controls."""

from __future__ import annotations

import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).parent))

from controls import control_pages
from lessons import lesson_pages
from said import filled


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made; MkDocs calls this once a build."""
    for name, markdown in {**lesson_pages(), **control_pages()}.items():
        files.append(File.generated(config, name, content=markdown))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fill in what a page takes from the widget's sources."""
    return filled(markdown)
