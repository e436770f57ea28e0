"""The report as static pages that open from a folder, without a server or a network."""

from zhiheng.reports.html.write import write_html

__all__ = ["write_html"]
