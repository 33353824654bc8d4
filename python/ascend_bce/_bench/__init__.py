# SPDX-License-Identifier: Apache-2.0
"""`python -m ascend_bce bench --modelled`: our operators beside the built-in ones on the timing model."""
