"""Models whose weights can't be moved: each is named, with what to do; what stands beside them may move."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import landscape_widget as lw
from landscape_widget.objective.params import moved_parameters
from landscape_widget.objective.refusals import quantized
from tests.cases import draw, draw_classes, mlp, seeded

DATA = (draw(12, 4), draw_classes(3, 12))


class Coded(nn.Module):
    """A linear layer whose weights are codes and a scale, as GPTQ, AWQ and bitsandbytes have them."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(outputs, inputs, dtype=torch.int8), requires_grad=False)
        self.register_buffer("scales", draw(outputs, 1))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight * self.scales)


class Packed(nn.Module):
    """The same without a parameter: codes are a buffer."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.register_buffer("qweight", torch.ones(outputs, inputs, dtype=torch.int32))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.qweight.float())


class Wrapped(Tensor):
    """Codes and a scale that pass for a float32 tensor without memory of its own, as torchao's do."""

    @staticmethod
    def __new__(cls, codes: Tensor, scale: float) -> "Wrapped":
        return Tensor._make_wrapper_subclass(cls, codes.shape, dtype=torch.float32)

    def __init__(self, codes: Tensor, scale: float) -> None:
        self.codes, self.scale = codes, scale

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        if func.overloadpacket.__name__ in ("detach", "clone"):
            return cls(func(args[0].codes), args[0].scale)
        wide = (a.codes * a.scale if isinstance(a, cls) else a for a in args)
        return func(*wide, **(kwargs or {}))


class DTensor(Tensor):
    """One of which each process holds a part, by its name."""


class BaseTunerLayer(nn.Module):
    """A layer with an adapter, by its name."""

    def __init__(self, base_layer: nn.Module) -> None:
        super().__init__()
        self.base_layer = base_layer
        self.lora_A = nn.ModuleDict({"default": nn.Linear(4, 2, bias=False)})
        self.lora_B = nn.ModuleDict({"default": nn.Linear(2, 3, bias=False)})

    def forward(self, x: Tensor) -> Tensor:
        return self.base_layer(x) + self.lora_B["default"](self.lora_A["default"](x))


def named(kind: type, name: str, module: str = "") -> type:
    """Return a class of another name, as if a library had made it."""
    return type(name, (kind,), {"__module__": module or kind.__module__})


def with_weight(weight: Tensor) -> nn.Module:
    model = nn.Sequential(nn.Linear(4, 3))
    model[0].weight = nn.Parameter(weight, requires_grad=False)
    return model


ADAPTERS = ["lora_A.default.weight", "lora_B.default.weight"]
KINDS = {
    "GPTQ": ("QuantLinear", "gptqmodel.nn_modules.qlinear.torch"),
    "GPTQ by ExLlama": ("ExllamaV2QuantLinear", "gptqmodel.nn_modules.qlinear.exllamav2"),
    "AWQ": ("WQLinear_GEMM", "awq.modules.linear.gemm"),
    "8 bit": ("Linear8bitLt", "bitsandbytes.nn.modules"),
    "4 bit": ("Linear4bit", "bitsandbytes.nn.modules"),
    "HQQ": ("HQQLinear", "hqq.core.quantize"),
    "AQLM": ("QuantizedLinear", "aqlm"),
    "float8": ("FP8Linear", "transformers.integrations.finegrained_fp8"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("holder", [Coded, Packed])
def test_a_quantized_model_is_refused_and_its_layer_named(kind, holder):
    name, module = KINDS[kind]
    model = nn.Sequential(nn.Embedding(5, 4), nn.Sequential(named(holder, name, module)(4, 3)))
    with pytest.raises(ValueError, match=rf"{name} holds quantized ones \('1.0'\).*with adapters \(LoRA\)"):
        moved_parameters(model)


def test_a_layer_that_is_trained_for_quantization_holds_numbers_and_moves():
    kind = named(nn.Linear, "QuantLinear", "brevitas.nn")
    model = nn.Sequential(kind(4, 3))
    assert not list(quantized(model))
    assert list(moved_parameters(model)[0]) == ["0.weight", "0.bias"]


def test_beside_quantized_layers_those_may_move_that_a_pattern_names():
    model = nn.Sequential(named(Coded, "Linear8bitLt")(4, 4), nn.Linear(4, 3))
    assert list(moved_parameters(model, r"^1\.")[0]) == ["1.weight", "1.bias"]


def test_integers_themselves_are_refused_whoever_names_them():
    model = nn.Sequential(named(Coded, "Linear8bitLt")(4, 4), nn.Linear(4, 3))
    with pytest.raises(ValueError, match=r"Expected floating point weights; '0.weight' holds int8.*regex"):
        moved_parameters(model, "weight")


@pytest.mark.parametrize("holder", [Coded, Packed])
def test_adapters_on_a_quantized_model_move_alone_in_a_copy(holder):
    base = named(holder, "Linear4bit", "bitsandbytes.nn.modules")(4, 3)
    model = seeded(lambda: nn.Sequential(BaseTunerLayer(base)))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    loss = lw.batch_loss(lambda model, batch: F.cross_entropy(model(batch[0]), batch[1]))
    surface = lw.compute(model, loss, DATA, resolution=3)
    assert [name.partition(".")[2] for name in surface.origin] == ADAPTERS
    assert surface.at("origin")["loss"] == pytest.approx(
        F.cross_entropy(model(DATA[0]), DATA[1]).item(), rel=1e-6
    )
    assert surface["loss"].std() > 0
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert (
        "Adapters only: 14 weights move; the quantized ones that they adapt don't."
        in (surface.settings["notes"])
    )


def test_all_of_a_quantized_model_with_adapters_is_refused():
    model = nn.Sequential(BaseTunerLayer(named(Packed, "QuantLinear")(4, 3)))
    with pytest.raises(ValueError, match=r"QuantLinear holds quantized ones \('0.base_layer'\)"):
        moved_parameters(model, "all")


def test_a_tensor_of_its_own_kind_is_refused():
    model = with_weight(Wrapped(draw_classes(9, 3, 4), 0.1))
    with pytest.raises(ValueError, match=r"Expected plain tensors; '0.weight' is a Wrapped.*before it was"):
        moved_parameters(model, "all")


def test_a_tensor_of_its_own_kind_may_stay():
    base = with_weight(Wrapped(draw_classes(9, 3, 4), 0.1)).requires_grad_(False)
    model = nn.Sequential(BaseTunerLayer(base))
    surface = lw.compute(model, F.cross_entropy, DATA, resolution=3, one_dimensional="scaled")
    assert [name.partition(".")[2] for name in surface.origin] == ADAPTERS
    assert surface.at("origin")["loss"] == pytest.approx(
        F.cross_entropy(model(DATA[0]), DATA[1]).item(), rel=1e-6
    )
    assert 0 < surface.settings["share"] <= 1


def test_float8_in_which_nothing_can_be_added_is_refused():
    model = with_weight(draw(3, 4).to(torch.float8_e4m3fn))
    with pytest.raises(ValueError, match=r"16 bits or more; '0.weight' holds float8_e4m3fn.*torch.bfloat16"):
        moved_parameters(model, "all")


def test_float8_may_stay_where_others_move():
    model = with_weight(draw(3, 4).to(torch.float8_e4m3fn))
    assert list(moved_parameters(model, "bias")[0]) == ["0.bias"]


def test_a_sharded_model_is_refused():
    model = with_weight(draw(3, 4).as_subclass(DTensor))
    with pytest.raises(ValueError, match=r"of '0.weight' each process holds a part \(DTensor\).*Gather"):
        moved_parameters(model)


def test_a_flattened_model_is_refused():
    kind = named(nn.Parameter, "FlatParameter", "torch.distributed.fsdp._flat_param")
    model = nn.Module()
    model._flat_param = kind(draw(12))
    with pytest.raises(ValueError, match=r"of '_flat_param' each process holds a part \(FlatParameter\)"):
        moved_parameters(model)


def test_a_model_wrapped_for_several_processes_is_refused():
    kind = named(nn.Sequential, "DistributedDataParallel", "torch.nn.parallel.distributed")
    with pytest.raises(ValueError, match=r"\(DistributedDataParallel\). Give what is inside, `model.module`"):
        moved_parameters(kind(mlp()))


def test_an_offloaded_model_is_refused_in_the_words_of_accelerate():
    accelerate = pytest.importorskip("accelerate")
    model = accelerate.cpu_offload(mlp(), execution_device=torch.device("cpu"))
    with pytest.raises(ValueError, match=r"accelerate has offloaded '0.weight'.*device_map=\{'': 'cpu'\}"):
        lw.compute(model, F.cross_entropy, DATA)


def test_what_is_refused_is_left_as_it_was():
    model = nn.Sequential(named(Coded, "Linear8bitLt")(4, 4), nn.Linear(4, 3))
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(ValueError, match="quantized"):
        lw.explore(model, F.cross_entropy, DATA)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
