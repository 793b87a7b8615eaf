"""Hugging Face models as people have them: dict batches, ties, device maps, checkpointing, bfloat16."""

import ast
import copy
import re
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from accelerate import dispatch_model
from peft import LoraConfig, get_peft_model
from transformers import (
    BatchEncoding,
    BertConfig,
    BertForSequenceClassification,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
)

import landscape_widget as lw
from landscape_widget.subspace.filters import filter_axes
from tests.cases import draw_classes, seeded
from tests.reader import ROOT

pytestmark = [
    pytest.mark.processes,  # transformers takes seconds to import
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),  # peft asks
]

TOKENS = 1 + draw_classes(39, 12, 8)
MASK = (torch.arange(8) < 8 - torch.arange(12)[:, None] % 4).long()
SIZE = {"vocab_size": 40, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
LOSS = lw.batch_loss(lambda model, batch: model(**batch).loss)


def bert():
    config = BertConfig(**SIZE, intermediate_size=32, max_position_embeddings=16, num_labels=3)
    return seeded(lambda: BertForSequenceClassification(config))


def gpt2():
    config = GPT2Config(vocab_size=40, n_positions=16, n_embd=16, n_layer=2, n_head=2, bos_token_id=0)
    config.eos_token_id, config.loss_type = 0, "ForCausalLM"
    return seeded(lambda: GPT2LMHeadModel(config))


def llama(**options):
    config = LlamaConfig(**SIZE, intermediate_size=32, max_position_embeddings=16, **options)
    return seeded(lambda: LlamaForCausalLM(config))


def t5():
    config = T5Config(vocab_size=40, d_model=16, d_kv=8, num_layers=2, num_heads=2, d_ff=32)
    config.decoder_start_token_id = 0
    return seeded(lambda: T5ForConditionalGeneration(config))


def sentences():
    """Tokens of which some are padding, and a class each."""
    return {"input_ids": TOKENS, "attention_mask": MASK, "labels": torch.arange(12) % 3}


def text():
    """The same, and the tokens themselves to be told, but for the padding."""
    return {"input_ids": TOKENS, "attention_mask": MASK, "labels": TOKENS.masked_fill(MASK == 0, -100)}


NETWORKS = {"BERT": (bert, sentences), "GPT-2": (gpt2, text), "Llama": (llama, text), "T5": (t5, text)}


def as_made(name):
    make, data = NETWORKS[name]
    return make(), data()


def enable_checkpoints(model):
    """By the name it has since transformers 5, or before."""
    name = "activation_checkpointing_enable"
    getattr(model, name if hasattr(model, name) else "gradient_checkpointing_enable")()


def computed(model, data, **options):
    return lw.compute(model, LOSS, data, **{"resolution": 3, **options})


def by_hand(model, surface, coordinates, data):
    moved = copy.deepcopy(model).eval()
    with torch.no_grad():
        for name, parameter in moved.named_parameters():
            steps = (c * d[name] for c, d in zip(coordinates, surface.directions, strict=True))
            parameter.add_(sum(steps))
        return float(moved(**data).loss)


@pytest.mark.parametrize("name", NETWORKS)
def test_each_cell_is_the_models_own_loss(name):
    model, data = as_made(name)
    surface = computed(model, data)
    for row, y in enumerate(surface.y):
        for column, x in enumerate(surface.x):
            own = by_hand(model, surface, (x, y), data)
            assert surface["loss"][row, column] == pytest.approx(own, rel=2e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_users_network_is_left_alone(name):
    model, data = as_made(name)
    model.train().requires_grad_(True)
    model(**data).loss.backward()
    config, state = copy.deepcopy(model.config), copy.deepcopy(model.state_dict())
    slopes = [parameter.grad.clone() for parameter in model.parameters()]
    computed(model, data)
    assert model.training and model.config.to_dict() == config.to_dict()
    assert all(torch.equal(tensor, state[key]) for key, tensor in model.state_dict().items())
    assert all(torch.equal(p.grad, slope) for p, slope in zip(model.parameters(), slopes, strict=True))


@pytest.mark.parametrize("form", [BatchEncoding, lambda data: [BatchEncoding(data)], lambda data: [data]])
def test_a_batch_may_come_as_a_tokenizer_gives_it(form):
    model, data = as_made("BERT")
    np.testing.assert_allclose(computed(model, form(data))["loss"], computed(model, data)["loss"], rtol=1e-6)


def test_a_criterion_takes_the_logits_of_what_the_model_answers():
    model, data = as_made("BERT")
    surface = lw.compute(model, F.cross_entropy, data, resolution=3)
    np.testing.assert_allclose(surface["loss"], computed(model, data)["loss"], rtol=1e-5)
    assert "accuracy" in [metric.name for metric in surface.metrics]
    assert np.isfinite(surface.errors).all()


def test_of_a_whole_answer_only_the_loss_is_a_metric():
    model, data = as_made("BERT")
    whole = lw.compute(model, lw.batch_loss(lambda model, batch: model(**batch)), data, resolution=3)
    assert [metric.name for metric in whole.metrics] == ["loss"]
    np.testing.assert_allclose(whole["loss"], computed(model, data)["loss"])


def test_an_answer_without_a_loss_is_refused_with_what_is_missing():
    model, data = as_made("BERT")
    del data["labels"]
    with pytest.raises(ValueError, match=r"Expected 'loss' among the metrics the loss returns; got \[\]"):
        lw.compute(model, lw.batch_loss(lambda model, batch: model(**batch)), data)


def test_one_number_a_batch_is_weighted_by_the_samples_of_the_batch():
    model, data = as_made("Llama")
    parts = [{key: value[some] for key, value in data.items()} for some in (slice(0, 3), slice(3, 12))]
    with torch.no_grad():
        first, second = (float(model.eval()(**part).loss) for part in parts)
    value = computed(model, parts).at("origin")["loss"]
    assert value == pytest.approx((3 * first + 9 * second) / 12, rel=1e-6)


def token_mean(model, batch):
    """One sum and one number of tokens for each sentence."""
    inputs = {key: value for key, value in batch.items() if key != "labels"}
    logits, targets = model(**inputs).logits[:, :-1], batch["labels"][:, 1:]
    losses = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")
    return losses.sum(1), (targets != -100).sum(1)


def test_pairs_of_sum_and_weight_give_the_mean_over_all_tokens_however_they_are_batched():
    model, data = as_made("Llama")
    parts = [{key: value[some] for key, value in data.items()} for some in (slice(0, 3), slice(3, 12))]
    surface = lw.compute(model, lw.batch_loss(token_mean), parts, resolution=3)
    with torch.no_grad():
        assert surface.at("origin")["loss"] == pytest.approx(float(model.eval()(**data).loss), rel=1e-6)
    assert np.isfinite(surface.errors).all()


def test_tied_embeddings_move_as_one():
    model, data = as_made("GPT-2")
    surface = computed(model, data)
    assert "transformer.wte.weight" in surface.origin and "lm_head.weight" not in surface.origin
    assert "lm_head.weight is tied to transformer.wte.weight; they move as one." in surface.settings["notes"]


def test_filters_of_gpt_2_are_the_columns_of_its_conv1d_and_rows_of_its_embeddings():
    surface = computed(*as_made("GPT-2"))
    step, weight = (
        side["transformer.h.0.attn.c_attn.weight"] for side in (surface.directions[0], surface.origin)
    )
    torch.testing.assert_close(step.norm(dim=0), weight.norm(dim=0))
    step, weight = (side["transformer.wte.weight"] for side in (surface.directions[0], surface.origin))
    torch.testing.assert_close(step.norm(dim=1), weight.norm(dim=1))


@pytest.mark.parametrize("name", NETWORKS)
def test_gains_and_biases_are_one_dimensional_and_stay_fixed(name):
    model, data = as_made(name)
    rules = filter_axes(model)
    gains = {
        f"{path}.{leaf}"
        for path, module in model.named_modules()
        for leaf, parameter in module.named_parameters(recurse=False)
        if parameter.ndim == 1
    }
    assert gains and all(rules[gain].one_dimensional for gain in gains)
    first, _ = computed(model, data).directions
    assert all(not first[gain].any() for gain in gains if gain in first)


@pytest.mark.parametrize("name", NETWORKS)
def test_checkpointing_of_activations_changes_nothing(name):
    model, data = as_made(name)
    plain = computed(model, data, resolution=3)
    enable_checkpoints(model)
    np.testing.assert_allclose(computed(model, data)["loss"], plain["loss"], rtol=1e-6)


def test_the_gradient_goes_through_checkpoints():
    model, data = as_made("Llama")
    line = {"directions": [lw.GradientDirection()]}
    plain = computed(model, data, **line)
    enable_checkpoints(model)
    np.testing.assert_allclose(computed(model, data, **line)["loss"], plain["loss"], rtol=1e-6)


def test_a_cache_of_keys_makes_no_difference():
    data, surfaces = text(), []
    for use_cache in (True, False):
        model = llama(use_cache=use_cache)
        surfaces.append(computed(model, data))
        assert model.config.use_cache is use_cache
    np.testing.assert_allclose(surfaces[0]["loss"], surfaces[1]["loss"], rtol=1e-6)


WHOLE = {"": "cpu"}
PARTS = {"model.embed_tokens": "cpu", "model.layers.0": "cpu", "model.layers.1": "cpu", "model.norm": "cpu"}
PARTS |= {"model.rotary_emb": "cpu", "lm_head": "cpu"}


@pytest.mark.parametrize("places", [WHOLE, PARTS], ids=["whole", "in parts"])
def test_a_device_map_of_accelerate_may_be_there(places):
    data, plain = text(), computed(llama(), text())
    model = dispatch_model(llama(), places, main_device="cpu", force_hooks=True)
    assert any(getattr(module, "_hf_hook", None) for module in model.modules())
    np.testing.assert_allclose(computed(model, data)["loss"], plain["loss"], rtol=1e-6)
    line = {"directions": [lw.GradientDirection()]}
    np.testing.assert_allclose(
        computed(model, data, **line)["loss"], computed(llama(), data, **line)["loss"], rtol=1e-6
    )


def test_autocast_is_that_of_the_users_own_loop():
    model, data = as_made("Llama")
    surface = computed(model, data, autocast=torch.bfloat16)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        own = float(model.eval()(**data).loss)
    assert surface.at("origin")["loss"] == pytest.approx(own, rel=1e-6)
    assert own != pytest.approx(computed(model, data).at("origin")["loss"], rel=2e-6)


def test_bfloat16_weights_are_moved_through_float32_and_cast_once():
    data = text()
    model = llama().to(torch.bfloat16)
    surface = computed(model, data)
    x, y = surface.x[2], surface.y[0]
    moved = copy.deepcopy(model).eval()
    with torch.no_grad():
        for name, parameter in moved.named_parameters():
            across, up = (direction[name] for direction in surface.directions)
            assert across.dtype == torch.float32
            parameter.copy_((parameter.float() + y * up) + x * across)
        own = float(moved(**data).loss)
    assert surface["loss"][0, 2] == pytest.approx(own, rel=1e-6)


IN_PLACE = {
    "float32": {},
    "autocast": {"autocast": torch.bfloat16},
    "in parts": {"places": PARTS},
    "bfloat16": {"stored": torch.bfloat16},
    "checkpoints": {"checkpoints": True},
}


@pytest.mark.parametrize("how", IN_PLACE)
def test_in_place_it_is_the_same_plane(how):
    def made(stored=torch.float32, places=None, checkpoints=False, **_):
        model = llama().to(stored)
        if checkpoints:
            enable_checkpoints(model)
        return dispatch_model(model, places, main_device="cpu", force_hooks=True) if places else model

    options = {name: value for name, value in IN_PLACE[how].items() if name == "autocast"}
    copied = computed(made(**IN_PLACE[how]), text(), **options)
    model = made(**IN_PLACE[how])
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    here = computed(model, text(), copy=False, **options)
    np.testing.assert_allclose(here["loss"], copied["loss"], rtol=1e-6)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


def test_the_share_of_a_step_that_bfloat16_loses_is_told_at_the_door_and_is_that_measured():
    """Beside the table of test_rounding.py: weights of a transformer, along directions as they are drawn."""
    model = llama().to(torch.bfloat16)
    rounding = computed(model, text()).settings["rounding"]
    assert rounding["dtype"] == "bfloat16"
    lost = dict(zip((round(step, 6) for step in rounding["steps"]), rounding["lost"], strict=True))
    for step, measured in {1e-3: 0.8, 1e-2: 0.17, 1e-1: 0.017, 1.0: 0.002}.items():
        assert lost[step] == pytest.approx(measured, rel=0.2)


def test_the_page_on_large_models_is_right_about_those():
    page = (ROOT / "docs" / "large-models.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```py\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    adapted = get_peft_model(llama(), LoraConfig(r=2, target_modules=["q_proj"], task_type="CAUSAL_LM"))
    small = SimpleNamespace(explore=partial(lw.explore, resolution=5), batch_loss=lw.batch_loss)
    names = {"lw": small, "F": F, "model": llama(), "adapted": adapted, "loss": LOSS, "batches": [text()]}
    for example in examples:
        shown = []
        for line in ast.parse(example).body:
            code = ast.unparse(line)
            if code.startswith("lw.explore("):
                shown.append(eval(code, names))
            else:
                exec(code, names)
        for widget in shown:
            assert widget.wait().is_done
            widget.close()
    assert len(examples) == 3
