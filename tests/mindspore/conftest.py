# SPDX-License-Identifier: Apache-2.0
"""How the tests of MindSpore's losses run: in a process of their own, each in both modes where it says so."""

import pytest

pytest.importorskip("mindspore")

from mindspore_modes import compiled, in_scratch_folder  # noqa: F401
