"""What can be wrong with a store, said to the user."""

from __future__ import annotations

from pathlib import Path

from zhiheng.errors import BadInput, Message, WrongUse


class StoreMissing(WrongUse):
    """There is no store where one was expected."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Message("这里没有数据仓。", "There is no store here."),
            Message(
                "请检查路径；新建数据仓请用 zhiheng intake 文件 --store 路径。",
                "Check the path; `zhiheng intake FILE --store PATH` makes a new store.",
            ),
            str(path),
        )


class NotAStore(WrongUse):
    """A store was to be made in a directory that holds something else."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Message("目录里有别的文件，不是数据仓。", "The directory holds other files."),
            Message("请换一个空目录或新目录。", "Name an empty or a new directory."),
            str(path),
        )


class StoreBusy(BadInput):
    """Another process is writing to the store."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Message("另一个进程正在写入这个数据仓。", "Another process is writing to this store."),
            Message(
                "请等它结束后再试；数据仓未改动。", "Try again when it is done; nothing changed."
            ),
            str(path),
        )


class StoreDamaged(BadInput):
    """A file of the store is missing or not as it was written."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        super().__init__(
            Message(zh, en),
            Message(
                "请从备份恢复该文件，或用原始文件重建数据仓。",
                "Restore the file from a backup, or make the store anew from the source files.",
            ),
            place,
        )


class DerivedDamaged(StoreDamaged):
    """A file derived from the records is missing or not as it was written; the records are not."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        super().__init__(place, zh, en)
        self.remedy = Message(
            "删除该文件所在的目录后重试，它会自动重建。",
            "Delete the folder the file is in and try again: it is built anew.",
        )


class StoreNewer(BadInput):
    """The store was written by a newer version."""

    def __init__(self, path: Path, found: object, ours: int) -> None:
        super().__init__(
            Message(
                f"数据仓格式版本为 {found}，本程序只认识到 {ours}。",
                f"The store has format {found}; this program knows formats up to {ours}.",
            ),
            Message("请升级程序。", "Install a newer version of the program."),
            str(path),
        )
