# SPDX-License-Identifier: Apache-2.0
# Sourced by the other scripts: makes the virtual environment .venv and installs the project into it.
# Everything is reused when it is there already, so a second run is quick.

# The version the tests are written against. Its build without CUDA is a tenth of the size.
TORCH_VERSION=2.13.0

say() {
    printf '\n== %s\n' "$*"
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Usage: prepare_environment EXTRAS   (of pyproject.toml, with commas between them: demo,paddle or test)
prepare_environment() {
    make_environment
    install_torch
    say "Building ascend-bce and installing it with '$1'"
    # Without build isolation, so that CMake finds its tools where they were and rebuilds only what changed.
    pip install --quiet 'setuptools>=77' wheel 'cmake>=3.22' ninja
    pip install --no-build-isolation --verbose ".[$1]" 2>&1 |
        grep --line-buffered -E '^ *(ascend-bce:|\[[0-9]+/[0-9]+\]|Successfully)|[Ee]rror:|ERROR|FAILED' ||
        fail "The installation failed; 'pip install --no-build-isolation -v .' in .venv shows everything."
}

make_environment() {
    command -v g++ >/dev/null || fail "g++ is needed to build the simulator and the kernels; install it first."
    if [ ! -x .venv/bin/python ]; then
        say "Making the virtual environment .venv"
        local python
        python=$(find_python)
        "$python" -m venv .venv || fail "$python cannot make a virtual environment; install its venv module."
    fi
    PATH="$PWD/.venv/bin:$PATH"
    export PATH PIP_DISABLE_PIP_VERSION_CHECK=1
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.12 python3.11 python3.10; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "No Python 3.10, 3.11 or 3.12 was found; name one with PYTHON=/path/to/python."
}

install_torch() {
    if python -c "import importlib.metadata as m, sys; sys.exit(m.version('torch').split('+')[0] != '$TORCH_VERSION')" \
        2>/dev/null; then
        return
    fi
    say "Installing PyTorch $TORCH_VERSION, the CPU build"
    if ! pip install "torch==$TORCH_VERSION+cpu"; then
        echo "This package index does not offer torch $TORCH_VERSION+cpu; taking its torch $TORCH_VERSION."
        echo "(To get the smaller CPU build, add PyTorch's own CPU index with PIP_EXTRA_INDEX_URL.)"
        pip install "torch==$TORCH_VERSION"
    fi
}

# torch_npu, in .venv-npu, which sees all of .venv. Not in .venv, because where it is installed and CANN is not, every
# other `import torch` fails.
prepare_torch_npu() {
    if [ ! -x .venv-npu/bin/python ]; then
        say "Making the virtual environment .venv-npu"
        python -m venv --without-pip .venv-npu
        .venv-npu/bin/python - "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" <<'END'
import pathlib, sys, sysconfig
layer = pathlib.Path(sysconfig.get_path("purelib"), "layer.pth")
layer.write_text(f"import site; site.addsitedir({sys.argv[1]!r})\n")
END
    fi
    if ! .venv-npu/bin/python -c "import importlib.metadata as m, sys; sys.exit(m.version('torch_npu') != '$TORCH_VERSION')" \
        2>/dev/null; then
        say "Installing torch_npu $TORCH_VERSION"
        .venv-npu/bin/python -m pip install --quiet --no-deps "torch_npu==$TORCH_VERSION" pyyaml ||
            fail "torch_npu $TORCH_VERSION cannot be installed; it needs x86_64 or aarch64 and its package index."
    fi
}

# Usage: test_torch_npu ARGUMENTS   (of pytest); after prepare_torch_npu
test_torch_npu() {
    local queue status=0
    for queue in 0 1 2; do
        say "Running the tests in tests/torch_npu with TASK_QUEUE_ENABLE=$queue"
        TASK_QUEUE_ENABLE=$queue .venv-npu/bin/python -m pytest tests/torch_npu "$@" || status=1
    done
    return $status
}
