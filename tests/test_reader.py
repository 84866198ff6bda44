"""The strict JSON reader: what it reads, what it refuses, and how it says so without repeating anything."""

import json
import time
from contextlib import suppress
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reader import Limits, read_json, read_object
from service.refusal import Refusal

LIMITS = Limits(size=64 * 1024, names=frozenset({"age", "labs", "unit", "value"}))


def refusal(raw: bytes | str, limits: Limits = LIMITS) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_json(raw.encode() if isinstance(raw, str) else raw, limits)
    assert len(caught.value.problems) <= 20
    return caught.value


def complaints(raw: bytes | str, limits: Limits = LIMITS) -> list[tuple[str, str]]:
    return [(problem.path, problem.message) for problem in refusal(raw, limits).problems]


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_numbers_keep_the_digits_that_were_sent():
    document = read_json(b'{"age": 67, "value": 1.50, "labs": [0.10, 12e1, -0.0, 0]}', LIMITS)
    assert document == {"age": 67, "value": Decimal("1.50"), "labs": [Decimal("0.10"), 120, 0, 0]}
    assert str(document["value"]) == "1.50"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \n\t ",
        b'{"age": 54',
        b'{"age": 54,}',
        b"{'age': 54}",
        b"{age: 54}",
        b'{"age": 54} // comment',
        b'{"age": 54}\n{"age": 54}',
        b'{"age": 54}{"age": 54}',
        b'{"age": 54}x',
        b'{"value": +4.4}',
        b'{"value": 04.4}',
        b'{"value": .5}',
        b'{"value": 5.}',
        b'{"value": 0x10}',
        b'{"value": True}',
        b'{"value": None}',
        b'{"value": undefined}',
        b'{"unit": "ng\tL"}',
        rb'{"unit": "\x41"}',
        rb'{"unit": "\u12 x"}',
        '{"value": ４.４}'.encode(),
        '{"age":\u00a054}'.encode(),
        b'{"age" 54}',
        b'{"age": 54 "labs": []}',
        b'{54: "age"}',
        b'{"value": 4.4mmol/L}',
        b'{"unit": "never ends',
        b'{"unit": "ends in a backslash\\',
        b'"' + b'\\"' * 30_000,
        b"\xef\xbb\xbf{}",
        b'{"unit": "\xb5mol/L"}',
        b'{"unit": "\x80"}',
        b'{"unit": "\xed\xa0\x80"}',
        b'{"unit": "\xc0\xaf"}',
        b'{"unit": "\xe2\x82',
        '{"age": 54}'.encode("utf-16"),
        '{"age": 54}'.encode("utf-16-le"),
        '{"age": 54}'.encode("utf-32"),
        '{"age": 54}'.encode("utf-32-le"),
        b"\x1f\x8b\x08\x00",
    ],
)
def test_what_is_not_one_json_document_in_utf8_is_malformed(raw):
    assert refusal(raw).status == 400


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b'{"age": 54, "age": 4}', ""),
        (rb'{"age": 54, "\u0061ge": 4}', ""),
        (b'{"labs": [{"value": 6.9, "value": 4.4}]}', "labs[0]"),
        (b'{"labs": [{"value": 4.4}, {"value": {"a": 1, "a": 1}}]}', "labs[1].value"),
    ],
)
def test_a_member_named_twice_is_malformed(raw, path):
    assert refusal(raw).status == 400
    assert complaints(raw) == [(path, "names one of its members twice")]


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e400",
        "1e-400",
        "-1e-400",
        "0e99999999999999999999",
        "1" * 41,
        "0." + "1" * 40,
    ],
)
def test_a_number_that_other_readers_would_change_is_refused(number):
    raw = f'{{"labs": [{{"value": {number}}}]}}'
    assert refusal(raw).status == 422
    assert [path for path, _ in complaints(raw)] == ["labs[0].value"]


@pytest.mark.parametrize("digits", [4_000, 5_000, 60_000])
@pytest.mark.parametrize("form", ["{}", "0.{}", "-{}", "1e{}"])
def test_numbers_of_thousands_of_digits_are_refused_cheaply(form, digits):
    started = time.perf_counter()
    assert refusal(f'{{"age": {form.format("9" * digits)}}}').status == 422
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("number", ["0e5", "0.00", "1e308", "1e-300", "5E-2", "9" * 40])
def test_odd_but_harmless_numbers_are_read(number):
    assert read_json(number.encode(), LIMITS) == Decimal(number)


def test_nesting_is_allowed_to_its_limit():
    assert read_json(nested(32).encode(), LIMITS)
    assert refusal(nested(33)).status == 422
    assert refusal('{"a":' * 5_000 + "1" + "}" * 5_000).status == 422


def test_brackets_in_texts_are_no_nesting():
    assert read_json(json.dumps(["[" * 150, '\\"[{' * 20]).encode(), LIMITS)


def test_bottomless_nesting_is_refused_without_being_parsed():
    started = time.perf_counter()
    assert refusal(nested(100_000), Limits(size=1_000_000)).status == 422
    assert refusal("[" * 100_000, Limits(size=1_000_000)).status == 422
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("start", [b"\\", b'\\"', b'"\\"" \\"', b'"" \\""'])
def test_nesting_behind_a_stray_backslash_is_refused_without_being_parsed(start):
    assert refusal(start + b"[" * 100_000, Limits(size=1_000_000)).status in (400, 422)


awkward = st.text(alphabet='[]{}"\\é:,', max_size=6)


def depth_of(document: object) -> int:
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else None
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


@given(
    st.recursive(
        awkward, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(awkward, inner, max_size=4), max_leaves=15
    ),
    st.booleans(),
)
def test_only_brackets_outside_texts_are_nesting(document, ascii_only):
    raw, depth = json.dumps(document, ensure_ascii=ascii_only).encode(), depth_of(document)
    assert read_json(raw, Limits(size=64 * 1024, depth=depth)) == document
    assert depth == 0 or refusal(raw, Limits(size=64 * 1024, depth=depth - 1)).status == 422


@given(st.text(alphabet="[]{}", max_size=40), st.integers(1, 6))
def test_brackets_that_do_not_match_nest_as_deep_as_they_ever_stand_open(brackets, depth):
    open_at_once = list(accumulate(1 if bracket in "[{" else -1 for bracket in brackets))
    if max(open_at_once, default=0) > depth:
        assert refusal(brackets, Limits(size=40, depth=depth)).status == 422
    else:
        with suppress(Refusal):
            assert read_json(brackets.encode(), Limits(size=40, depth=depth)) == json.loads(brackets)


def test_a_document_over_its_size_is_too_large():
    assert read_json(b'"' + b"x" * 8 + b'"', Limits(size=10)) == "x" * 8
    assert refusal(b'"' + b"x" * 9 + b'"', Limits(size=10)).status == 413


def test_texts_are_limited_to_200_characters():
    assert read_json(json.dumps(["µ" * 200, "x" * 200], ensure_ascii=False).encode(), LIMITS)
    raw = json.dumps({"labs": [{"unit": "x" * 201}]})
    assert refusal(raw).status == 422
    assert complaints(raw) == [("labs[0].unit", "is longer than 200 characters")]


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1f", "\x7f", "\x85", "\xad", "\u061c", "\u200b", "\u200d", "\u200f", "\u202e", "\u2028", "\u2060",
     "\u2066", "\u3164", "\ufe0f", "\ufeff", "\ufff9", "\ud800", "\U000e0041"],
)  # fmt: skip
def test_characters_that_nobody_sees_are_refused(character):
    raw = json.dumps({"labs": [{"unit": f"mmol{character}/L"}]})
    assert refusal(raw).status == 422
    assert complaints(raw) == [("labs[0].unit", "contains a control, invisible or direction-changing character")]


@pytest.mark.parametrize("character", ["\u200b", "\x7f", "\u202e"])
def test_they_are_found_unescaped_too(character):
    raw = json.dumps({"unit": character}, ensure_ascii=False)
    assert [path for path, _ in complaints(raw)] == ["unit"]


def test_names_are_texts_too_and_are_not_repeated():
    assert complaints(json.dumps({"labs": [{"Jane\u200bDoe": 1}]})) == [
        ("labs[0]", "has a member whose name contains a control, invisible or direction-changing character")
    ]
    assert complaints(json.dumps({"k" * 60_000: 1})) == [("", "has a member whose name is longer than 200 characters")]


def test_a_problem_below_a_name_of_the_clients_own_is_placed_at_the_last_known_one():
    assert [path for path, _ in complaints(json.dumps({"labs": [{"Jane Doe": ["\u200b"]}]}))] == ["labs[0][0]"]


def test_all_problems_of_a_document_are_reported_at_once_up_to_twenty():
    mixed = complaints('{"age": 1e400, "labs": [{"unit": "\\u200b"}, {"value": 1e-400}]}')
    assert [path for path, _ in mixed] == ["age", "labs[0].unit", "labs[1].value"]
    assert len(complaints(json.dumps(["\u200b"] * 50))) == 20


def test_a_malformed_document_is_malformed_whatever_else_is_wrong_with_it():
    assert refusal('{"age": 1e400, "labs": {"unit": 1, "unit": 1}}').status == 400


def test_ordinary_texts_of_many_languages_are_read():
    document = {"unit": "µmol/L μ Å é 中 ß", "value": 'a\\b "c"'}
    assert read_json(json.dumps(document).encode(), LIMITS) == document
    assert read_json(json.dumps(document, ensure_ascii=False).encode(), LIMITS) == document


@pytest.mark.parametrize("raw", [b"null", b"true", b"54", b'"patient"', b"[]"])
def test_a_patient_is_an_object(raw):
    with pytest.raises(Refusal) as caught:
        read_object(raw, LIMITS)
    assert caught.value.status == 422
    assert read_object(b"{}", LIMITS) == {}


texts = st.text(st.characters(categories=["L", "N", "P"]), max_size=20)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)


@given(documents, st.booleans(), st.sampled_from([None, 1]))
def test_plain_documents_are_read_as_python_reads_them(document, ascii_only, indent):
    raw = json.dumps(document, ensure_ascii=ascii_only, indent=indent)
    assert read_json(raw.encode(), LIMITS) == document


@given(st.binary(max_size=200) | st.text(alphabet='[]{}":,\\u0123456789eE+-.nulltrue \n').map(str.encode))
def test_any_bytes_are_read_or_refused(raw):
    with suppress(Refusal):
        document = read_json(raw, LIMITS)
        assert document == json.loads(raw, parse_float=Decimal)


FREE = Limits(size=64 * 1024, names=frozenset({"entry"}), free_text=True)


@pytest.mark.parametrize("text", ["x" * 5_000, "two\nlines\tand a tab", "\u202eturned", "\u200bunseen", "\x7f"])
def test_free_text_may_be_long_and_hold_any_character(text: str) -> None:
    document = {"div": text, text: "as a name"}
    assert read_json(json.dumps(document).encode(), FREE) == document


@pytest.mark.parametrize(
    ("raw", "status", "path"),
    [
        (b'{"entry": [{"div": "line\\nbreak", "id": "1", "id": "2"}]}', 400, "entry[0]"),
        (b'{"entry": ["line\\nbreak", NaN]}', 422, "entry[1]"),
    ],
)
def test_free_text_frees_nothing_but_texts(raw: bytes, status: int, path: str) -> None:
    refused = refusal(raw, FREE)
    assert (refused.status, [problem.path for problem in refused.problems]) == (status, [path])
