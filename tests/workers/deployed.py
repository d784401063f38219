"""nginx as it is deployed, on free ports of loopback, with a certificate made for the occasion."""

import datetime
import ipaddress
import os
import shutil
import socket
import ssl
import subprocess
import time
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import free_port
from tests.shape.tree import ROOT

DEPLOY = ROOT / "deploy"


@cache
def nginx_program(folder: Path) -> Path | None:
    """The machine's nginx, else Debian's package unpacked here: installing it would start a service on port 80."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found:
        return Path(found)
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    download = ["apt-get", "-q", "download", "nginx"]
    for command in (download, ["apt-get", "-q", "update"], download):
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
        packages = list(folder.glob("nginx_*.deb"))
        if done.returncode == 0 and packages:
            subprocess.run(["dpkg-deb", "-x", str(packages[0]), str(folder)], check=True, timeout=60)
            program = folder / "usr" / "sbin" / "nginx"
            return program if program.exists() else None
    return None


def make_certificate(folder: Path) -> None:
    """``fullchain.pem`` and ``privkey.pem`` for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "council.test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = serialization.PrivateFormat.PKCS8
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, pem, serialization.NoEncryption())
    )


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Nginx:
    """The committed configuration with other ports and places, and nothing else changed."""

    def __init__(self, program: Path, folder: Path, house_port: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.tls_port, self.plain_port = free_port(), free_port()
        make_certificate(folder)
        file = folder / "nginx.conf"
        file.write_text(self._configuration(), encoding="utf-8")
        upstream = (DEPLOY / "nginx" / "upstream-host.conf").read_text(encoding="utf-8")
        assert "127.0.0.1:8000" in upstream
        (folder / "upstream.conf").write_text(
            upstream.replace("127.0.0.1:8000", f"127.0.0.1:{house_port}"), encoding="utf-8"
        )
        command = [str(program), "-p", str(folder), "-e", str(folder / "early.log"), "-c", str(file)]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=30, check=False)
        assert checked.returncode == 0, checked.stderr
        self.process = subprocess.Popen(
            [*command, "-g", "daemon off;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 20
        while not is_listening(self.tls_port):
            assert self.process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)

    def _configuration(self) -> str:
        text = (DEPLOY / "nginx" / "nginx.conf").read_text(encoding="utf-8")
        for before, after in (
            # Nobody else may enter the tests' folders.
            ("user www-data;", "user root;" if os.geteuid() == 0 else ""),
            ("/run/nginx.pid", str(self.folder / "nginx.pid")),
            ("/var/log/nginx/", f"{self.folder}/"),
            ("/etc/nginx/tls/", f"{self.folder}/"),
            ("    listen [::]:80 default_server;\n", ""),
            ("    listen [::]:443 ssl http2 default_server;\n", ""),
            ("listen 80 default_server", f"listen 127.0.0.1:{self.plain_port} default_server"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.tls_port} ssl"),
            ("include mime.types;", ""),  # the unpacked program has none beside it
        ):
            assert text.count(before) >= 1, before
            text = text.replace(before, after)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        bodies = "".join(f"    {kind}_temp_path {self.folder}/{kind};\n" for kind in kinds)
        return text.replace("http {\n", "http {\n" + bodies, 1)

    @property
    def tls(self) -> ssl.SSLContext:
        """Trusts this one's certificate and no other."""
        return ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))

    def log(self) -> str:
        return (self.folder / "access.log").read_text(encoding="utf-8")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
