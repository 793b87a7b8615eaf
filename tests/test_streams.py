import torch

from landscape_widget.evaluate.streams import SideStream


def test_a_device_without_streams_computes_as_it_is() -> None:
    with SideStream(torch.device("cpu")).after_copies():
        assert torch.ones(2).sum() == 2


def test_a_gpus_stream_waits_for_what_is_queued_already(monkeypatch) -> None:
    events: list[object] = []

    class Stream:
        def __init__(self, device: torch.device) -> None:
            self.device = device

        def wait_stream(self, other: object) -> None:
            events.append(("waits for", other))

    class Inside:
        def __init__(self, stream: Stream) -> None:
            self.stream = stream

        def __enter__(self) -> None:
            events.append(("computes on", self.stream))

        def __exit__(self, *_: object) -> None:
            events.append("leaves")

    monkeypatch.setattr(torch.cuda, "Stream", Stream)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: f"the present one of {device}")
    monkeypatch.setattr(torch.cuda, "stream", Inside)
    side = SideStream(torch.device("cuda", 0))
    with side.after_copies():
        events.append("work")
    (waits, other), (computes, stream), *rest = events
    assert (waits, other) == ("waits for", "the present one of cuda:0")
    assert computes == "computes on" and isinstance(stream, Stream) and rest == ["work", "leaves"]
