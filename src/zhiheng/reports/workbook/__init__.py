"""The report as a workbook."""

from zhiheng.reports.workbook.write import write_workbook

__all__ = ["write_workbook"]
