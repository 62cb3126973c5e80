"""Letters for variables: in their places alone, never in each other's way, and those of the runtime."""

from __future__ import annotations

import pytest

from compiler import letters, parse, render_javascript
from compiler.minify_javascript import minified, minify_javascript, prepared
from compiler.search import variables

TEXT = """\
{
const add = (left, right) => left + right;
const tell = ({ name, size: big = name }) => {
  const told = { name, big, add: add(name, big), get(all) { return all[name].big; } };
  return `name: ${told.name}` + "name"; // name
};
class Box extends Error {
  static add = add;
  get name() { return tell(this).replace(/name"/g, 'name'); }
}
}"""


def test_variables_are_told_by_the_declaration_that_they_are_in() -> None:
    assert variables(prepared(TEXT)) == [
        "Box",
        "add",
        "add.left",
        "add.right",
        "tell",
        "tell.all",
        "tell.big",
        "tell.name",
        "tell.told",
    ]


def test_letters_go_to_variables_and_to_no_property_string_or_comment() -> None:
    given = {"add": "q", "add.left": "w", "tell.name": "z", "tell.all": "y", "tell.told": "x"}
    assert minify_javascript(TEXT, given) == (
        "{let q=(w,right)=>w+right,tell=({name:z,size:big=z})=>{let x={name:z,big,add:q(z,big),"
        'get(y){return y[z].big}};return"name: "+x.name+"name"};class Box extends Error{'
        'static add=q;get name(){return tell(this).replace(/name"/g,"name")}}}'
    )


@pytest.mark.parametrize(
    "clash",
    [
        {"add.left": "x", "add.right": "x"},
        {"add": "x", "tell.told": "x"},
        {"add": "x", "tell.name": "x"},
    ],
)
def test_letters_in_each_others_way_are_not_taken(clash: dict[str, str]) -> None:
    assert minify_javascript(TEXT, clash) == minified(prepared(TEXT))


def test_every_variable_of_production_has_a_letter() -> None:
    names = render_javascript.tables(parse.read_snapshot(), "production")
    text = prepared(render_javascript.linked("production", names))
    stale = "not current: python -m compiler.search"
    assert sorted(letters.known()) == variables(text), stale


def test_production_has_these_letters() -> None:
    names = render_javascript.tables(parse.read_snapshot(), "production")
    script = render_javascript.block("production", names)
    call = letters.known()["call"]
    assert f"{call}=async(" in script
    assert script != minified(prepared(render_javascript.linked("production", names)))
