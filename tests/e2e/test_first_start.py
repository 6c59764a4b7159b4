"""A service that was started before anything was set up, as a container is."""

import os
import signal
import subprocess
from pathlib import Path

from tests.e2e import forks
from tests.e2e.desk import TRACKER, wait_for
from tests.e2e.test_service import free_port


def test_a_service_without_a_case_is_well_and_says_where_the_config_belongs(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a-password-of-the-test\n")
    env = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "TRACKER_WEB__LISTEN": f"127.0.0.1:{free_port()}",
        "TRACKER_WEB__PASSWORD_FILE": str(tmp_path / "password"),
    }
    process = subprocess.Popen([TRACKER, "serve"], env=env, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: forks.run([str(TRACKER), "health"], env).code == 0)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=15)
    finally:
        process.kill()
    assert process.returncode == 0
    assert str(tmp_path / "config" / "tracker" / "config.toml") in err
