"""Holds Rasa's YAML and our Python together."""

import importlib
import pkgutil
import re

import pytest
from rasa_sdk import Action
from ruamel.yaml import YAML

import actions
from bot.content import faq
from bot.settings import ROOT


def every_file(folder: str, pattern: str) -> str:
    return "\n".join(path.read_text() for path in (ROOT / folder).glob(pattern))


def subclasses(cls: type) -> set[type]:
    found: set[type] = set(cls.__subclasses__())
    return found | {below for each in found for below in subclasses(each)}


@pytest.fixture(scope="module")
def domain():
    return YAML(typ="safe").load((ROOT / "domain.yml").read_text())


@pytest.fixture(scope="module")
def spoken():
    """Return all the text in which a response or an action may be named."""
    return every_file("actions", "*.py") + every_file("data/rules", "*.yml")


def named_actions() -> set[str]:
    for module in pkgutil.iter_modules(actions.__path__):
        importlib.import_module(f"actions.{module.name}")
    ours = [cls for cls in subclasses(Action) if cls.__module__.startswith("actions.")]
    return {str(cls().name()) for cls in ours}


def test_each_action_of_the_domain_has_a_class_and_the_reverse(domain):
    assert set(domain["actions"]) == named_actions()


def test_each_response_is_used(domain, spoken):
    slots = {f"utter_ask_{name}" for name in domain["slots"]}
    small_talk = {f"utter_{intent}" for intent in domain["intents"]}

    unused = [
        name
        for name in domain["responses"]
        if name not in spoken and name not in slots | small_talk
    ]
    assert unused == []


def test_each_response_that_is_said_exists(domain, spoken):
    of_rasa = {"utter_", "utter_message", "utter_action"}
    said = set(re.findall(r"\butter_\w+", spoken)) - of_rasa
    answers = {f"utter_faq/{topic}" for topic in faq.load(ROOT / "data")}

    missing = said - set(domain["responses"]) - {"utter_faq"}
    assert missing == set()
    assert not answers & set(domain["responses"])


def test_each_intent_of_a_payload_is_in_the_domain(domain, spoken):
    texts = spoken + (ROOT / "domain.yml").read_text()
    payloads = set(re.findall(r"[\"' ]/([a-z_]+)(?=[\"'{} ])", texts))

    assert payloads - set(domain["intents"]) == set()


def test_each_form_has_its_reader(domain):
    readers = {f"validate_{name}" for name in domain["forms"]}

    assert readers <= set(domain["actions"])
