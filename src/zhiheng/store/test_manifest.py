"""Manifests written by earlier programs keep their bytes and their digest."""

import json

from zhiheng.store.manifest import Batch, Manifest, StoredSource, decode, encode, stored_table

OF_FORMAT_2 = {
    "number": 1,
    "batches": [
        {
            "id": "ab547ef6b892a5743d783a4a2fc4a1008f7b2eee47e0aac63b5197c2ea3d65ed",
            "intake": "intake",
            "sources": [{"name": "a.csv", "sha256": "d" * 64, "size": 9}],
            "tables": {"courts": {"rows": 2, "updates": 1, "sha256": "c" * 64}},
            "courts": ["陕0102"],
            "quarantined": 3,
        }
    ],
}
DIGEST = "aebb53c723223b117f0b5cefbeef81f10c250d5dc1ce391869a7c6955d4ca9aa"
"""As the program of format 2 computed it."""


def test_a_manifest_of_format_2_keeps_its_bytes_and_its_digest() -> None:
    content = json.dumps(OF_FORMAT_2, ensure_ascii=False, indent=1).encode()
    manifest = decode(content)
    assert encode(manifest) == content
    assert manifest.digest == DIGEST


def test_a_table_of_one_file_is_written_as_it_was_in_format_2() -> None:
    tables = {"courts": stored_table(2, 1, ["c" * 64])}
    source = StoredSource("a.csv", "d" * 64, 9)
    batch = Batch(OF_FORMAT_2["batches"][0]["id"], "intake", (source,), tables, ("陕0102",), 3)
    assert Manifest(1, (batch,)).digest == DIGEST


def test_a_table_of_several_files_has_a_digest_over_theirs() -> None:
    one, other = (stored_table(2, 1, digests) for digests in ("cd", "dc"))
    assert list(one.files("courts").items()) == [
        ("courts-000.parquet", "c"),
        ("courts-001.parquet", "d"),
    ]
    assert one.sha256 != other.sha256
    batch = Batch("id", "intake", (), {"courts": one}, (), 0)
    assert decode(encode(Manifest(1, (batch,)))).batches[0].tables["courts"] == one
