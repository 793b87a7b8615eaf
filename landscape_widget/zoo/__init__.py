"""Networks and data for lessons and tests: those of the paper, and small ones that are trained already."""

from landscape_widget.zoo.checkpoints import load, names, seeds, trajectory
from landscape_widget.zoo.data import Digits, digits
from landscape_widget.zoo.densenet import densenet
from landscape_widget.zoo.initialization import initialize
from landscape_widget.zoo.resnet import resnet
from landscape_widget.zoo.small import convolutional, mlp, small_densenet, small_resnet, small_vgg
from landscape_widget.zoo.training import Recipe, error, fit
from landscape_widget.zoo.vgg import vgg

__all__ = [
    "Digits",
    "Recipe",
    "convolutional",
    "densenet",
    "digits",
    "error",
    "fit",
    "initialize",
    "load",
    "mlp",
    "names",
    "resnet",
    "seeds",
    "small_densenet",
    "small_resnet",
    "small_vgg",
    "trajectory",
    "vgg",
]
