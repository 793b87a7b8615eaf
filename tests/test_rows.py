"""Is every entry of a state read once, in order, and put back in its place?"""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st
from trajectory_cases import trajectory_of

from landscape_widget.subspace.rows import groups_of, row_of, unrolled

SIZES = st.lists(st.integers(0, 9), max_size=6).map(lambda sizes: {f"t{i}": n for i, n in enumerate(sizes)})


@given(SIZES, st.integers(1, 12))
def test_groups_hold_each_entry_once_and_no_more_than_they_may(sizes: dict[str, int], width: int) -> None:
    groups = list(groups_of(sizes, width))
    entries = [(part.name, i) for group in groups for part in group for i in range(part.start, part.stop)]
    assert entries == [(name, i) for name, size in sizes.items() for i in range(size)]
    counts = [sum(part.stop - part.start for part in group) for group in groups]
    assert all(count == width for count in counts[:-1])
    assert all(0 < count <= width for count in counts[-1:])


@given(st.integers(1, 12))
def test_a_row_unrolled_is_the_state_again(width: int) -> None:
    state = {
        "matrix": torch.arange(6.0, dtype=torch.float64).reshape(2, 3),
        "complex": torch.tensor([[1 + 2j], [3 - 4j]], dtype=torch.complex128),
        "number": torch.tensor(7.0, dtype=torch.float64),
    }
    checkpoint = trajectory_of([state])[0]
    groups = list(groups_of({name: tensor.numel() for name, tensor in state.items()}, width))
    for source in (state, checkpoint):
        row = torch.cat([row_of(source, group) for group in groups])
        again = unrolled(row, state)
        assert all(torch.equal(again[name], tensor) for name, tensor in state.items())
