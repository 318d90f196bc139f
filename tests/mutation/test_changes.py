import ast
from textwrap import dedent

import pytest

from tests.mutation.changes import changes


def tried(source: str) -> list[str]:
    return [change.says for change in changes(ast.parse(dedent(source)))]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("a < b", ["a < b -> a <= b", "a < b -> a >= b"]),
        ("a >= b", ["a >= b -> a > b", "a >= b -> a < b"]),
        ("a is None", ["a is None -> a is not None"]),
        ("a in b", ["a in b -> a not in b"]),
        ("a and b", ["a and b -> a or b", "a and b -> b", "a and b -> a"]),
        ("not a", ["not a -> a"]),
        ("a + b", ["a + b -> a - b"]),
        ("a if b else c", ["a if b else c -> a", "a if b else c -> c"]),
        ("min(a)", ["min -> max"]),
        ("f(a, b=c)", ["f(a, b=c) -> without b=c"]),
        ("gather(a, b)", ["gather(a, b) -> without a", "gather(a, b) -> without b"]),
        ("[a for a in b if c]", ["for a in b if c -> without c"]),
        ("(a, b)", ["(a, b) -> without a", "(a, b) -> without b"]),
        ("3", ["3 -> 4"]),
        ("True", ["True -> False"]),
        ("a == 'key'", ["a == 'key' -> a != 'key'", "'key' -> 'keyXX'"]),
    ],
)
def test_each_kind_of_expression_has_its_slips(expression: str, said: list[str]) -> None:
    assert tried(f"x = {expression}") == said


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("f()", ["f() -> pass"]),
        ("yield a", ["yield a -> yield from ()"]),
        ("return a", ["return a -> return None"]),
        ("return None", []),
        ("if a: b", ["if a -> if True", "if a -> if False"]),
    ],
)
def test_each_kind_of_statement_has_its_slips(statement: str, said: list[str]) -> None:
    assert tried(f"def f():\n    {statement}") == said


@pytest.mark.parametrize(
    "source",
    [
        "'''A docstring.'''",
        "import a",
        "x = 'A sentence.'",
        "x = 'CODE'",
        "x = ('S02', 'P-rule-a')",
        "x: list['key']",
        "x = Callable[[a, b], c]",
        "@rule('key', cites=('S02',))\ndef f(): ...",
        "x = f(cites=a)",
        "x = f('key')",
    ],
)
def test_what_says_but_does_not_decide_is_left_alone(source: str) -> None:
    assert tried(source) == []


def test_a_change_is_made_in_the_tree_and_taken_back() -> None:
    source = "def f(a):\n    if a < 3:\n        return 'key'\n    return [a, 5]"
    tree = ast.parse(source)
    for change in changes(tree):
        restore = change.apply()
        assert ast.unparse(tree) != source
        compile(tree, "changed", "exec")
        restore()
        assert ast.unparse(tree) == source


def test_a_change_names_the_outermost_function_and_the_lines_of_its_own_statement() -> None:
    source = """
        def outer():
            if a:
                def inner():
                    return b
    """
    found = {change.says: change for change in changes(ast.parse(dedent(source)))}
    assert {change.owner.name for change in found.values() if change.owner} == {"outer"}
    assert found["return b -> return None"].lines == range(5, 6)
    assert found["if a -> if True"].lines == range(3, 4)
