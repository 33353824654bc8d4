# SPDX-License-Identifier: Apache-2.0
"""Settings that all tests share."""

import re
from pathlib import Path

import hypothesis
import pytest

# The same cases in every run, so that a failure is always a change's own; `--hypothesis-profile=explore`
# looks for new ones. No time limit: the machine may be busy.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", deadline=None, print_blob=True)
hypothesis.settings.load_profile("repeatable")

# Frameworks that do not bear one another in one process: their folders are collected only when named.
ALONE = [
    Path(__file__).parent / framework
    for framework in ("mindspore", "mindspore_ascend", "paddle", "torch_npu")
]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the tests of such a framework out of a run that was not asked for them by path."""
    if collection_path not in ALONE:
        return None
    named = [
        Path(config.invocation_params.dir, argument.split("::")[0]).resolve() for argument in config.args
    ]
    return None if any(collection_path in (path, *path.parents) for path in named) else True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs CANN or an NPU, unless `-m` names it."""
    unwanted = {"cann", "npu"} - set(re.findall(r"\w+", config.option.markexpr))
    kept, left_out = [], []
    for item in items:
        (left_out if any(map(item.get_closest_marker, unwanted)) else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
