"""What the store keeps in memory of all streams is what a fresh look at the database gives, whatever came in between."""

from __future__ import annotations

from pathlib import Path

from inspector_app.actions import check, evidence, findings
from inspector_app.domain.tally import TOPIC
from inspector_app.store.ledger import Store
from tests.office import CASE, arrive, card, office

SEEN = "inspection/2026-02"


def looked(store: Store) -> tuple[object, ...]:
    return store.over_all(TOPIC), store.counts()


def afresh(store: Store) -> tuple[object, ...]:
    """The same without anything that was kept."""
    with store.transaction() as connection:
        count: dict[str, int] = dict(
            connection.exec_driver_sql("SELECT stream, count(*) FROM event GROUP BY stream").fetchall()
        )
    rows = {(stream, key): row for stream, key, row in store.topic(TOPIC)}
    return rows, count


def test_it_follows_acts_and_exchange(tmp_path: Path) -> None:
    a, b = office(tmp_path / "a"), office(tmp_path / "b")
    assert looked(a.book.store) == afresh(a.book.store)
    arrive(a.book)
    check.answer(a.book, CASE, "E01", "不符合")
    evidence.add_photos(a.book, CASE, card(2), item="E01")
    findings.record(a.book, CASE, "E01")
    held = a.book.store
    assert looked(held) == afresh(held) and held.over_all(TOPIC)[CASE, ""]["flaws"]
    other = b.book.store
    looked(other)
    lines = [entry.line for entry in held.entries(CASE)]
    other.receive(reversed(lines))  # all of it in one batch, in another order
    assert looked(other) == afresh(other) and other.over_all(TOPIC)[CASE, ""] == held.over_all(TOPIC)[CASE, ""]
    other.rebuild()
    assert looked(other) == afresh(other)
    a.close()
    b.close()


def test_what_failed_is_not_kept(tmp_path: Path) -> None:
    session = office(tmp_path)
    store = session.book.store
    before = looked(store)
    session.book.rules.policy  # noqa: B018 - loaded before the store is broken
    with store.transaction() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON projection BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    try:
        arrive(session.book)
    except Exception as error:
        assert "refused" in str(error)
    else:
        raise AssertionError("nothing was refused")
    assert looked(store) == before == afresh(store)
    session.close()
