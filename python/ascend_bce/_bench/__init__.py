# SPDX-License-Identifier: Apache-2.0
"""`python -m ascend_bce bench`: our losses beside others', measured; beside CANN's, modelled (`--modelled`).

Measured: `_suite` says what, `_measured` starts the processes and prints, `_worker` is such a process,
`_clock` measures, `_record` keeps; the contestants of a framework are in the module of its name.
Modelled: `_cases` says what, `_model` and `_built_in` launch, `_table` prints.
"""
