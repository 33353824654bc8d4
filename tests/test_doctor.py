# SPDX-License-Identifier: Apache-2.0
"""`python -m ascend_bce doctor`, on toolkits that are folders of a test."""

import json
import os
import shutil
import subprocess
import sys
from importlib import metadata

import pytest

from ascend_bce import _aclnn, _cann, _doctor

LOSS, BACKWARD = "aclnnBinaryCrossEntropyWithLogits", "aclnnBinaryCrossEntropyWithLogitsBackward"


@pytest.fixture(autouse=True)
def _no_cann(monkeypatch, tmp_path):
    for name in "ASCEND_HOME_PATH", "ASCEND_OPP_PATH", "ASCEND_CUSTOM_OPP_PATH":
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def make_library(path, *functions):
    """Make a library that exports functions, and calls one of another library."""
    path.parent.mkdir(parents=True, exist_ok=True)
    source = "void aclnnElsewhere(void); " + "".join(
        f"void {name}(void) {{ aclnnElsewhere(); }} " for name in functions
    )
    command = ["g++", "-shared", "-fPIC", "-x", "c", "-", "-o", str(path)]
    subprocess.run(command, input=source, text=True, check=True)
    return path


@pytest.fixture
def toolkit(tmp_path, monkeypatch):
    """A toolkit with built-in operators and two other vendors'."""
    home = tmp_path / "cann"
    make_library(home / "lib64" / "libopapi.so", *_doctor.FUNCTIONS)
    make_library(home / "opp/vendors/first/op_api/lib/libcust_opapi.so", "aclnnSomething")
    make_library(home / "opp/vendors/second/op_api/lib/libcust_opapi.so", BACKWARD)
    make_library(home / "opp/vendors/unlisted/op_api/lib/libcust_opapi.so", LOSS)
    (home / "opp/vendors/config.ini").write_text("load_priority=first,second\n")
    (home / "x86_64-linux").mkdir()
    (home / "x86_64-linux/ascend_toolkit_install.info").write_text("package_name=toolkit\nversion=8.5.0\n")
    monkeypatch.setenv("ASCEND_HOME_PATH", str(home))
    return home


def findings(about=None):
    """Return the texts by what they are about, or the findings about one thing."""
    found = [finding for probe in _doctor.PROBES if probe is not _doctor._loading for finding in probe()]
    return {f.about: f.text for f in found} if about is None else [f for f in found if f.about == about]


def run(*arguments, **variables):
    command = [sys.executable, "-m", "ascend_bce", "doctor", *arguments]
    path = os.pathsep.join(filter(None, [variables.pop("first", None), *sys.path]))
    environment = os.environ | {"PYTHONPATH": path} | variables
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def test_a_machine_without_cann_is_healthy():
    result = run()
    assert result.returncode == 0, result.stdout + result.stderr
    assert "succeeds, backend simulator" in result.stdout
    assert "the losses run on the simulator" in result.stdout


def test_it_needs_the_standard_library_only(tmp_path):
    (tmp_path / "numpy.py").write_text("raise ModuleNotFoundError('no numpy here')")
    result = run("--json", first=str(tmp_path))
    assert result.returncode == 1, result.stderr
    (loading,) = (f for f in json.loads(result.stdout)["findings"] if f["about"] == "loading them")
    assert loading["status"] == "problem"
    assert "no numpy here" in loading["text"]


def test_functions_come_from_the_first_library_in_cann_s_order(toolkit, tmp_path, monkeypatch):
    builtin = toolkit / "lib64" / "libopapi.so"
    second = toolkit / "opp/vendors/second/op_api/lib/libcust_opapi.so"
    libraries = _doctor.providers()
    assert libraries == dict.fromkeys(_doctor.FUNCTIONS, builtin) | {BACKWARD: second}
    texts = findings()
    assert texts[LOSS] == f"{builtin}: built-in"
    assert texts[BACKWARD] == f"{second}: another vendor's"
    assert texts["in use"] == "the built-in operators"
    assert texts["CANN"] == f"8.5.0 in {toolkit}"
    assert "asc-config.cmake is missing" in texts["building"]

    other = make_library(tmp_path / "other/op_api/lib/libcust_opapi.so", LOSS)
    ours = _aclnn.OPERATORS.parents[2]
    monkeypatch.setenv("ASCEND_CUSTOM_OPP_PATH", f"{other.parents[2]}:{ours}")
    libraries = _doctor.providers()
    assert libraries == dict.fromkeys(_doctor.FUNCTIONS, _aclnn.OPERATORS) | {LOSS: other}
    texts = findings()
    assert texts[LOSS] == f"{other}: another vendor's"
    assert texts[BACKWARD] == f"{_aclnn.OPERATORS}: ours"
    assert "in use" not in texts

    older = make_library(tmp_path / "older/op_api/lib/libcust_opapi.so", LOSS, _doctor.OURS)
    monkeypatch.setenv("ASCEND_CUSTOM_OPP_PATH", str(older.parents[2]))
    assert findings()[LOSS] == f"{older}: ours, of another build"


def test_the_report_as_json_names_the_libraries(toolkit):
    report = json.loads(run("--json").stdout)
    assert report["functions"][LOSS] == str(toolkit / "lib64" / "libopapi.so")
    assert {f["status"] for f in report["findings"]} <= {"ok", "note", "problem"}


def test_exported_functions_are_those_that_readelf_lists():
    listed = subprocess.run(
        ["readelf", "--wide", "--dyn-syms", _aclnn.OPERATORS], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    rows = [line.split() for line in listed if line.strip()[:1].isdigit()]
    defined = {row[7].split("@")[0] for row in rows if len(row) > 7 and row[6] != "UND"}
    exported = _cann.exported_functions(_aclnn.OPERATORS)
    assert exported == defined
    assert set(_doctor.FUNCTIONS) | {_doctor.OURS} <= exported


def test_a_path_that_is_no_package_is_a_problem(tmp_path, monkeypatch):
    monkeypatch.setenv("ASCEND_CUSTOM_OPP_PATH", f"{tmp_path}:{_aclnn.OPERATORS.parents[2]}")
    (finding,) = findings("ASCEND_CUSTOM_OPP_PATH")
    assert finding.status == "problem"
    assert f"{tmp_path} is no operator package" in finding.text
    assert run().returncode == 1


def test_root_ignores_the_libraries_of_others(toolkit, monkeypatch):
    library = toolkit / "opp/vendors/second/op_api/lib/libcust_opapi.so"
    if os.geteuid() == 0:
        os.chown(library, 12345, 12345)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    ignored = [finding for finding in findings("owner") if str(library) in finding.text]
    assert [finding.status for finding in ignored] == ["problem"]
    assert _doctor.providers()[BACKWARD] != library


def test_broken_libraries_and_toolkits_are_told(tmp_path, monkeypatch, toolkit):
    library = tmp_path / "broken/op_api/lib/libcust_opapi.so"
    library.parent.mkdir(parents=True)
    library.write_text("not a library")
    monkeypatch.setenv("ASCEND_CUSTOM_OPP_PATH", str(library.parents[2]))
    assert _doctor.providers()[LOSS] == toolkit / "lib64" / "libopapi.so"
    (finding,) = findings("library")
    assert finding.status == "problem"
    assert str(library) in finding.text
    shutil.rmtree(toolkit)
    assert [finding.status for finding in findings("CANN")] == ["problem"]


@pytest.mark.parametrize(
    ("versions", "about", "text"),
    [
        ({"torch": "2.13.0+cpu", "torch_npu": "2.12.1"}, "torch_npu", "2.12.1 does not fit torch 2.13.0+cpu"),
        ({"torch": "2.13.0", "torch_npu": "2.13.0.post2"}, None, None),
        ({"mindspore": "2.10.0", "numpy": "2.1.0"}, "numpy", "MindSpore does not start with NumPy 2"),
        ({"mindspore": "2.10.0", "numpy": "1.26.4"}, None, None),
    ],
)
def test_versions_that_do_not_fit_are_a_problem(monkeypatch, versions, about, text):
    def version(name):
        if name in versions:
            return versions[name]
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    problems = [finding for finding in _doctor._distributions() if finding.status == "problem"]
    assert [(finding.about, finding.text) for finding in problems] == ([(about, text)] if about else [])


def test_a_probe_that_fails_becomes_a_line(monkeypatch):
    def some_probe():
        raise PermissionError("no entry")

    monkeypatch.setattr(_doctor, "PROBES", (some_probe,))
    assert _doctor.examine() == [
        _doctor.Finding("some probe", "note", "could not be looked at: PermissionError: no entry")
    ]
