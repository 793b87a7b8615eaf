"""How does a worker keep out of the way of the user's own work on a GPU? On a stream of its own."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch


class SideStream:
    """A stream beside the one that training uses; nothing on devices that have none."""

    def __init__(self, device: torch.device) -> None:
        self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None

    def after_copies(self) -> AbstractContextManager:
        """Compute on the stream, after what is queued on the present one: copies of model and data."""
        if self._stream is None:
            return nullcontext()
        self._stream.wait_stream(torch.cuda.current_stream(self._stream.device))
        return torch.cuda.stream(self._stream)
