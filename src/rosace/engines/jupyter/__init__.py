"""JupyterHub: notebook servers for people, in their projects' namespaces."""

from rosace.contract.engine import Engine
from rosace.engines.jupyter.spec import JupyterSpec, wanted
from rosace.model.capabilities import BatchSession, Notebooks, S3Endpoint, SqlEndpoint

ENGINE = Engine(
    name="jupyter",
    title="JupyterHub",
    package=__name__,
    summary="Notebooks for people, each server in its project's namespace",
    spec=JupyterSpec,
    wanted=wanted,
    offers=(Notebooks,),
    optional=(SqlEndpoint, S3Endpoint, BatchSession),
    targets=("kubernetes",),
)
