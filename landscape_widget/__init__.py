"""A live loss landscape of your own PyTorch model (after Li et al. 2018, arXiv 1712.09913).

``explore`` shows it in a notebook, ``compute`` returns it as a `Surface`, ``record`` keeps where training
goes, ``sharpness`` puts the curvature at its centre into numbers.
"""

from landscape_widget.callbacks import lightning_callback, trainer_callback
from landscape_widget.compare import compare
from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.explore import compute, explore
from landscape_widget.landscape import Landscape
from landscape_widget.load import load, load_directions
from landscape_widget.objective.criterion import batch_loss
from landscape_widget.sharpness import sharpness
from landscape_widget.sharpness_values import Sharpness, Spectrum
from landscape_widget.subspace.blended_direction import BlendedDirection
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.gradient_direction import GradientDirection
from landscape_widget.subspace.hessian_direction import HessianDirection
from landscape_widget.subspace.principal_direction import PrincipalDirection
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.recorder import record
from landscape_widget.subspace.towards_model import TowardsModel
from landscape_widget.subspace.trajectory import Trajectory
from landscape_widget.surface.surface import Surface

__all__ = [
    "BlendedDirection",
    "Direction",
    "GradientDirection",
    "HessianDirection",
    "HessianExtremes",
    "Landscape",
    "PrincipalDirection",
    "RandomDirection",
    "Sharpness",
    "Spectrum",
    "Surface",
    "TowardsModel",
    "Trajectory",
    "batch_loss",
    "compare",
    "compute",
    "explore",
    "lightning_callback",
    "load",
    "load_directions",
    "record",
    "sharpness",
    "trainer_callback",
]
