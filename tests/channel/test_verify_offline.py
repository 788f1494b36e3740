import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from detente.channel import envelope, verify_log, verify_offline
from detente.channel.audit import audit, export, prove_message
from detente.channel.canonical import Malformed
from detente.channel.checkpoints import checkpoint, key_name
from detente.channel.envelope import Header
from detente.channel.evidence import denied_evidence, fork_evidence
from detente.channel.merkle import inclusion_proof, leaf_hash, root
from detente.channel.note import Checkpoint, sign

SOURCE = Path(verify_offline.__file__)
LOG_SOURCE = Path(verify_log.__file__)


def imports(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.partition(".")[0])
    return found


def test_an_outsider_can_read_it_in_ten_minutes():
    lines = SOURCE.read_text().splitlines()
    assert len(lines) <= 150
    assert len(LOG_SOURCE.read_text().splitlines()) <= 180


def test_it_needs_nothing_but_the_standard_library_and_cryptography():
    assert imports(SOURCE) <= sys.stdlib_module_names | {"cryptography"}
    known = {"cryptography", "verify_offline", "detente"}
    assert imports(LOG_SOURCE) <= sys.stdlib_module_names | known


@pytest.fixture
def fork(world):
    raw = world.entries("AAA")[1]
    entry = envelope.read(raw)
    header = {name: getattr(entry, name) for name in Header.__dataclass_fields__} | {"at": 9}
    other = envelope.write(world.cast.devices["AAA"], Header(**header)).raw
    return fork_evidence(world.agreement, world.cast.statements("AAA"), raw, other)


@pytest.fixture
def message(world):
    place = world.nodes["BBB"].record.by_number["AAA-1"]
    log = audit(export(world.agreement, world.entries("BBB")))
    return prove_message(log, place, world.stores["BBB"].text(place))


@pytest.fixture
def copies(tmp_path):
    """The two files alone in a folder."""
    for path in (SOURCE, LOG_SOURCE):
        shutil.copy(path, tmp_path)
    return tmp_path


def run(folder, data, *, name="verify_offline.py", isolated=True):
    (folder / "file").write_bytes(data)
    command = [sys.executable, *(["-I"] if isolated else []), name, "file"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_copy_in_an_empty_folder(copies, world, fork, message):
    code, told = run(copies, fork)
    assert code == 0
    assert world.agreement.line in told
    assert "two entries for one place" in told
    assert "Not proved:" in told
    code, told = run(copies, message)
    assert code == 0
    assert "4 March" in told
    assert "BBB/1" in told
    code, told = run(copies, fork.replace(rb"\"at\":9", rb"\"at\":8"))
    assert (code, "NOT PROVED" in told) == (1, True)
    assert run(copies, b"anything")[0] == 2
    assert run(copies, b"")[0] == 2


def test_a_copy_reads_a_log(copies, world):
    log = export(world.agreement, world.entries("BBB"))
    code, told = run(copies, log, name="verify_log.py", isolated=False)
    assert code == 0
    heads = audit(log).chains
    assert all(each.root in told for each in heads)
    short = b"\n".join(log.split(b"\n")[:-2]) + b"\n"
    assert run(copies, short, name="verify_log.py", isolated=False)[0] == 1
    assert run(copies, b"?", name="verify_log.py", isolated=False)[0] == 2


def test_a_head_that_its_entries_deny(world):
    chain = audit(export(world.agreement, world.entries("BBB"))).chain("AAA")
    key, name = world.cast.devices["AAA"], key_name("AAA", 1)
    true = checkpoint(world.agreement.line, world.nodes["BBB"].log.chains["AAA"].head)
    false = sign(Checkpoint(true.origin, true.size, bytes(32)), name, key)
    statements = world.cast.statements("AAA")
    file = denied_evidence(world.agreement, statements, false, chain.entries)
    assert "deny" in verify_log.verify(file)
    with pytest.raises(Malformed, match="is that of"):
        denied_evidence(world.agreement, statements, sign(true, name, key), chain.entries)


@pytest.mark.parametrize("size", range(1, 18))
def test_its_own_tree_is_that_of_the_log(size):
    leaves = [leaf_hash(bytes([each])) for each in range(size)]
    tree = ()
    for leaf in leaves:
        tree = verify_log.grow(tree, leaf)
    assert verify_log.root_of(tree) == verify_offline.text64(root(leaves))
    for index in range(size):
        path = list(inclusion_proof(leaves, index, size))
        assert verify_offline.climb(leaves[index], index, size, path) == root(leaves)
        if path:
            wrong = [*path, path[0]], path[:0]
            for each in wrong:
                try:
                    assert verify_offline.climb(leaves[index], index, size, each) != root(leaves)
                except IndexError:
                    continue


def test_both_readers_agree_on_logs_of_three_parties(make_world):
    world = make_world(parties=3)
    world.talk()
    told = [verify_log.verify(export(world.agreement, world.entries(each))) for each in world.nodes]
    assert len(set(told)) == 1
