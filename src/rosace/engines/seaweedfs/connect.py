"""The object storage for other programs: S3 with path-style addresses."""

from __future__ import annotations

from rosace.contract.connect import Connecting, Door, Way
from rosace.model.capabilities import S3Endpoint

WORDS = ("s3", "seaweedfs")
CREDENTIALS = "aws-credentials"


def door(site: Connecting) -> Door:
    """Ways to the buckets. Keys lie in a file as Amazon's own tools read it (AWS_SHARED_CREDENTIALS_FILE)."""
    s3 = site.need(S3Endpoint)
    file, url = site.file(CREDENTIALS), str(s3.address)
    held = (
        "[default]\n"
        f"aws_access_key_id = {site.reveal(s3.access_key)}\n"
        f"aws_secret_access_key = {site.reveal(s3.secret_key)}\n"
    )
    aws = f"aws --endpoint-url {url} --region {s3.region} s3 ls"
    python = (
        f"AWS_SHARED_CREDENTIALS_FILE='{file}' python3 - <<'END'\n"
        "import boto3\n"
        f"s3 = boto3.client('s3', endpoint_url='{url}', region_name='{s3.region}')\n"
        "print([bucket['Name'] for bucket in s3.list_buckets()['Buckets']])\n"
        "END"
    )
    return Door(
        url,
        (
            Way("aws", f"AWS_SHARED_CREDENTIALS_FILE='{file}' \\\n  {aws}"),
            Way("Python, boto3", python),
        ),
        {CREDENTIALS: held},
    )
