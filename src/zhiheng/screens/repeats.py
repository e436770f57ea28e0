"""What should be one case's own and is found in others: rulings, accounts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from zhiheng.screens.rows import Parameters, Scope, Tables, shaped

IDENTICAL, SHARED = "ruling.identical", "account.shared"


def identical(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Documents of the kinds concerned with the digest of one in another case; `measure`: cases
    that share it. Documents without a digest are told apart."""
    documents = tables("documents")
    rulings = documents.filter(
        documents["kind"].isin(parameters["kinds"])
        & (documents["made"] >= scope.first)
        & (documents["made"] <= scope.last)
    )
    known = rulings.filter(rulings["digest"].notnull())
    groups = known.group_by("digest").aggregate(many=known["case"].nunique())
    same = known.inner_join(groups.filter(groups["many"] > 1), "digest")
    unknown = rulings.filter(rulings["digest"].isnull())
    return ibis.union(
        _document_rows(same, "identical", about=same["digest"], measure=same["many"]),
        _document_rows(unknown, "no_digest"),
    )


def _document_rows(documents: ir.Table, detail: str, **values: ir.Value) -> ir.Table:
    return shaped(
        IDENTICAL,
        documents,
        court=documents["court"],
        case=documents["case"],
        subject=documents["document"],
        day=documents["made"],
        detail=detail,
        **values,
    )


def shared(tables: Tables, parameters: Parameters, scope: Scope) -> ir.Table:
    """Each case and account of a court where another case of it uses the account too;
    `subject`: the first payment, `measure`: cases on the account."""
    cases = tables("cases")
    filed = cases.filter(cases["filed"] <= scope.last).select("filed", "officer", of="case")
    payments = tables("payments")
    used = payments.filter(payments["account"].notnull())
    used = used.inner_join(filed, used["case"] == filed["of"])
    users = used.group_by(["court", "account", "case", "filed", "officer"]).aggregate(
        payment=used["payment"].min()
    )
    counted = users.group_by(["court", "account"]).aggregate(many=users.count())
    found = users.inner_join(counted.filter(counted["many"] > 1), ["court", "account"])
    found = found.filter(found["filed"] >= scope.first)
    return shaped(
        SHARED,
        found,
        court=found["court"],
        case=found["case"],
        subject=found["payment"],
        officer=found["officer"],
        about=found["account"],
        day=found["filed"],
        measure=found["many"],
        detail="shared",
    )
