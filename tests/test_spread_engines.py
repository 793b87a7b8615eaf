"""What kind of executor is it, what is refused at the door, and how are cores shared?"""

import multiprocessing
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest
import torch
from loky.process_executor import ProcessPoolExecutor as LokyExecutor

from landscape_widget.evaluate.spread import engines
from landscape_widget.evaluate.spread.engines import Dask, Others, Pool, engine_of, where
from landscape_widget.evaluate.spread.parcel import Parcel
from landscape_widget.evaluate.spread.workplace import workplace
from tests.spread_cases import Cluster


class Taking(Executor):
    """Takes tasks and never does them."""

    def __init__(self):
        self.taken = []

    def submit(self, fn, /, *args, **named):
        self.taken.append(fn)
        return Future()


class Client:
    """Dask's, as far as an executor asks it."""

    def __init__(self, threads):
        self.threads = threads
        self.scattered = []

    def nthreads(self):
        return self.threads

    def scatter(self, data, *, broadcast, hash):
        assert broadcast and not hash
        self.scattered += data
        return [f"future {len(self.scattered)}"]


class ClientExecutor(Taking):
    """Named as Dask's."""

    __module__ = "distributed.cfexecutor"

    def __init__(self, **threads):
        super().__init__()
        self._client = Client(threads)


@pytest.fixture
def parcel(tmp_path):
    (tmp_path / "x.job").write_bytes(b"job")
    digest = "6ba7b6f10ba30bca4b5e0b0e1ad9cd9bb3f3ca9ba18a5cd3b27fc2bfbcadbe37"
    return Parcel(digest, 3, str(tmp_path / "x.job"))


def test_processes_that_are_forked_are_refused_before_they_start():
    said = (
        r"torch's threads don't survive a fork: .* Write `ProcessPoolExecutor\(mp_context=multiprocessing\."
    )
    with (
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as executor,
        pytest.raises(ValueError, match=said),
    ):
        engine_of(executor)
    forking = LokyExecutor(1, context=multiprocessing.get_context("fork"))
    with pytest.raises(ValueError, match="this one forks them"):
        engine_of(forking)
    forking.shutdown()


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_processes_that_start_afresh_are_fine(method):
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context(method)) as executor:
        engine = engine_of(executor)
    assert isinstance(engine, Pool) and engine.name == "ProcessPoolExecutor" and engine.workers() == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (4, r"int\. Try `ProcessPoolExecutor"),
        (ThreadPoolExecutor, r"the class ThreadPoolExecutor\."),
        (
            type("Client", (Taking,), {"__module__": "distributed.client"})(),
            r"Give `client\.get_executor\(\)`",
        ),
    ],
)
def test_what_is_no_executor_is_refused(given, said):
    with pytest.raises(TypeError, match=f"Expected executor as a concurrent.futures.Executor; got .*{said}"):
        engine_of(given)


def test_a_closed_executor_is_refused_at_the_door():
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    said = (
        "this ThreadPoolExecutor raised RuntimeError: cannot schedule new futures after shutdown. Make a new"
    )
    with pytest.raises(ValueError, match=said):
        workplace(executor, None, compile=False)


def test_a_pools_workers_share_the_cores_but_one(monkeypatch):
    monkeypatch.setattr(engines, "cores", lambda: 8)
    for workers, threads in ((1, 7), (2, 3), (3, 2), (8, 1), (30, 1)):
        with ThreadPoolExecutor(workers) as executor:
            engine = engine_of(executor)
            assert (engine.workers(), engine.threads()) == (workers, threads)


def test_dask_says_itself_how_many_threads_there_are():
    engine = engine_of(ClientExecutor(a=4, b=2))
    assert isinstance(engine, Dask) and engine.name == "Dask"
    assert (engine.workers(), engine.threads()) == (6, 1)
    assert engine_of(ClientExecutor()).workers() == 1


def test_dask_gets_a_parcel_once_until_it_is_forgotten(parcel, monkeypatch):
    monkeypatch.setattr(Parcel, "read", lambda self: b"job")
    executor = ClientExecutor(a=1)
    engine = engine_of(executor)
    assert [engine.lay_out(parcel) for _ in range(3)] == ["future 1"] * 3
    engine.forget(parcel)
    assert engine.lay_out(parcel) == "future 2" and executor._client.scattered == [b"job"] * 2


def test_a_cluster_without_workers_yet_is_not_waited_for(parcel):
    executor = ClientExecutor()
    assert engine_of(executor).lay_out(parcel) is None and not executor._client.scattered


def test_any_other_executor_has_one_thread_a_worker():
    engine = engine_of(Cluster(5))
    assert isinstance(engine, Others) and (engine.workers(), engine.threads()) == (5, 1)
    assert engine.name == "Cluster"
    assert engine_of(Taking()).workers() == engines.cores()


def test_workers_are_called_while_the_data_are_read():
    executor = Taking()
    workplace(executor, None, compile=False)
    assert len(executor.taken) == engines.cores()


def test_a_device_is_where_the_workers_compute_and_the_cpu_reads_for_them():
    there = workplace(Taking(), "cuda:7", compile=False)
    assert there is not None
    assert there.device == "cuda:7" and there.reading == torch.device("cpu")
    same = workplace(Taking(), ["cpu"], compile=False)
    assert same is not None and same.device == "cpu" and same.reading == torch.device("cpu")
    models = workplace(Taking(), None, compile=False)
    assert models is not None and models.device is None and models.reading is None
    assert workplace(None, "cuda:7", compile=True) is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"device": ["cuda:0", "cuda:1"]}, "device is the one that each worker computes on; got 2 of them"),
        ({"device": "gpu"}, r"Expected a device such as 'cpu' or 'cuda:0'; got 'gpu' \("),
        ({"compile": True}, r"got compile=True beside an executor\. Leave one of the two out"),
    ],
)
def test_what_makes_no_sense_beside_an_executor_is_refused(options, said):
    with pytest.raises(ValueError, match=said):
        workplace(Taking(), **{"device": None, "compile": False, **options})


def test_without_cloudpickle_one_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cloudpickle", None)
    with pytest.raises(ImportError, match=r"Run `pip install 'landscape-widget\[executors\]'`\."):
        workplace(Taking(), None, compile=False)


@pytest.mark.parametrize(
    ("workers", "machines", "said"),
    [
        (1, 1, "1 worker on 1 machine (Dask)"),
        (2, 1, "2 workers on 1 machine (Dask)"),
        (64, 8, "64 workers on 8 machines (Dask)"),
    ],
)
def test_who_measures_is_said_in_words(workers, machines, said):
    assert where("Dask", workers, machines) == said
