# SPDX-License-Identifier: Apache-2.0
"""Processes that torch.distributed joins by gloo, to run functions in."""

import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pytest

SECONDS = 300  # until a function counts as hanging


class ProcessGroup:
    """A number of processes, to be used in a `with` block.

    They are forked from a server that has imported torch once, in a process without threads.

    Attributes:
        size: Their number.
    """

    def __init__(self, size: int, folder: Path) -> None:
        """Start them; they meet by files in a folder."""
        self.size = size
        self._folder = folder
        self._context = multiprocessing.get_context("forkserver")
        # In this order, in which DTensor is not there yet when the operators are registered.
        self._context.set_forkserver_preload(
            ["ascend_bce.torch", "torch.distributed.tensor.debug", "torch.distributed.fsdp", "torch._dynamo"]
        )
        self._start()

    def run(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Call a function of an importable module in every process, and return the results by rank."""
        for connection in self._connections:
            connection.send((function, arguments))
        results = {}
        while len(results) < self.size:
            waiting = [connection for connection in self._connections if connection not in results]
            failure = (
                None if wait(waiting, SECONDS) else f"{len(waiting)} processes hang in {function.__name__}"
            )
            for connection in wait(waiting, 0):
                failure, results[connection] = connection.recv()
                if failure is not None:
                    failure = f"rank {self._connections.index(connection)}:\n{failure}"
                    break
            if failure is not None:
                # The others may be waiting for the one that failed: whoever comes next gets new ones.
                self._stop()
                self._start()
                pytest.fail(failure, pytrace=False)
        return [results[connection] for connection in self._connections]

    def __enter__(self) -> "ProcessGroup":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self._stop()

    def _start(self) -> None:
        store = self._folder / f"store{len(list(self._folder.iterdir()))}"
        store.touch()
        self._connections: list[Connection] = []
        self._processes = []
        for rank in range(self.size):
            connection, theirs = self._context.Pipe()
            arguments = theirs, rank, self.size, store
            process = self._context.Process(target=_serve, args=arguments, daemon=True)
            process.start()
            theirs.close()
            self._connections.append(connection)
            self._processes.append(process)

    def _stop(self) -> None:
        for process in self._processes:
            process.kill()
            process.join()


def _serve(connection: Connection, rank: int, size: int, store: Path) -> None:
    import torch

    os.environ["GLOO_SOCKET_IFNAME"] = "lo"  # whatever the machine's name resolves to
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=size)
    while True:
        try:
            function, arguments = connection.recv()
        except EOFError:
            sys.exit()
        try:
            connection.send((None, function(*arguments)))
        except Exception:
            connection.send((traceback.format_exc(), None))
