"""Limits that several authorities set for one act stand side by side and are never merged."""

from __future__ import annotations

import msgspec

from zhiheng.law.load import load_law
from zhiheng.law.model import Limit
from zhiheng.reports.law.limits import acts_with_several_limits, limits_page


def test_only_acts_timed_by_several_authorities_are_listed_the_law_first() -> None:
    law = load_law()
    index = law.duties["preservation.executed"]
    own = msgspec.structs.replace(index.versions[0], within=Limit(days=5))
    statute = msgspec.structs.replace(index, id="x.statute", nature="statutory", versions=(own,))
    alone = {name: law.duties[name] for name in ("payment.paid_out", index.id)}
    assert acts_with_several_limits(msgspec.structs.replace(law, duties=alone)) == {}
    both = msgspec.structs.replace(law, duties={**alone, statute.id: statute})
    found = acts_with_several_limits(both)
    assert found == {("case", "preservation_executed"): [statute, index]}
    page = "\n".join(limits_page(both, "", dict.fromkeys(both.duties, "a")))
    assert page.index("5 calendar days") < page.index("10 calendar days")
