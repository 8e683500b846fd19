"""OpenSearch: full-text search over what topics export to it."""

from rosace.contract.engine import Engine
from rosace.engines.opensearch.spec import OpensearchSpec, wanted
from rosace.model.capabilities import SearchEndpoint

ENGINE = Engine(
    name="opensearch",
    title="OpenSearch",
    package=__name__,
    summary="Full-text search over exported topics; speaks Elasticsearch's REST API",
    spec=OpensearchSpec,
    wanted=wanted,
    offers=(SearchEndpoint,),
    targets=("kubernetes",),
    exports=("opensearch", "elasticsearch"),
)
