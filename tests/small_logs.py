"""Small event logs and duties files, written as one would tell them."""

from __future__ import annotations

from typing import Any

import yaml

from zhiheng.checks.log_rules import LogRules, rules_from
from zhiheng.intake.event_log import EventLog
from zhiheng.intake.log_builder import LogBuilder

DOCUMENTS = {
    "law": {"title": {"zh": "某法", "en": "Some law"}, "issuer": "x", "issued": "2000-01-01"}
}
CITES = [{"document": "law", "place": "art. 1"}]


def log_of(*events: str, wanted: tuple[str, ...] = ()) -> EventLog:
    """Events as "case activity time key=value …", in the order of the rows."""
    builder = LogBuilder(wanted)
    for event in events:
        case, activity, time, *pairs = event.split()
        moment = builder.moment(time)
        assert moment is not None, event
        attributes = dict(pair.split("=") for pair in pairs)
        builder.add(builder.cases.of(case), activity, moment, attributes)
    return builder.log("small log")


def duty(name: str = "d", kind: str = "deadline", **version: Any) -> dict[str, Any]:
    """One duty in one version in force since 2000."""
    return {
        "id": name,
        "title": {"zh": f"职责{name}", "en": f"Duty {name}"},
        "per": "case",
        "kind": kind,
        "nature": "local",
        "summary": "x",
        "versions": [{"valid_from": "2000-01-01", "cites": CITES} | version],
    }


def raw_rules(*duties: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A parsed duties file; calendar none unless said otherwise."""
    return {"documents": DOCUMENTS, "duties": list(duties), "calendar": "none", "nodes": {}} | rest


def rules_of(*duties: dict[str, Any], **rest: Any) -> LogRules:
    """The rules in a duties file that went through YAML."""
    raw = yaml.safe_load(yaml.safe_dump(raw_rules(*duties, **rest), allow_unicode=True))
    return rules_from(raw, "duties.yaml")
