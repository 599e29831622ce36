"""Starting the service of calls: Janus, and a relay for networks that let nothing else through.

Both come from Debian (``apt-get install janus coturn``). Their settings are written into the data
folder with secrets of this start, and they end with the site.
"""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from ipaddress import ip_address
from pathlib import Path

from kelisim.core.errors import SettingRefused
from kelisim.mediation.calls.service import Service, folder, written

RTP_PORTS = (20000, 20999)
RELAY_PORTS = (21000, 21999)
RELAY_PORT = 3478
PATIENCE = 10
PLUGIN = "libjanus_videoroom.so"
TRANSPORT = "libjanus_http.so"
PRIVATE = (
    "0.0.0.0-0.255.255.255",
    "10.0.0.0-10.255.255.255",
    "100.64.0.0-100.127.255.255",
    "127.0.0.0-127.255.255.255",
    "169.254.0.0-169.254.255.255",
    "172.16.0.0-172.31.255.255",
    "192.168.0.0-192.168.255.255",
)


@contextmanager
def calls(data: Path, address: str, relay_port: int = RELAY_PORT) -> Iterator[Service]:
    """Run the service of calls as long as the block.

    Parameters
    ----------
    address
        Where this machine is reached from outside, as its number; empty for this machine alone,
        which needs no relay.

    Raises
    ------
    SettingRefused
        Janus is not on this machine, or the relay that an address asks for, or it is no address.
    """
    if address:
        _check(address)
    janus = _program("janus")
    relay = _program("turnserver", package="coturn") if address else ""
    home = folder(data)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    service = Service(
        port=_free_port(),
        token_secret=secrets.token_hex(32),
        admin_key=secrets.token_hex(32),
        relay=(
            f"turn:{address}:{relay_port}?transport=udp",
            f"turn:{address}:{relay_port}?transport=tcp",
        )
        if address
        else (),
        relay_secret=secrets.token_hex(32),
    )
    for name, text in {
        **janus_files(service, home, address),
        **relay_files(service, address, relay_port),
    }.items():
        _kept(home / name, text)
    with ExitStack() as stack:
        stack.callback(written(data, service).unlink, missing_ok=True)
        stack.enter_context(_beside([janus, "-F", str(home), "-o"]))
        if relay:
            stack.enter_context(_beside([relay, "-c", str(home / "turnserver.conf")]))
        yield service


def janus_files(service: Service, home: Path, address: str) -> Mapping[str, str]:
    """Return the files of Janus: one plug-in, one way in, no room, nothing recorded, no log."""
    library = _library()
    outside = f'\tnat_1_1_mapping = "{address}"\n\tkeep_private_host = true\n' if address else ""
    return {
        "janus.jcfg": f"""general: {{
\tconfigs_folder = "{home}"
\tplugins_folder = "{library / "plugins"}"
\ttransports_folder = "{library / "transports"}"
\tevents_folder = "{library / "events"}"
\tloggers_folder = "{library / "loggers"}"
\tserver_name = "calls"
\tdebug_level = 1
\thide_dependencies = true
\tsession_timeout = 40
\ttoken_auth = true
\ttoken_auth_secret = "{service.token_secret}"
}}
media: {{
\trtp_port_range = "{RTP_PORTS[0]}-{RTP_PORTS[1]}"
}}
nat: {{
\tice_ignore_list = "vmnet"
{outside}}}
plugins: {{
\tdisable = "{_besides(library / "plugins", PLUGIN)}"
}}
transports: {{
\tdisable = "{_besides(library / "transports", TRANSPORT)}"
}}
loggers: {{
\tdisable = "{_besides(library / "loggers", "")}"
}}
events: {{
\tbroadcast = false
}}
""",
        "janus.transport.http.jcfg": f"""general: {{
\tjson = "compact"
\tbase_path = "/janus"
\thttp = true
\tport = {service.port}
\tip = "127.0.0.1"
\thttps = false
}}
admin: {{
\tadmin_http = false
\tadmin_https = false
}}
""",
        "janus.plugin.videoroom.jcfg": f"""general: {{
\tadmin_key = "{service.admin_key}"
\tlock_rtp_forward = true
\tstring_ids = true
\tevents = false
}}
""",
    }


def relay_files(service: Service, address: str, port: int = RELAY_PORT) -> Mapping[str, str]:
    """Return the file of the relay: passwords that end, this machine as the only far end."""
    if not address:
        return {}
    denied = "\n".join(f"denied-peer-ip={one}" for one in PRIVATE)
    return {
        "turnserver.conf": f"""listening-port={port}
external-ip={address}
realm=kelisim
use-auth-secret
static-auth-secret={service.relay_secret}
min-port={RELAY_PORTS[0]}
max-port={RELAY_PORTS[1]}
no-cli
no-tls
no-dtls
no-tcp-relay
no-multicast-peers
no-stdout-log
log-file=/dev/null
{denied}
allowed-peer-ip={address}
"""
    }


@contextmanager
def _beside(command: list[str]) -> Iterator[None]:
    """Run a program until the block ends; the kernel ends it if this process dies first."""
    whole = [_program("setpriv", package="util-linux"), "--pdeathsig", "TERM", *command]
    with subprocess.Popen(  # noqa: S603  (a program of Debian, with files of our own)
        whole,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as running:
        try:
            yield
        finally:
            running.terminate()
            try:
                running.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                running.kill()


def _check(address: str) -> None:
    try:
        ip_address(address)
    except ValueError as cause:
        raise SettingRefused(
            f"'{address}' is not the number of a machine.",
            where="--video-address",
            do="Write it as 203.0.113.7 or 2001:db8::7.",
        ) from cause


def _program(name: str, package: str = "") -> str:
    path = shutil.which(name)
    if path is None:
        raise SettingRefused(
            f"{name} is not on this machine.",
            where="--video",
            why="Calls are carried by it; everything else works without.",
            do=f"Install it (apt-get install {package or name}), or leave --video out.",
        )
    return path


def _library() -> Path:
    found = [*sorted(Path("/usr/lib").glob("*/janus")), Path("/usr/lib/janus")]
    return found[0]


def _besides(within: Path, kept: str) -> str:
    return ",".join(sorted(one.name for one in within.glob("*.so") if one.name != kept))


def _kept(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)


def _free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
