# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy for Ascend NPUs.

Importing this package imports no framework. The losses live in one module per framework:

* `ascend_bce.torch`: PyTorch
* `ascend_bce.mindspore`: MindSpore
* `ascend_bce.paddle`: Paddle
* `ascend_bce.numpy`: NumPy arrays
* `ascend_bce.mindspore`: MindSpore
* `ascend_bce.simulator`: compile and launch AscendC kernels of your own
"""

from importlib.metadata import version as _version

__version__ = _version("ascend-bce")
