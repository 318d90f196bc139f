from collections import Counter

from tests.mutation.mutant import FOLDERS, mutants


def test_a_name_belongs_to_one_mutant() -> None:
    named = Counter(mutant.name for mutant in mutants(("app/taper/stock.py", "app/rules/options/steroid.py")))
    assert named
    assert set(named.values()) == {1}


def test_the_mutants_are_those_of_the_rules_and_the_taper() -> None:
    assert all(mutant.file.startswith(FOLDERS) for mutant in mutants(("app/taper/gates.py",)))
    assert [*mutants(("app/facts",))] == []


def test_a_mutant_is_the_code_of_its_file_with_one_change() -> None:
    for mutant in mutants(("app/rules/plan/due.py",)):
        code, again = mutant.compiled(), mutant.compiled()
        assert code == again
        assert code.co_filename == mutant.path
        assert code != compile(mutant.tree, mutant.path, "exec", dont_inherit=True)
