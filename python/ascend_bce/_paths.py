# SPDX-License-Identifier: Apache-2.0
"""Where the built parts of this package lie."""

from pathlib import Path

VENDOR = "ascend_bce"
PACKAGE = Path(__file__).parent / "_package"
VENDOR_PACKAGE = PACKAGE / "vendors" / VENDOR
LIBRARY = Path("op_api", "lib", "libcust_opapi.so")  # within a vendor's package
OPERATORS = VENDOR_PACKAGE / LIBRARY
SIMULATOR = PACKAGE / "simulator" / "lib" / "libascend_simulator.so"  # there unless built for CANN


def simulator_library(home: Path) -> Path:
    """Return the path to load a simulator by, which lies in a folder.

    It leads through the folder of the simulated CANN, if that is there: MindSpore takes for CANN's folder
    what stands before "cann" in the path that aclrtMalloc was loaded from, whoever loaded it first.
    """
    cann = home / "cann"
    return (cann / ".." if cann.is_dir() else home) / "lib" / SIMULATOR.name
