"""A client certificate is shown to a portal that wants one, by every call and by the login."""

import datetime
import ipaddress
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.runtime.conftest import Listener, Server, answer, handler_of

NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])


def written(folder, name, *, password=None):
    """A certificate signed by itself, good for 127.0.0.1, and its key: the paths of two files."""
    key, begin = ec.generate_private_key(ec.SECP256R1()), datetime.datetime(2020, 1, 1)
    builder = x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(begin).not_valid_after(begin + datetime.timedelta(days=36500))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = builder.add_extension(here, critical=False).sign(key, hashes.SHA256())
    how = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    formats = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(key.private_bytes(*formats))
    return str(folder / f"{name}.pem"), str(folder / f"{name}.key")


@pytest.fixture
def files(tmp_path):
    """The certificate and key of the portal, and those of the client."""
    return written(tmp_path, "portal"), written(tmp_path, "client")


@pytest.fixture
def strict(files):
    """A portal that speaks to nobody without the client's certificate."""
    (own, key), (client, _) = files
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own, key)
    context.load_verify_locations(client)
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # later ones refuse a certificate after the first request is sent
    listener = Listener()
    with Server(("127.0.0.1", 0), handler_of(listener)) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        listener.url = f"https://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield listener
        server.shutdown()
        thread.join()


def test_the_certificate_is_shown_by_calls_and_by_the_login(runtime, connect, operation, strict, files):
    """A pair of paths, or one file with both."""
    (own, _), pair = files
    auth = runtime.portal_auth.Credentials("ann", "password")
    strict.says(answer("a-session"), answer(1))

    assert connect(strict.url, auth=auth, verify=own, cert=pair).call(operation(), {}) == 1
    assert [seen.target.rpartition("/")[2] for seen in strict.seen] == ["authenticate", "act"]


def test_one_file_may_hold_both(connect, operation, strict, files, tmp_path):
    """The certificate and its key."""
    (own, _), (certificate, key) = files
    both = tmp_path / "both.pem"
    both.write_text(Path(certificate).read_text() + Path(key).read_text())
    strict.says(answer(1))

    assert connect(strict.url, verify=own, cert=str(both)).call(operation(), {}) == 1


def test_without_it_nothing_is_sent(runtime, connect, operation, strict, files):
    """The portal refuses, and cert= is named."""
    with pytest.raises(runtime.errors.TransportError, match="cert="):
        connect(strict.url, verify=files[0][0]).call(operation(), {})
    assert strict.seen == []


@pytest.mark.parametrize("case", ["no file", "no certificate", "another key", "a password", "three", "a number"])
def test_a_certificate_that_can_not_be_used_is_refused_at_once(runtime, connect, files, tmp_path, case):
    """Before anything is sent, and without asking for a password on the terminal."""
    (tmp_path / "text").write_text("no certificate")
    cert = {
        "no file": str(tmp_path / "none"),
        "no certificate": str(tmp_path / "text"),
        "another key": (files[0][0], files[1][1]),
        "a password": written(tmp_path, "locked", password=b"secret"),
        "three": ("a", "b", "c"),
        "a number": 5,
    }[case]
    with pytest.raises(runtime.errors.ArgumentError, match="cert"):
        connect(cert=cert)
