# SPDX-License-Identifier: Apache-2.0
"""That results are the same bits however they are computed.

That is, on any number of cores and threads, on every SoC, in the fast build of the kernels, in the checked
one and in the adversarial schedule. As a script it prints a digest of the results, for the test of threads.
"""

import ctypes
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aclnn_calls import Aclnn
from ascend_bce import _aclnn
from ascend_bce.simulator import _library as simulator
from cases import DTYPES

ROOT = Path(__file__).parents[2]
PROFILES = ROOT / "simulator" / "platform_config"
SOCS = sorted(path.stem for path in PROFILES.glob("*.ini"))
CORES = (1, 2, 7, 40, 48, 64)
MODES = ("fast", "checked", "adversarial")
ELEMENTS = 64 * 8192 + 12_345  # enough work for 64 cores, and a rest
LOGITS = "aclnnBinaryCrossEntropyWithLogits"
NONE, MEAN, SUM = 0, 1, 2


def digest(adversarial: bool = False) -> str:
    """Return a digest of what every operator makes of the same numbers.

    Args:
        adversarial: Whether to leave out all but float32 and the mean, since that schedule takes its time.
    """
    aclnn = Aclnn(_aclnn.SIMULATOR, _aclnn.OPERATORS)
    results = hashlib.sha256()
    rng = np.random.default_rng(0)
    rows = ELEMENTS // 7
    shape = (rows, 7)
    x64, t64 = rng.normal(0, 3, shape), rng.random(shape)
    weight, pos_weight = np.float32(rng.random((rows, 1))), np.float32(rng.random(7))
    for dtype in ["float32"] if adversarial else DTYPES:
        x, t = x64.astype(DTYPES[dtype]), t64.astype(DTYPES[dtype])
        one = np.ones((), DTYPES[dtype])

        def call(
            function: str, *inputs: np.ndarray | None, reduction: int, outputs: list, dtype=dtype
        ) -> None:
            def tensor(array):
                if array is None or array.dtype == np.float32:
                    return aclnn.tensor(array)
                return aclnn.tensor(array.view(np.uint16), dtype)

            outcome = aclnn.call(
                function, *map(tensor, inputs), ctypes.c_int64(reduction), *map(tensor, outputs)
            )
            assert outcome.status == 0, outcome.error
            for output in outputs:
                results.update(output.tobytes())

        cases = (MEAN, (None, None)), (NONE, (None, None)), (SUM, (weight, pos_weight))
        for reduction, weights in cases[:1] if adversarial else cases:
            out = np.empty(shape if reduction == NONE else (), x.dtype)
            outer = np.ones_like(x) if reduction == NONE else one
            arguments = x, t, *weights
            call(LOGITS, *arguments, reduction=reduction, outputs=[out])
            call(f"{LOGITS}Backward", outer, *arguments, reduction=reduction, outputs=[np.empty_like(x)])
            call(
                f"{LOGITS}TargetBackward", outer, *arguments, reduction=reduction, outputs=[np.empty_like(x)]
            )
            if reduction != NONE and dtype != "float16":
                outputs = [out, np.empty_like(x)]
                call(f"{LOGITS}LossAndGradient", *arguments, reduction=reduction, outputs=outputs)
            arguments = t, t, weights[0]
            name = "aclnnBinaryCrossEntropy"
            call(name, *arguments, reduction=reduction, outputs=[out])
            call(f"{name}Backward", outer, *arguments, reduction=reduction, outputs=[np.empty_like(x)])
            call(f"{name}TargetBackward", outer, *arguments, reduction=reduction, outputs=[np.empty_like(x)])
    return results.hexdigest()


def check(mode: str, expected: dict[bool, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare the digest in a mode of the simulator."""
    simulator.call("ascend_sim_set_checks", b"all" if mode == "checked" else b"none")
    adversarial = mode == "adversarial"
    if adversarial:
        monkeypatch.setenv("ASCEND_SIM_SCHEDULE", "adversarial")
    assert digest(adversarial) == expected[adversarial]


@pytest.fixture(scope="module")
def expected() -> dict[bool, str]:
    """Return the digests of the fast build on the host's own profile."""
    return {adversarial: digest(adversarial) for adversarial in (False, True)}


@pytest.fixture(autouse=True)
def restored_settings():
    yield
    simulator.call("ascend_sim_set_checks", b"none")
    simulator.call("ascend_sim_set_soc", b"Host")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("cores", CORES)
def test_cores(cores, mode, expected, tmp_path, monkeypatch):
    text = (PROFILES / "Ascend910B1.ini").read_text()
    assert "\nvector_core_cnt=48\n" in text
    name = f"Cores{cores}"
    (tmp_path / f"{name}.ini").write_text(
        text.replace("\nvector_core_cnt=48\n", f"\nvector_core_cnt={cores}\n")
    )
    monkeypatch.setenv("ASCEND_SIM_PLATFORM_CONFIG", str(tmp_path))
    simulator.call("ascend_sim_set_soc", name.encode())
    check(mode, expected, monkeypatch)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("soc", SOCS)
def test_socs(soc, mode, expected, monkeypatch):
    simulator.call("ascend_sim_set_soc", soc.encode())
    check(mode, expected, monkeypatch)


@pytest.mark.parametrize("soc", ["Host", "Ascend910B1"])
@pytest.mark.parametrize("threads", [1, 2, 3, 5, 16])
def test_threads(threads, soc, expected):
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "ASCEND_SIM_SOC": soc}
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(ROOT / "tests" / "support"), os.environ.get("PYTHONPATH", "")]
    )
    script = subprocess.run([sys.executable, __file__], env=environment, capture_output=True, text=True)
    assert script.stdout.strip() == expected[False], script.stderr


if __name__ == "__main__":
    print(digest())
