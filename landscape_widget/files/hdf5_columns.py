"""Under which name does the paper's code keep a metric, and what stands where nothing is computed yet?"""

from __future__ import annotations

from landscape_widget.facts import MetricFacts

METRICS = {
    "train_loss": ("loss", ""),
    "train_acc": ("accuracy", "%"),
    "test_loss": ("test_loss", ""),
    "test_acc": ("test_accuracy", "%"),
}
"""Its dataset → our metric and its unit, in the order in which we keep them."""

LARGEST, SMALLEST = "max_eig", "min_eig"
EIGENVALUES = {"λ_max": LARGEST, "λ_min": SMALLEST}
"""Our label → its dataset."""

RATIO = "|λ_min/λ_max|"
"""The label of what follows from both, and is not kept."""

AXES = ("xcoordinates", "ycoordinates")
DIRECTIONS_FILE = "dir_file"
SETTINGS = "settings"
"""What we add: JSON, which its scripts don't look for."""


def missing(dataset: str) -> float:
    """Return what stands where nothing is computed yet."""
    return 1.0 if dataset == SMALLEST else -1.0


def dataset_of(metric: MetricFacts) -> str:
    """Return the dataset that holds one of our metrics; others keep their name, without slashes."""
    known = {name: dataset for dataset, (name, _) in METRICS.items()}
    own = metric.name.replace("/", "_")
    return EIGENVALUES.get(metric.label) or known.get(metric.name, own)


def metric_of(dataset: str, size: int) -> MetricFacts:
    """Return the metric that a dataset holds, measured on ``size`` samples."""
    name, unit = METRICS.get(dataset, (dataset, ""))
    return MetricFacts(name, unit, size)


def curvature(size: int) -> tuple[MetricFacts, MetricFacts, MetricFacts]:
    """Return ratio, largest and smallest eigenvalue, as figure 7 has them."""
    return (
        MetricFacts("curvature", "", size, label=RATIO, limits=(0.0, 0.5), colors="viridis"),
        MetricFacts("curvature_max", "", size, label="λ_max"),
        MetricFacts("curvature_min", "", size, label="λ_min"),
    )
