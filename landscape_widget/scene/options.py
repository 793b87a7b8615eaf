"""What do the controls say of each choice? Labels, and a sentence on what it does to the mathematics."""

from __future__ import annotations

from landscape_widget.live.request import Option

NORMALIZATIONS = (
    Option(
        "filter",
        "filter",
        "Each filter of the direction is scaled to the length of the network's own filter, so that networks "
        "with larger weights don't look flatter (Li et al. 2018, section 4).",
    ),
    Option(
        "layer",
        "layer",
        "Each tensor of the direction is scaled to the length of the network's own tensor "
        "(Li et al. 2018, appendix).",
    ),
    Option(
        "weight",
        "weight",
        "Each entry of the direction is multiplied by the network's own weight "
        "(as in the code of Li et al. 2018).",
    ),
    Option(
        "none",
        "none",
        "The direction is used as drawn; networks with larger weights look flatter than they are "
        "(Li et al. 2018, section 4).",
    ),
)

FROZEN = Option(
    "frozen",
    "frozen",
    "Every cell keeps the running statistics of the centre, as in the paper's figures; away from it they "
    "are no longer the network's own.",
)
REESTIMATED = Option(
    "reestimate",
    "re-estimated",
    "Every cell gets running statistics of its own, from one pass over the training data; twice the work.",
)
INTERPOLATED = Option(
    "interpolate",
    "interpolated",
    "The running statistics move with the weights, from those of one model to those of the other; variances "
    "that would be negative are held at 0.",
)

RANDOM = Option("random", "random", "A Gaussian direction drawn from its seed, then normalized.", seeded=True)
GRADIENT = Option("gradient", "−gradient", "Downhill from the origin, as long as the moved parameters.")
START = Option(
    "start",
    "towards the start",
    "From this model at 0 to the first checkpoint of the trajectory at 1.",
    range=(-0.2, 1.2),
)
PRINCIPAL = tuple(
    Option(
        f"principal {rank}",
        f"{name} principal component",
        f"The direction in which the trajectory varies {most}, as long as the moved parameters.",
    )
    for rank, name, most in ((0, "first", "most"), (1, "second", "most beside the first"))
)
HESSIAN = {
    rank: Option(
        f"hessian {rank}",
        f"{name} Hessian eigenvector",
        f"The direction in which the loss curves {most}, as long as the moved parameters; found by some "
        "dozens of gradients.",
    )
    for rank, name, most in (
        (0, "1st", "most"),
        (1, "2nd", "most beside the first"),
        (-1, "last", "least, or most downwards"),
    )
}
TO_A_MODEL = "From this model at 0 to the other at 1."
GIVEN = "The direction you gave, as it is."
