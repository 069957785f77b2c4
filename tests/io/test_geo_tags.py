from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dermshift.io.geo_series import Field, Series, read_series
from dermshift.io.geo_tags import characteristics, report


def of(*rows: tuple[str, ...], key: str = "sample_characteristics_ch1") -> Series:
    names = tuple(f"GSM{place}" for place in range(len(rows[0])))
    return Series("m", names, tuple(Field(1, key, row) for row in rows), (), ())


def test_tags_are_read_per_sample_whatever_their_place(series_file) -> None:
    found = characteristics(read_series(series_file()))
    assert found.tags == ("Patient ID", "time point", "Sex")
    assert found.of_sample == {
        "GSM1": {"Patient ID": "1", "time point": "baseline"},
        "GSM2": {"Patient ID": "2"},
        "GSM3": {"time point": "week 1", "Sex": "F"},
    }
    assert found.lacking() == {"Patient ID": ["GSM3"], "time point": ["GSM2"], "Sex": ["GSM1", "GSM2"]}
    evidence = report(found).evidence
    assert "no 'Sex' in GSM1, GSM2" in evidence
    assert "tags of the samples: Patient ID, time point, Sex" in evidence


def test_repeated_tags_are_joined_and_text_without_a_tag_is_kept_apart() -> None:
    found = characteristics(of(("dose: 1", "male"), ("Dose: 2", "dose: 3"), ("dose: 1", ": x"), ("empty:", "url: a:b")))
    assert found.of_sample == {"GSM0": {"dose": "1; 2"}, "GSM1": {"dose": "3", "url": "a:b"}}
    assert found.untagged == {"GSM1": ("male", ": x")}
    assert "text that is no 'tag: value' in GSM1" in report(found).evidence


def test_the_second_channel_has_tags_of_its_own() -> None:
    series = of(("dye: Cy3",))
    both = Series("m", series.samples, (*series.header, Field(2, "sample_characteristics_ch2", ("dye: Cy5",))), (), ())
    assert characteristics(both).of_sample == {"GSM0": {"dye": "Cy3", "dye ch2": "Cy5"}}


def test_lines_of_another_length_are_left_out() -> None:
    series = of(("a: 1", "a: 2"))
    short = Series("m", series.samples, (*series.header, Field(2, "sample_characteristics_ch1", ("b: 1",))), (), ())
    assert characteristics(short).tags == ("a",)


tags = st.text("abcXYZ -", min_size=1, max_size=5).map(lambda text: " ".join(text.split())).filter(bool)
values = st.text("abc12 :;\"'é", max_size=6).map(lambda text: " ".join(text.split()))
people = st.dictionaries(tags.map(str.casefold), values.filter(bool), max_size=4)


@given(st.lists(people, min_size=1, max_size=5), st.data())
def test_any_order_of_the_cells_gives_each_sample_its_own(samples: list[dict[str, str]], data: st.DataObject) -> None:
    depth = max(len(tags) for tags in samples) + 1
    columns = []
    for person in samples:
        case = data.draw(st.sampled_from([str.upper, str.lower, str.title]))
        cells = [f"{case(tag)}:{' ' * (len(tag) % 3)}{value}" for tag, value in person.items()]
        columns.append(data.draw(st.permutations([*cells, *[""] * (depth - len(cells))])))
    found = characteristics(of(*zip(*columns, strict=True)))
    read = [{tag.casefold(): value for tag, value in tags.items()} for tags in found.of_sample.values()]
    assert read == samples
    assert {tag.casefold() for tag in found.tags} == {tag for person in samples for tag in person}
