"""The one build step that pyproject.toml can't say: the .po catalogues are compiled into what is installed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py

LOCALE = Path("tracker/locale")


class BuildWithCatalogues(build_py):
    """Adds a .mo for each .po: to the wheel, or to the source tree where the install is an editable one."""

    def run(self) -> None:
        super().run()
        root = Path() if self.editable_mode else Path(self.build_lib)
        for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
            target = root / source.with_suffix(".mo")
            target.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as po, target.open("wb") as mo:
                write_mo(mo, read_po(po))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        made = [str(Path(self.build_lib) / po.with_suffix(".mo")) for po in LOCALE.glob("*/LC_MESSAGES/*.po")]
        return [*super().get_outputs(include_bytecode), *(made if not self.editable_mode else [])]


setup(cmdclass={"build_py": BuildWithCatalogues}, exclude_package_data={"": ["*.po", "*.pot"]})
