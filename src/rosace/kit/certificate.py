"""A certificate for one engine on this machine, by which its ports know their clients, and are known by them.

Run as `python -m rosace.kit.certificate FOLDER` before the engine's first start. In the folder it leaves `cert.pem`
and `key.pem`, `client.pem` (both, as HTTP clients want it), and, where KEYSTORE_PASSWORD is set, what JVMs read:
`store.p12` with the key and `trust.p12` with the certificate. One self-signed certificate is both sides' own and the
only one that both trust, so whoever cannot read the folder reaches nothing: no other account, and no page in a browser,
which could otherwise send requests to loopback ports from any origin, or under a name that resolves to 127.0.0.1.
"""

from __future__ import annotations

import fcntl
import ipaddress
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rosace.kit import whole

CERTIFICATE, KEY, CLIENT, STORE, TRUST = "cert.pem", "key.pem", "client.pem", "store.p12", "trust.p12"
LIFE = timedelta(days=20 * 365)
"""It protects ports of loopback and ends with the platform's folder: nothing is won by an earlier end."""


def make(folder: Path, password: str) -> None:
    """Writes the files, the one that set-up waits for last; another process that does the same is awaited."""
    with (folder / ".certificate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        last = STORE if password else CLIENT
        if not (folder / last).exists():
            for name, content in sorted(_files(password).items(), key=lambda item: item[0] == last):
                whole.write(folder / name, content)


def _files(password: str) -> dict[str, bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rosace")])
    now = datetime.now(UTC)
    here = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), False)
        .add_extension(x509.SubjectAlternativeName(here), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    shown = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    files = {CERTIFICATE: shown, KEY: secret, CLIENT: shown + secret}
    if password:
        closed = serialization.BestAvailableEncryption(password.encode())
        trusted = [pkcs12.PKCS12Certificate(certificate, b"rosace")]
        files[STORE] = pkcs12.serialize_key_and_certificates(b"rosace", key, certificate, None, closed)
        files[TRUST] = pkcs12.serialize_java_truststore(trusted, closed)
    return files


if __name__ == "__main__":
    make(Path(sys.argv[1]), os.environ.get("KEYSTORE_PASSWORD", ""))
