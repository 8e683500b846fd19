"""PostgreSQL: the small relational database that holds the lake's catalog, and serving tables later."""

from rosace.contract.engine import Engine
from rosace.engines.postgresql.spec import PostgresqlSpec, wanted
from rosace.model.capabilities import PostgresDatabase

ENGINE = Engine(
    name="postgresql",
    title="PostgreSQL",
    package=__name__,
    summary="Relational database; holds the catalog of the lake's tables",
    spec=PostgresqlSpec,
    wanted=wanted,
    offers=(PostgresDatabase,),
    targets=("local", "kubernetes"),
    exports=("postgresql",),
    backs_up=True,
)
