# SPDX-License-Identifier: Apache-2.0
"""Where the built parts of this package lie."""

from pathlib import Path

VENDOR = "ascend_bce"
PACKAGE = Path(__file__).parent / "_package"
VENDOR_PACKAGE = PACKAGE / "vendors" / VENDOR
LIBRARY = Path("op_api", "lib", "libcust_opapi.so")  # within a vendor's package
OPERATORS = VENDOR_PACKAGE / LIBRARY
SIMULATOR = PACKAGE / "simulator" / "lib" / "libascend_simulator.so"  # there unless built for CANN
