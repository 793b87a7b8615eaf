"""What holds for every test: one torch thread, so that tests side by side don't fight over the cores."""

import torch

torch.set_num_threads(1)
