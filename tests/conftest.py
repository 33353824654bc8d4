# SPDX-License-Identifier: Apache-2.0
"""Settings that all tests share."""

import hypothesis

# The same cases in every run, so that a failure is always a change's own; `--hypothesis-profile=explore`
# looks for new ones. No time limit: the machine may be busy.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", deadline=None, print_blob=True)
hypothesis.settings.load_profile("repeatable")
