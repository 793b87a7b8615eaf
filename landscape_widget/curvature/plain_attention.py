"""How can attention be differentiated twice? By the plain formula, on this thread only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode


class PlainAttention(TorchFunctionMode):
    """No fused attention while this is entered: it has no second derivative.

    ``torch.nn.attention.sdpa_kernel`` would choose for the whole process, and two threads that leave it in
    another order than they entered it would never get the fused one back.
    """

    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        named = dict(kwargs or {})
        if func is F.scaled_dot_product_attention:
            return _attention(*args, **named)
        if func is F.multi_head_attention_forward and named.get("need_weights") is False:
            # with weights it spells attention out; we aren't asked again from inside
            return func(*args, **(named | {"need_weights": True}))[0], None
        return func(*args, **named)


def _attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    **others: Any,
) -> Tensor:
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        attn_mask = torch.zeros_like(attn_mask, dtype=query.dtype).masked_fill_(~attn_mask, -torch.inf)
    plain = torch.ops.aten._scaled_dot_product_attention_math.default
    return plain(query, key, value, attn_mask, dropout_p, is_causal, scale=scale, **others)[0]
