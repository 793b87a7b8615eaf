"""What of a model must be as it was when it is given back, beside its tensors' values?"""

from __future__ import annotations

from typing import Any

from torch import nn

from landscape_widget.objective.copies import own_hooks

_CONTAINERS = (dict, list, set)


class Belongings:
    """Modes, gradients, hooks, and whatever its modules keep in their attributes, as they are now."""

    def __init__(self, model: nn.Module) -> None:
        self._modules = [(module, dict(module.__dict__)) for module in model.modules()]
        self._containers = [
            (value, _content(value))
            for _, attributes in self._modules
            for value in attributes.values()
            if isinstance(value, _CONTAINERS)
        ]
        self._parameters = [(p, p.requires_grad, p.grad) for p in model.parameters()]
        self._hooks = own_hooks(model)

    def set_aside(self) -> None:
        """Leave the model in eval mode, without gradients and without hooks that it doesn't need to work."""
        for module, _ in self._modules:
            module.__dict__["training"] = False  # a method of its own may do more than that
        for module, table, own in self._hooks:
            if len(own) < len(module.__dict__[table]):
                module.__dict__[table] = type(module.__dict__[table])(own)
        for parameter, _, _ in self._parameters:
            parameter.requires_grad_(False)
            parameter.grad = None

    def give_back(self) -> None:
        """Put everything back; once more does nothing."""
        for module, attributes in self._modules:
            own = module.__dict__
            for name in own.keys() - attributes.keys():
                del own[name]
            for name, value in attributes.items():
                if name not in own or own[name] is not value:
                    own[name] = value
        for container, content in self._containers:
            if list(map(id, _content(container))) != list(map(id, content)):
                _refill(container, content)
        for parameter, requires_grad, gradient in self._parameters:
            parameter.requires_grad_(requires_grad)
            parameter.grad = gradient


def _content(container: Any) -> list[Any]:
    """Return what is in it, in its order; of a dict each key and its value."""
    is_dict = isinstance(container, dict)
    return [one for item in container.items() for one in item] if is_dict else list(container)


def _refill(container: Any, content: list[Any]) -> None:
    container.clear()
    if isinstance(container, dict):
        container.update(zip(content[::2], content[1::2], strict=True))
    else:
        container.extend(content) if isinstance(container, list) else container.update(content)
