from app.knowledge.faults import Fault, KnowledgeFaults


def test_a_fault_names_file_and_row() -> None:
    assert str(Fault("drugs.yaml", "prednisone", "is odd")) == "drugs.yaml: prednisone: is odd"


def test_a_fault_of_a_whole_file_names_the_file() -> None:
    assert str(Fault("drugs.yaml", "", "is missing")) == "drugs.yaml: is missing"


def test_faults_are_told_once_each_and_in_order() -> None:
    later, earlier = Fault("b.yaml", "x", "second"), Fault("a.yaml", "x", "first")
    error = KnowledgeFaults([later, earlier, later])
    assert error.faults == (earlier, later)
    assert str(error).splitlines() == ["The knowledge files have faults:", "a.yaml: x: first", "b.yaml: x: second"]
