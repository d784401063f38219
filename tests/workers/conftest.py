"""One cluster for all: PostgreSQL, Valkey, two dozen seeded meetings, two workers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.hall import Hall
from tests.contract.server import RunningServer
from tests.workers.cluster import Cluster, hall_of

MEETINGS = 32
SEATS = 30


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(Path(tmp_path_factory.mktemp("cluster")), MEETINGS, SEATS)
    yield made
    made.remove()


@pytest.fixture
def server(cluster: Cluster) -> RunningServer:
    """The house with two workers, started when it is not there."""
    return cluster.running()


@pytest.fixture
def hall(cluster: Cluster, server: RunningServer) -> Iterator[Hall]:
    ours = hall_of(cluster)
    yield ours
    ours.hang_up()
