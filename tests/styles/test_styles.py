"""Code as tutorials and course work write it: each is read as it is meant, with the right verdict for the right reason.

Every file beside this one is a style. A line says what names the target, the verdict, how it is read, and why it is
wrong or what else has to be said; `UNLISTED` names what a file holds besides.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from actcheck import run
from actcheck.model import CheckSpec, Outcome, Reading, Report
from actcheck.reports import verdict
from actcheck.targets.pairs import answers

HERE = Path(__file__).parent

OK, WRONG, WARNED = Outcome.PASSED, Outcome.FAILED, Outcome.WARNED
CHOSEN = Reading()
OF_OUTPUT, COLUMNS, SINGLE = (
    Reading(derivative_of="output"),
    Reading(samples="columns"),
    Reading(samples="single"),
)

LINEAR = "is linear in its argument `{}`: it takes a cotangent"
ITSELF = "is not linear in its argument `x`: it is the derivative itself"
AS_FUNCTIONS, AS_METHODS, AS_PASSES = "read as functions", "read as methods", "read as forward and backward"

STYLES = [
    # Plain functions, by naming habit.
    ("tutorial_functions.py:sigmoid", CHOSEN, OK, "`sigmoid` is the value, `sigmoid_prime` the derivative", ""),
    ("tutorial_functions.py:relu", CHOSEN, OK, "`relu` is the value, `d_relu` the derivative", ""),
    ("tutorial_functions.py:tanh", CHOSEN, OK, AS_FUNCTIONS, ""),
    ("tutorial_functions.py:leaky_relu", CHOSEN, OK, AS_FUNCTIONS, ""),
    ("tutorial_functions.py:logistic", CHOSEN, WRONG, AS_FUNCTIONS, "it is right with --derivative-of output"),
    ("tutorial_functions.py:logistic", OF_OUTPUT, OK, "the derivative is given the value f(x)", ""),
    ("tutorial_functions.py:ramp", CHOSEN, WRONG, AS_FUNCTIONS, "the value f(x) is returned in place of its"),
    ("tutorial_functions.py:identity_ramp", CHOSEN, WRONG, AS_FUNCTIONS, "the input x is returned in place of"),
    ("tutorial_functions.py:hyperbolic", CHOSEN, WRONG, AS_FUNCTIONS, "this is the gradient of tanh, not of sigmoid"),
    ("tutorial_functions.py:softmax", CHOSEN, WRONG, AS_FUNCTIONS, "only the diagonal is given"),
    ("tutorial_functions.py:elu", CHOSEN, WRONG, AS_FUNCTIONS, "the gradient writes into its input"),
    ("tutorial_functions.py:softmax_of_all", CHOSEN, WRONG, AS_FUNCTIONS, "normalised over the whole batch"),
    ("tutorial_functions.py:softmax_axis", CHOSEN, WRONG, AS_FUNCTIONS, "normalised over the wrong axis"),
    ("tutorial_functions.py:softsign", CHOSEN, WRONG, AS_FUNCTIONS, "as np.diagflat gives"),
    # A switch.
    ("switches.py:sigmoid", CHOSEN, OK, "`sigmoid(..., derivative=True)` the derivative", ""),
    ("switches.py:tanh", CHOSEN, OK, "`tanh(..., deriv=True)` the derivative", ""),
    ("switches.py:nonlin", CHOSEN, WRONG, "read as a switch", "it is right with --derivative-of output"),
    ("switches.py:nonlin", OF_OUTPUT, OK, "read as a switch", ""),
    ("switches.py:Swish", CHOSEN, OK, "`__call__(..., derivative=True)` the derivative", ""),
    ("switches.py:Softsign", CHOSEN, WRONG, "read as a switch", "the term x u'(x) is missing"),
    ("switches.py:Activations.relu", CHOSEN, OK, "`relu(..., derivative=True)` the derivative", ""),
    ("switches.py:Activations.tanh", CHOSEN, WRONG, "read as a switch", "it is right with --derivative-of output"),
    ("switches.py:Network.sigmoid", CHOSEN, OK, "an object that is not initialised is used", ""),
    ("switches.py:Network.tanh", CHOSEN, OK, "read as a switch", ""),
    # Static and class methods, and methods without `self`.
    ("static_classes.py:Sigmoid", CHOSEN, OK, "`fn` is the value, `prime` the derivative", ""),
    ("static_classes.py:Tanh", CHOSEN, OK, "`f` is the value, `df` the derivative", ""),
    ("static_classes.py:ReLU", CHOSEN, OK, "`activate` is the value, `derivative` the derivative", ""),
    ("static_classes.py:Softplus", CHOSEN, WARNED, "`apply` is the value, `diff` the derivative", "overflow"),
    ("static_classes.py:Identity", CHOSEN, OK, "`function` is the value, `deriv` the derivative", ""),
    ("static_classes.py:OfOutput", CHOSEN, WRONG, AS_METHODS, "it is right with --derivative-of output"),
    ("static_classes.py:Wrong", CHOSEN, WRONG, AS_METHODS, "the input x is returned in place of a derivative"),
    # A class of many.
    ("activation_zoo.py:Activations.sigmoid", CHOSEN, OK, AS_METHODS, ""),
    ("activation_zoo.py:Activations.relu", CHOSEN, WRONG, AS_METHODS, "the input x is returned in place of"),
    ("activation_zoo.py:NeuralNetwork.tanh", CHOSEN, OK, "an object that is not initialised is used", ""),
    # Caches, handed from one function to the other.
    ("coursework_caches.py:sigmoid", CHOSEN, OK, "`dA` a cotangent, `cache` what the value returns besides", ""),
    ("coursework_caches.py:relu_forward", CHOSEN, OK, "`dout` a cotangent, `cache` what the value returns", ""),
    ("coursework_caches.py:tanh", CHOSEN, OK, "`dA` a cotangent, `Z` the input", ""),
    ("coursework_caches.py:softmax", CHOSEN, OK, "`dA` a cotangent, `A` the value", ""),
    ("coursework_caches.py:elu_forward", CHOSEN, WRONG, AS_FUNCTIONS, "writes into its argument `dout`"),
    ("coursework_caches.py:softplus_forward", CHOSEN, WRONG, AS_FUNCTIONS, "not linear in its argument `dout`"),
    # What is handed over is what the author hands over, not what would be right.
    ("handed_wrongly.py:sigmoid", CHOSEN, WRONG, "`Z` the input", "it is right with --derivative-of output"),
    ("handed_wrongly.py:sigmoid", OF_OUTPUT, OK, "the derivative is given the value f(x)", ""),
    ("handed_wrongly.py:tanh", CHOSEN, WRONG, "`x` the input", "it is right with --derivative-of output"),
    ("handed_wrongly.py:logistic", CHOSEN, WRONG, "`cache` what the value returns", "expressed in the output"),
    ("handed_wrongly.py:hyperbolic", CHOSEN, WRONG, "`cache` what the value returns", "evaluated at the output"),
    ("handed_wrongly.py:bell", CHOSEN, WRONG, AS_FUNCTIONS, "for *: 'float' and 'dict'"),
    ("handed_wrongly.py:ForgetsTranspose", CHOSEN, WRONG, LINEAR.format("g"), "by W instead of its transpose"),
    # Borders where `math` raises.
    ("borders_with_math.py:Arcsine", CHOSEN, OK, "outside -1 ... 1 the value raises ValueError: math domain", ""),
    ("borders_with_math.py:Arccosine", CHOSEN, OK, "--domain -1 1 declares it", "where the slope is infinite"),
    ("borders_with_math.py:WrongArccosine", CHOSEN, WRONG, "--domain -1 1 declares it", "the sign is flipped"),
    (
        "borders_with_math.py:Artanh",
        CHOSEN,
        OK,
        "17 of 40 are left out for others inside",
        "domain: ok, raises outside",
    ),
    ("borders_with_math.py:logit", CHOSEN, OK, "--domain 0 1 declares it", "domain: ok, raises outside"),
    ("borders_with_math.py:entropy", CHOSEN, WRONG, "--domain 0 1 declares it", "the sign is flipped"),
    ("borders_with_math.py:Pressure", CHOSEN, OK, "outside 50 ... 51 the value raises ValueError: measured", ""),
    (
        "borders_with_math.py:Arc",
        CHOSEN,
        OK,
        "outside 50 ... 51 the value is NaN: of the usual random numbers 40 of",
        "",
    ),
    ("borders_with_math.py:LambertW", CHOSEN, OK, "add --domain -0.3678794411714424 inf", ""),
    ("borders_with_math.py:sinc", CHOSEN, WRONG, "read as functions", "the gradient raises at x = 0"),
    # Columns, one at a time; NumPy's own function as a value.
    ("column_vectors.py:WrongSoftmax", CHOSEN, WRONG, "samples are handed over one at a time", ""),
    ("column_vectors.py:Softmax", CHOSEN, OK, "samples are handed over one at a time, as columns (n, 1)", ""),
    ("column_vectors.py:squash", CHOSEN, OK, "samples are handed over one at a time, as columns (n, 1)", ""),
    ("column_vectors.py:wrong_squash", CHOSEN, WRONG, AS_FUNCTIONS, ""),
    ("column_vectors.py:wrong_squash", SINGLE, WRONG, "one at a time, as columns (n, 1)", "the right one times 2"),
    ("column_vectors.py:Softmax", SINGLE, OK, "samples are handed over one at a time, as columns (n, 1)", ""),
    ("column_vectors.py:WrongSoftmax", SINGLE, WRONG, "samples are handed over one at a time", ""),
    ("column_vectors.py:squash", SINGLE, OK, "samples are handed over one at a time, as columns (n, 1)", ""),
    ("column_vectors.py:tanh", CHOSEN, OK, "`tanh` is the value, `tanh_prime` the derivative", ""),
    # A narrow type inside: its roles are told all the same.
    ("narrow_types.py:Tanh", CHOSEN, Outcome.UNRESOLVED, LINEAR.format("g"), ""),
    ("narrow_types.py:WrongTanh", CHOSEN, WRONG, LINEAR.format("g"), ""),
    # Training and evaluation.
    ("training_modes.py:Dropout", CHOSEN, OK, "`forward` needs `training`, and is given False, as in evaluation", ""),
    ("training_modes.py:DropoutByDefault", CHOSEN, WRONG, "--train-flg false asks for evaluation", "as dropout is"),
    ("training_modes.py:Tanh", CHOSEN, WRONG, "`forward` needs `is_training`", ""),
    ("training_modes.py:ReLU", CHOSEN, OK, "`__call__` needs `training`, and is given False", ""),
    ("training_modes.py:relu", CHOSEN, OK, "`__call__` needs `training`, and is given False", ""),
    ("training_modes.py:rrelu", CHOSEN, OK, "needs `mode`, and is given 'test', as in evaluation", ""),
    # Layers with state.
    ("layers_with_state.py:Sigmoid", CHOSEN, OK, LINEAR.format("dout"), ""),
    ("layers_with_state.py:ReLU", CHOSEN, OK, LINEAR.format("dout"), ""),
    ("layers_with_state.py:Softmax", CHOSEN, OK, LINEAR.format("grad"), ""),
    ("layers_with_state.py:Tanh", CHOSEN, OK, ITSELF, ""),
    ("layers_with_state.py:Square", CHOSEN, OK, "`backward` is the derivative itself: it is linear in `x`", ""),
    ("layers_with_state.py:Softplus", CHOSEN, WARNED, "`backward` is read after a forward pass", "overflow"),
    ("layers_with_state.py:Swish", CHOSEN, OK, "`input` the input, `grad_output` a cotangent", ""),
    ("layers_with_state.py:Gaussian", CHOSEN, OK, "`gradient` is read after a forward pass", ""),
    (
        "layers_with_state.py:FusedSoftmax",
        CHOSEN,
        WRONG,
        LINEAR.format("grad"),
        "the loss is fused with the activation",
    ),
    ("layers_with_state.py:NeverSaved", CHOSEN, WRONG, AS_PASSES, "`forward` saves nothing on the object"),
    ("layers_with_state.py:NeverSavedItself", CHOSEN, WRONG, AS_PASSES, "`forward` saves nothing on the object"),
    ("layers_with_state.py:SavedOnce", CHOSEN, WRONG, AS_PASSES, "uses what an earlier one has saved"),
    ("layers_with_state.py:SavedOnceItself", CHOSEN, WRONG, AS_PASSES, "uses what an earlier one has saved"),
    ("layers_with_state.py:StaleDerivative", CHOSEN, WRONG, AS_METHODS, "state of an earlier call is used"),
    ("layers_with_state.py:OverwritesCotangent", CHOSEN, WRONG, AS_PASSES, "writes into its argument `dout`"),
    ("layers_with_state.py:OverwritesValue", CHOSEN, WRONG, AS_PASSES, "writes into the value that `forward` has"),
    ("layers_with_state.py:ForgetsChainRule", CHOSEN, WRONG, "ignores its argument `dout`", "by the chain rule"),
    ("layers_with_state.py:MasksTheGradient", CHOSEN, WRONG, AS_PASSES, "is not linear in its argument `dout`"),
    ("layers_with_state.py:DiagonalSoftmax", CHOSEN, WRONG, LINEAR.format("grad"), "only the diagonal is given"),
    # Layers with parameters.
    ("layers_with_parameters.py:Affine", CHOSEN, OK, "parameter `W` with its gradient in `dW`", ""),
    (
        "layers_with_parameters.py:Linear",
        CHOSEN,
        WARNED,
        "parameter `weight` with its gradient in `grad_weight`",
        "in `grad_weight`, `grad_bias`: set it to zero before each",
    ),
    ("layers_with_parameters.py:Dictionaries", CHOSEN, OK, "`params['W']` with its gradient in `grads['W']`", ""),
    ("layers_with_parameters.py:Lists", CHOSEN, OK, "parameter `params[1]` with its gradient in `grads[1]`", ""),
    ("layers_with_parameters.py:PReLU", CHOSEN, OK, "parameter `slope` with its gradient in `slope_grad`", ""),
    ("layers_with_parameters.py:Unnamed", CHOSEN, OK, "parameter `b` with its gradient in `db`", ""),
    (
        "layers_with_parameters.py:Unnamed",
        Reading(parameters=("W=update",)),
        WRONG,
        "parameter `W` with its gradient in `update`",
        "d/dW: 6 wrong",
    ),
    ("layers_with_parameters.py:ForgetsBatch", CHOSEN, WRONG, AS_PASSES, "d/db: 2 wrong"),
    ("layers_with_parameters.py:Averages", CHOSEN, WRONG, AS_PASSES, "`dW` is the mean over the batch of 8"),
    ("layers_with_parameters.py:TransposedWeights", CHOSEN, WRONG, AS_PASSES, "d/dW: 6 wrong"),
    ("layers_with_parameters.py:WrongShape", CHOSEN, WRONG, AS_PASSES, "`db` has shape (8, 2), `b` (2,)"),
    (
        "layers_with_parameters.py:NoGradients",
        CHOSEN,
        OK,
        AS_PASSES,
        "`b`: no gradient found; name one with --parameter",
    ),
    ("layers_with_parameters.py:ScalarBias", CHOSEN, WRONG, AS_PASSES, "`db` has shape (), `b` (2,)"),
    (
        "layers_with_parameters.py:Returned",
        CHOSEN,
        WRONG,
        "`b` with its gradient in `backward(...)[2]`",
        "d/db: 2 wrong",
    ),
    (
        "layers_with_parameters.py:LearnedSlope",
        CHOSEN,
        OK,
        "parameter `alpha` with its gradient in `dalpha`",
        "d/dalpha",
    ),
    ("layers_with_parameters.py:Raises", CHOSEN, WRONG, AS_PASSES, "NameError: name 'dZ' is not defined"),
    ("layers_with_parameters.py:Leaky", CHOSEN, OK, "taken for a constant: `alpha`", ""),
    ("layers_with_parameters.py:Nested", CHOSEN, WRONG, "`layers[0].W` with its", "d/dlayers[1].W: 8 wrong"),
    # Passes that return nothing.
    ("nnfs_book.py:Activation_ReLU", CHOSEN, OK, "`backward` returns nothing: what it leaves in `dinputs`", ""),
    ("nnfs_book.py:Activation_Sigmoid", CHOSEN, OK, "`forward` returns nothing: what it leaves in `output`", ""),
    ("nnfs_book.py:Activation_Softmax", CHOSEN, OK, LINEAR.format("dvalues"), ""),
    ("nnfs_book.py:Layer_Dense", CHOSEN, OK, "parameter `weights` with its gradient in `dweights`", ""),
    ("nnfs_book.py:ReLU_Without_Copy", CHOSEN, WRONG, AS_PASSES, "writes into its argument `dvalues`"),
    ("nnfs_book.py:Dense_Forgets_Sum", CHOSEN, WRONG, AS_PASSES, "d/dbiases: 2 wrong"),
    # A step size.
    ("step_sizes.py:Dense", CHOSEN, OK, LINEAR.format("output_gradient"), ""),
    ("step_sizes.py:Tanh", CHOSEN, OK, LINEAR.format("output_gradient"), ""),
    ("step_sizes.py:DenseWithRate", CHOSEN, OK, "its `learning_rate` is set to 0", ""),
    ("step_sizes.py:MovesAlways", CHOSEN, WRONG, AS_PASSES, "it moves the layer's own weights"),
    (
        "step_sizes.py:Dense",
        CHOSEN,
        OK,
        "`weights` with its gradient in the step that `backward` takes",
        "d/dweights: ok",
    ),
    ("step_sizes.py:MovesFirst", CHOSEN, WRONG, AS_PASSES, "it moves the weights before it has used them"),
    ("step_sizes.py:SquaresError", CHOSEN, OK, "is given 0 for its step size", "d/dweights: not checked"),
    ("step_sizes.py:Wrong", CHOSEN, WRONG, AS_PASSES, "the gradient is 1 - f with f = f(x); right is 1 - f²"),
    ("step_sizes.py:Passes", CHOSEN, OK, LINEAR.format("error"), ""),
    ("step_sizes.py:WrongPasses", CHOSEN, WRONG, AS_PASSES, "the gradient is 1 - f with f = f(x); right is 1 - f²"),
    ("step_sizes.py:Network.forward_propagation", CHOSEN, OK, LINEAR.format("error"), ""),
    ("step_sizes.py:Network.sigmoid", CHOSEN, OK, AS_METHODS, ""),
    ("step_sizes.py:SizedNetwork.sigmoid", CHOSEN, OK, "an object that is not initialised is used", ""),
    ("step_sizes.py:OneSample", CHOSEN, WRONG, AS_PASSES, "it is right with --samples single"),
    ("step_sizes.py:OneSample", SINGLE, OK, "`b` with its gradient in the step that `backward` takes", "d/dW: ok"),
    ("step_sizes.py:OneSampleOfTanh", CHOSEN, WRONG, AS_PASSES, "it is right with --samples single"),
    ("step_sizes.py:OneSampleOfTanh", SINGLE, OK, "`W` with its gradient in the step that", "d/dW: ok"),
    ("step_sizes.py:OneSampleMovesTwice", SINGLE, WRONG, AS_PASSES, "d/dW: 6 wrong"),
    ("step_sizes.py:OneSampleMovesFirst", SINGLE, WRONG, AS_PASSES, "it moves the weights before it has used them"),
    ("step_sizes.py:OneRow", CHOSEN, WRONG, "", "it is right with --samples single"),
    ("step_sizes.py:OneRow", SINGLE, OK, "samples are handed over one at a time, as rows (1, n)", "d/dbias: ok"),
    ("step_sizes.py:OneRowTwice", SINGLE, WRONG, LINEAR.format("output_error"), "d/dweights: 8 wrong"),
    # Rows that belong together.
    ("batch_norm.py:BatchNorm", CHOSEN, WRONG, AS_PASSES, "actcheck verify --rows coupled takes them so"),
    ("batch_norm.py:BatchNorm", CHOSEN, WRONG, AS_PASSES, "it is right with --rows coupled"),
    ("batch_norm.py:ForgetsVariance", CHOSEN, WRONG, AS_PASSES, "actcheck verify --rows coupled takes them so"),
    # Numbers, and vectors as lists.
    ("scalars_with_math.py:sigmoid", CHOSEN, WARNED, "numbers are handed over one at a time", "avoidable overflow"),
    ("scalars_with_math.py:relu", CHOSEN, OK, "numbers are handed over one at a time", ""),
    ("scalars_with_math.py:gelu", CHOSEN, WRONG, "numbers are handed over one at a time", "times 1.4142136 = √2"),
    ("scalars_with_math.py:leaky", CHOSEN, OK, "samples are handed over one at a time, as (n,)", ""),
    ("scalars_with_math.py:softmax", CHOSEN, OK, "samples are handed over one at a time, as (n,)", ""),
    # Value and gradient together.
    ("value_and_gradient.py:sphere", CHOSEN, OK, "read as a function that returns both", ""),
    ("value_and_gradient.py:rosenbrock", CHOSEN, OK, "samples are handed over one at a time, as (n,)", ""),
    ("value_and_gradient.py:softplus", CHOSEN, WARNED, "read as a function that returns both", "overflow"),
    ("value_and_gradient.py:quartic", CHOSEN, WRONG, "read as a function that returns both", "times 3/4"),
    ("value_and_gradient.py:himmelblau", CHOSEN, OK, "samples are handed over one at a time, as (n,)", ""),
    # Columns, and the transposed Jacobian.
    ("columns_course.py:softmax", CHOSEN, WRONG, AS_FUNCTIONS, "it is right with --samples columns"),
    ("columns_course.py:softmax", COLUMNS, OK, "a batch is handed over as columns", ""),
    ("columns_course.py:Dense", CHOSEN, WRONG, AS_PASSES, "it is right with --samples columns"),
    ("columns_course.py:Dense", COLUMNS, OK, "parameter `W` with its gradient in `dW`", ""),
    ("columns_course.py:ColumnSoftmax", CHOSEN, WRONG, AS_PASSES, "it is right with --samples columns"),
    ("columns_course.py:ColumnSoftmax", COLUMNS, OK, LINEAR.format("dA"), ""),
    ("columns_course.py:GLU", CHOSEN, WRONG, "", "it is taken with --layout in-out"),
    # One sample.
    ("one_sample.py:softmax", CHOSEN, WRONG, AS_FUNCTIONS, "it is right with --samples single"),
    ("one_sample.py:softmax", SINGLE, OK, "samples are handed over one at a time, as (n,)", ""),
    ("one_sample.py:softmax_of_output", CHOSEN, WRONG, AS_FUNCTIONS, "with --samples single --derivative-of output"),
    ("one_sample.py:normalize", CHOSEN, OK, "samples are handed over one at a time, as (n,)", ""),
    # Networks from scratch.
    ("course_networks.py:Tanh", CHOSEN, OK, LINEAR.format("output_gradient"), ""),
    ("course_networks.py:Sigmoid", CHOSEN, WRONG, LINEAR.format("output_gradient"), "the value f(x) is returned"),
    ("course_networks.py:TiledSoftmax", CHOSEN, OK, "samples are handed over one at a time, as columns (n, 1)", ""),
    ("course_networks.py:phi", CHOSEN, OK, "`phi` is the value, `dphi_dv` the derivative", ""),
    ("course_networks.py:psi", CHOSEN, WRONG, "`psi` is the value, `dpsi_du` the derivative", ""),
    ("course_networks.py:nonlin", CHOSEN, OK, "own default act = 'sin'; --act WORD asks for another", ""),
    # One input, one output.
    ("one_column.py:OneToOne", CHOSEN, OK, "parameter `b` with its gradient in `backward(...)[2]`", "d/dw: ok"),
    ("one_column.py:OneOut", CHOSEN, OK, "parameter `b` with its gradient in `backward(...)[2]`", "d/db: ok"),
    ("one_column.py:OneOutSquare", CHOSEN, OK, "parameter `b` with its gradient in `backward(...)[2]`", "d/db: ok"),
    (
        "one_column.py:WrongBias",
        CHOSEN,
        WRONG,
        "parameter `b` with its gradient in `backward(...)[2]`",
        "d/db: 1 wrong",
    ),
    (
        "one_column.py:Accumulates",
        CHOSEN,
        WARNED,
        "parameter `b` with its gradient in `db`",
        "a second backward pass adds its gradient to that of the first, in `dw`, `db`: set it to zero before each",
    ),
    (
        "one_column.py:AccumulatesOnPurpose",
        CHOSEN,
        OK,
        "parameter `b` with its gradient in `db`",
        "in `dw`, `db`: `zero_grad` is there to be called before",
    ),
    ("one_column.py:AccumulatesWrong", CHOSEN, WRONG, "parameter `b` with its gradient in `db`", "d/db: 1 wrong"),
    # What the user names.
    ("second_derivatives.py:Tanh", CHOSEN, OK, "", ""),
    ("second_derivatives.py:Tanh", Reading(value="gradient", derivative="second"), OK, "read as named", ""),
    ("second_derivatives.py:Tanh", Reading(value="gradient", derivative="curvature"), WRONG, "read as named", "sign"),
    ("second_derivatives.py:value", Reading(gradient="slope"), OK, "`value` is the value, `slope` the derivative", ""),
    ("second_derivatives.py:value", Reading(gradient="second_derivatives.py:slope"), OK, AS_FUNCTIONS, ""),
]

UNLISTED = {
    "course_networks.py": {"Activation"},
    # Each word is a function of its own: see tests/targets/test_dispatch.py.
    "dispatch.py": {
        *("activation", "act", "of", "f", "nonlin", "Activations", "Layer"),
        *("unreadable", "leaky", "elu", "mse"),
    },
    "second_derivatives.py": {"value", "slope"},
    "step_sizes.py": {"Layer", "Activation", "OfAnySize", "SizedNetwork.forward_propagation"},
}


def _told(report: Report) -> str:
    lines = [f"{check.name}: {check.summary}" for check in report.checks]
    lines += [finding.message for finding in report.findings]
    return "\n".join((*lines, *(each.sentence for each in report.diagnoses)))


@pytest.fixture(autouse=True)
def _beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)


@pytest.mark.parametrize(
    ("target", "reading", "outcome", "read", "reason"),
    STYLES,
    ids=[f"{target}-{outcome.value}-{at}" for at, (target, _, outcome, _, _) in enumerate(STYLES)],
)
def test_it_is_read_as_intended_with_the_right_verdict_and_reason(
    target: str, reading: Reading, outcome: Outcome, read: str, reason: str
) -> None:
    report = run.check_target(CheckSpec(target, reading=reading))
    assert report.outcome is outcome, _told(report)
    assert read in "\n".join(report.notes)
    assert reason in _told(report)


@pytest.mark.parametrize(
    ("target", "parameters", "outcome"),
    [
        ("DropoutByDefault", (("train_flg", False),), OK),
        ("Dropout", (("training", True), ("p", 0.2)), WRONG),
        ("Dropout", (("training", False), ("p", 0.2)), OK),
        ("relu", (("training", True),), OK),
        ("rrelu", (("mode", "train"),), WRONG),
    ],
)
def test_what_tells_training_from_evaluation_can_be_given(
    target: str, parameters: tuple[tuple[str, object], ...], outcome: Outcome
) -> None:
    report = run.check_target(CheckSpec(f"training_modes.py:{target}", parameters))
    assert report.outcome is outcome, _told(report)
    assert "as in evaluation" not in "\n".join(report.notes)


@pytest.mark.parametrize(
    "file", sorted(path.name for path in HERE.glob("*.py") if not path.name.startswith(("_", "t")))
)
def test_every_style_is_listed(file: str) -> None:
    module = importlib.import_module(f"tests.styles.{file.removesuffix('.py')}")
    there = {each.attribute for each in answers(module)}
    listed = {target.partition(":")[2] for target, *_ in STYLES if target.startswith(f"{file}:")}
    assert there - listed == UNLISTED.get(file, set()) - listed


def test_there_are_a_dozen_styles_with_right_and_wrong_code() -> None:
    files = {target.partition(":")[0] for target, *_ in STYLES}
    wrong = {target.partition(":")[0] for target, _, outcome, _, _ in STYLES if outcome is WRONG}
    assert len(files) >= 12
    assert files == wrong


@pytest.mark.parametrize("width", [3, 7, 19, 33, 64])
def test_a_width_that_a_constructor_is_given_is_found(width: int) -> None:
    spec = CheckSpec("step_sizes.py:OfAnySize", parameters=(("input_size", width), ("output_size", 2)))
    report = run.check_target(spec)
    assert report.outcome is OK, _told(report)
    assert report.inputs == width
    assert f"checked at width {width}" in "\n".join(report.notes)


def test_what_is_not_checked_is_said_in_the_last_line_and_fails_strictly() -> None:
    report = run.check_target(CheckSpec("layers_with_parameters.py:NoGradients"))
    assert report.passed
    assert report.unchecked == ("W", "b")
    assert verdict.text(report).endswith("; parameters `W`, `b` not checked")
    assert not run.check_target(CheckSpec("layers_with_parameters.py:NoGradients", strict=True)).passed


def test_what_a_backward_pass_raises_is_told_at_a_width_that_the_layer_takes() -> None:
    report = run.check_target(CheckSpec("layers_with_parameters.py:Raises"))
    assert _told(report).startswith("contract: 1 broken\nthe gradient raises on a batch of (8, 3): NameError")


def test_a_layer_that_moves_itself_is_not_said_to_be_random() -> None:
    report = run.check_target(CheckSpec("step_sizes.py:MovesAlways"))
    assert "random" not in _told(report)
    assert "gradient: not run: contract broken" in _told(report)
