# SPDX-License-Identifier: Apache-2.0
"""What holds where exp and ln are only good to one ULP, and where subnormal numbers are flushed.

The kernels are compiled anew with such an Exp and Ln (rough_exp_ln.h) and put into a copy of the package.
"""

import configparser
import ctypes
import platform
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from accuracy import (
    FLUSHED,
    INPUT_GRADIENT,
    LOSS,
    PROBABILITY_INPUT_GRADIENT,
    PROBABILITY_LOSS,
    PROBABILITY_TARGET_GRADIENT,
    SUBNORMAL,
    SUM,
    TARGET_GRADIENT,
    Row,
)
from aclnn_calls import Aclnn
from ascend_bce import _aclnn
from ascend_bce.simulator import _compile, _library
from reference import (
    FLOAT32,
    input_gradient_terms,
    larger,
    loss_terms,
    probability_input_gradient,
    probability_loss_terms,
    probability_target_gradient_terms,
    target_gradient_terms,
    ulp_error,
)

HERE = Path(__file__).parent
KERNELS = HERE.parents[1] / "op_kernel"
FORWARD, PROBABILITY_FORWARD = "aclnnBinaryCrossEntropyWithLogits", "aclnnBinaryCrossEntropy"
SAMPLES = 2**20
X86 = platform.machine() == "x86_64"


def compile_rough(package: Path, operators: list[str], flush: bool) -> None:
    """Replace an installed package's float32 kernels of the fast build."""
    simulated = next(package.glob("*/op_impl/ai_core/tbe/kernel/simulator"))
    infos = configparser.ConfigParser()
    infos.read(simulated / "ops-info.ini")
    home = _library.home()
    for operator in operators:
        info = infos[operator]
        tensors = [key.removesuffix(".dtype") for key in info if key.endswith(".dtype")]
        columns = zip(*(info[f"{tensor}.dtype"].split(",") for tensor in tensors), strict=True)
        column = [set(types) for types in columns].index({"float32"})
        name = info["opFile.value"]
        types = [f"-DDTYPE_{info[f'{tensor}.name'].upper()}=float" for tensor in tensors]
        subprocess.run(
            [
                "g++", *_compile._FLAGS, *_compile._LINK_FLAGS, *types,
                *(["-DFLUSH"] if flush else []), f"-I{home / 'include'}", f"-I{KERNELS}",
                "-include", HERE / "rough_exp_ln.h", KERNELS / f"{name}.cpp",
                "-o", simulated / "fast" / name / f"{name}_{column}.so",
                f"-L{home / 'lib'}", "-lascend_simulator",
            ],
            check=True,
        )  # fmt: skip


class Rough:
    """The operators of such a package, on arrays."""

    def __init__(self, folder: Path, operators: list[str], flush: bool = False) -> None:
        installed = _aclnn.PACKAGE / "vendors"
        shutil.copytree(installed, folder / "vendors")
        compile_rough(folder / "vendors", operators, flush)
        library = folder / "vendors" / _aclnn.OPERATORS.relative_to(installed)
        self._aclnn = Aclnn(_library.home() / "lib" / "libascend_simulator.so", library)

    def __call__(self, function: str, *inputs: np.ndarray | None, summed: bool = False) -> np.ndarray:
        """Call a function without reduction, or for the sum."""
        output = np.empty(1 if summed else SAMPLES, np.float32)
        tensors = map(self._aclnn.tensor, inputs)
        reduction = ctypes.c_int64(2 if summed else 0)
        outcome = self._aclnn.call(function, *tensors, reduction, self._aclnn.tensor(output))
        assert outcome.status == 0, outcome.error
        return output


@pytest.fixture(scope="module")
def rough(tmp_path_factory) -> Rough:
    operators = [
        f"BinaryCrossEntropy{family}{direction}"
        for family in ("WithLogits", "Loss")
        for direction in ("", "Backward", "TargetBackward")
    ]
    return Rough(tmp_path_factory.mktemp("rough"), operators)


def check(actual: np.ndarray, exact: np.ndarray, row: Row, weight, pos_weight=None, relative_to=None) -> None:
    limit = row.rough[(weight is not None) + 2 * (pos_weight is not None)]
    errors = ulp_error(actual, exact, FLOAT32, relative_to)
    assert errors.max() <= limit
    assert row is PROBABILITY_INPUT_GRADIENT or errors.max() > row.float32[0] / 4, "exp and ln are not rough"


def inputs(rng: np.random.Generator, weighted: bool) -> list[np.ndarray | None]:
    """Return targets and perhaps weights."""
    t = np.where(rng.random(SAMPLES) < 0.5, rng.integers(0, 2, SAMPLES), rng.random(SAMPLES))
    return [np.float32(t), np.float32(10 ** rng.uniform(-3, 3, SAMPLES)) if weighted else None]


def test_sums_of_equal_losses(rough):
    logits, t = np.random.default_rng(7).uniform(-16, 16, 4000).astype(np.float32), np.ones(512, np.float32)
    sums = [rough(FORWARD, np.full_like(t, logit), t, None, None, summed=True) for logit in logits]
    exact = 512 * sum(loss_terms(logits.astype(np.float64), 1.0, 1.0, 1.0))
    errors = ulp_error(np.concatenate(sums).astype(np.float64), exact, FLOAT32)
    assert LOSS.float32[0] < errors.max() <= LOSS.rough[0] + SUM


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("pos_weighted", [False, True])
def test_logits(rough, weighted, pos_weighted):
    rng = np.random.default_rng(4)
    x = np.float32(
        np.where(rng.random(SAMPLES) < 0.5, rng.normal(0, 3, SAMPLES), rng.uniform(-70, 70, SAMPLES))
    )
    t, weight = inputs(rng, weighted)
    _, pos_weight = inputs(rng, pos_weighted)
    arrays, present = (x, t, weight, pos_weight), (weight, pos_weight)
    exact = [1.0 if array is None else array.astype(np.float64) for array in arrays]
    one = np.ones_like(x)
    check(rough(FORWARD, *arrays), sum(loss_terms(*exact)), LOSS, *present)
    terms = input_gradient_terms(*exact)
    gradient = rough(f"{FORWARD}Backward", one, *arrays)
    check(gradient, sum(terms), INPUT_GRADIENT, *present, larger(terms))
    if pos_weighted:  # without, it is the logit
        terms = target_gradient_terms(*exact)
        gradient = rough(f"{FORWARD}TargetBackward", one, *arrays)
        check(gradient, sum(terms), TARGET_GRADIENT, *present, larger(terms))


@pytest.mark.parametrize("weighted", [False, True])
def test_probabilities(rough, weighted):
    rng = np.random.default_rng(5)
    near_zero = 10 ** rng.uniform(-20, 0, SAMPLES)
    x = np.float32(np.where(rng.random(SAMPLES) < 0.5, near_zero, rng.random(SAMPLES)))
    t, weight = inputs(rng, weighted)
    arrays = x, t, weight
    exact = [1.0 if array is None else array.astype(np.float64) for array in arrays]
    one = np.ones_like(x)
    check(rough(PROBABILITY_FORWARD, *arrays), sum(probability_loss_terms(*exact)), PROBABILITY_LOSS, weight)
    gradient = rough(f"{PROBABILITY_FORWARD}Backward", one, *arrays)
    check(gradient, probability_input_gradient(*exact), PROBABILITY_INPUT_GRADIENT, weight)
    terms = probability_target_gradient_terms(*exact)
    gradient = rough(f"{PROBABILITY_FORWARD}TargetBackward", one, *arrays)
    check(gradient, sum(terms), PROBABILITY_TARGET_GRADIENT, weight, None, larger(terms))


@pytest.mark.parametrize(
    "flush",
    [False, pytest.param(True, marks=pytest.mark.skipif(not X86, reason="sets a register of x86-64"))],
)
def test_absolute_error_of_what_goes_to_zero(flush, rough, tmp_path):
    operators = ["BinaryCrossEntropyWithLogits", "BinaryCrossEntropyWithLogitsBackward"]
    compute = Rough(tmp_path, operators, flush=True) if flush else rough
    far = np.linspace(86, 120, SAMPLES, dtype=np.float32)
    worst = 0.0
    for x, target in (far, 1), (-far, 0):
        t = np.full_like(x, target)
        exact = x.astype(np.float64), t.astype(np.float64)
        loss = compute(FORWARD, x, t, None, None)
        gradient = compute(f"{FORWARD}Backward", np.ones_like(x), x, t, None, None)
        small = np.abs(x) > 87
        for actual, terms in (loss, loss_terms(*exact)), (gradient, input_gradient_terms(*exact)):
            worst = max(worst, np.abs(actual - sum(terms))[small].max())
    limit = FLUSHED if flush else SUBNORMAL
    assert limit / 1e3 < worst <= limit
