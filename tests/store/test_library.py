"""Full texts of laws in the store: exact for any word, rebuilt at will, sealed on the disk. The texts are invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.statute import Passage, Statute
from inspector_app.store.engine import open_engine
from inspector_app.store.ledger import Store
from inspector_app.store.library import Library

KEY = bytes(range(32))
AT = "2026-03-16T09:00:00+08:00"
LETTERS = "库房档案光盘温湿度消防责令整改㐀\U00020000\U00030001〇，。（）14A"


def statute(*texts: str, title: str = "示例法", version: str = "") -> Statute:
    return Statute(title, version, tuple(Passage(f"第{n}条", "", text) for n, text in enumerate(texts, 1)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "a.db", KEY)
    yield made
    made.close()


def found(library: Library, words: str) -> list[str]:
    return sorted(hit.passage.text for hit in library.find(words, 1000))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    chance = random.Random(7)
    texts = ["".join(chance.choices(LETTERS, k=chance.randint(1, 24))) for _ in range(400)]
    made = Store(tmp_path_factory.mktemp("law") / "a.db", KEY)
    Library(made).keep(statute(*texts), "shen", AT)
    yield made
    made.close()


@given(
    words=st.lists(st.text("库房档案光盘温湿㐀\U00020000\U00030001〇", min_size=1, max_size=4), min_size=1, max_size=2)
)
def test_the_index_finds_what_like_finds(many: Store, words: list[str]) -> None:
    """One character, two or more, of any plane: the same rows as a search through every text."""
    query = f"SELECT text FROM law_passage WHERE {' AND '.join(['text LIKE ?'] * len(words))}"
    with many.transaction() as connection:
        oracle = connection.exec_driver_sql(query, tuple(f"%{word}%" for word in words)).scalars().all()
    assert found(Library(many), " ".join(words)) == sorted(oracle)


@given(st.text())
def test_whatever_is_typed_is_a_question(many: Store, words: str) -> None:
    assert all(hit.passage.text for hit in Library(many).find(words, 10))


def test_numbers_are_whole_and_brackets_of_any_width(store: Store) -> None:
    library = Library(store)
    library.keep(statute("存满14年", "存满140年", "第（二）项，库", "符合DA/T 22", '引"文"'), "shen", AT)
    assert found(library, "14") == ["存满14年"]
    assert found(library, "(二)项") == ["第（二）项，库"] and found(library, "项库") == []
    assert found(library, "da/t22") == ["符合DA/T 22"]
    assert found(library, '引"文') == ['引"文"']
    assert found(library, "") == found(library, " ") == []


def test_a_version_is_replaced_and_another_stands_beside_it(store: Store) -> None:
    library = Library(store)
    library.keep(statute("旧库房", version="2020-01-01"), "shen", AT)
    library.keep(statute("新库房", "附则", version="2020-01-01"), "shen", AT)
    library.keep(statute("再新的库房", version="2024-01-01"), "shen", AT)
    assert found(library, "库房") == ["再新的库房", "新库房"]
    assert [(kept.version, kept.count) for kept in library.texts()] == [("2024-01-01", 1), ("2020-01-01", 2)]
    assert [hit.version for hit in library.at("示例法", "第1条")] == ["2024-01-01", "2020-01-01"]
    library.remove(library.texts()[0].id)
    assert found(library, "库房") == ["新库房"] and found(library, "再新") == []


def test_the_index_is_made_anew_from_the_texts(store: Store, tmp_path: Path) -> None:
    Library(store).keep(statute("库房防火"), "shen", AT)
    store.rebuild()
    store.rebuild()
    assert found(Library(store), "房防") == ["库房防火"]
    copy = tmp_path / "copy.db"
    store.snapshot(copy)
    second = Store(copy, KEY)
    assert found(Library(second), "房防") == ["库房防火"], "the second copy carries the texts"
    second.close()


def test_a_store_of_the_version_before_gets_the_tables(tmp_path: Path) -> None:
    """What an older application wrote: no tables of texts, one revision and one version less."""
    Store(tmp_path / "a.db", KEY).close()
    engine = open_engine(tmp_path / "a.db", KEY)
    with engine.begin() as connection:
        for table in ("law_index", "law_passage", "law_text"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
        connection.exec_driver_sql("PRAGMA user_version = 3")
    engine.dispose()
    store = Store(tmp_path / "a.db", KEY)
    Library(store).keep(statute("库房"), "shen", AT)
    assert found(Library(store), "房") == ["库房"]
    store.close()


def test_no_text_lies_in_the_clear(store: Store, tmp_path: Path) -> None:
    Library(store).keep(statute("机密库房甲" * 50), "shen", AT)
    for path in tmp_path.iterdir():
        assert "机密库房甲".encode() not in path.read_bytes() and b"law_index" not in path.read_bytes(), path.name
