# SPDX-License-Identifier: Apache-2.0
"""Builds the operator package with CMake and puts it into the Python package.

Everything else about the project stands in pyproject.toml. CMake builds the custom-op package (`vendors/`)
and, where no CANN toolkit is installed, the simulator; both are installed into `ascend_bce/_package`. They
expose a C ABI only, so one wheel serves every Python 3 on its platform. The environment variable CMAKE_ARGS
holds further options for CMake.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Distribution, Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).parent.resolve()


class BuildPackage(build_ext):
    """Runs CMake: configure, build, install into `ascend_bce/_package`."""

    def run(self) -> None:
        """Build in a folder that later builds reuse, and install beside the Python modules."""
        cann = "ASCEND_HOME_PATH" in os.environ
        libraries = ROOT / "python" if self.inplace or self.editable_mode else Path(self.build_lib).resolve()
        package = libraries / "ascend_bce" / "_package"
        build = ROOT / "build" / ("cann" if cann else "cmake")
        build.mkdir(parents=True, exist_ok=True)
        # Nothing of an earlier build may stay behind in the package.
        shutil.rmtree(package, ignore_errors=True)
        cmake = _tool("cmake")
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", str(len(os.sched_getaffinity(0))))
        # CANN's build functions call $(MAKE), which there is in makefiles only.
        generator = ["Unix Makefiles"] if cann else ["Ninja", f"-DCMAKE_MAKE_PROGRAM={_tool('ninja')}"]
        self._call(
            cmake, "-S", str(ROOT), "-B", str(build), "-G", *generator, "-DCMAKE_BUILD_TYPE=Release",
            f"-DCMAKE_INSTALL_PREFIX={package}", *shlex.split(os.environ.get("CMAKE_ARGS", "")),
        )  # fmt: skip
        self._call(cmake, "--build", str(build), "--parallel", jobs)
        self._call(cmake, "--install", str(build), "--strip")
        contents = package / "packages"
        if contents.exists():  # CANN installs what it makes a .run package of; the operators are all we need
            (contents / "vendors").rename(build / "vendors.new")
            shutil.rmtree(package)
            package.mkdir()
            (build / "vendors.new").rename(package / "vendors")

    def get_source_files(self) -> list[str]:
        """Name the sources of the source distribution; MANIFEST.in does."""
        return []

    def get_outputs(self) -> list[str]:
        """List what was installed, for tools that record the files of a build."""
        package = Path(self.build_lib) / "ascend_bce" / "_package"
        return [str(path) for path in package.rglob("*") if path.is_file()]

    @staticmethod
    def _call(*command: str) -> None:
        print("ascend-bce:", " ".join(command), flush=True)
        subprocess.run(command, check=True, stdout=sys.stdout.fileno())


class PlatformWheel(bdist_wheel):
    """Makes a wheel of the tag py3-none-<platform>: the compiled part links no Python."""

    def run(self) -> None:
        """Make the wheel; a module that was deleted since the last one does not live on in it."""
        shutil.rmtree(self.get_finalized_command("build").build_lib, ignore_errors=True)
        super().run()

    def get_tag(self) -> tuple[str, str, str]:
        """Return the wheel's tag."""
        return "py3", "none", super().get_tag()[2]


class CompiledDistribution(Distribution):
    """A distribution that belongs to one platform."""

    def has_ext_modules(self) -> bool:
        """Tell setuptools that the package is not pure Python."""
        return True


def _tool(name: str) -> str:
    """Find a build tool: the build requirement beside this Python first, then the PATH."""
    path = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if path is None:
        raise SystemExit(f"ascend-bce: {name} was not found; `pip install {name}` provides it")
    return path


setup(
    distclass=CompiledDistribution,
    ext_modules=[Extension("ascend_bce._package", sources=[])],
    cmdclass={"build_ext": BuildPackage, "bdist_wheel": PlatformWheel},
)
