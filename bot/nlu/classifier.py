"""The one trainable NLU component of the Rasa pipeline."""

from __future__ import annotations

import inspect
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import rasa.shared.utils.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import (
    RESPONSE_SELECTOR_PREDICTION_KEY,
    RESPONSE_SELECTOR_PROPERTY_NAME,
    RESPONSE_SELECTOR_RANKING_KEY,
    RESPONSE_SELECTOR_RESPONSES_KEY,
    RESPONSE_SELECTOR_RETRIEVAL_INTENTS,
    RESPONSE_SELECTOR_UTTER_ACTION_KEY,
)
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.nlu.training_data.util import intent_response_key_to_template_key

import bot.nlu.danger
import bot.nlu.encoder
import bot.nlu.examples
import bot.nlu.head
import bot.nlu.hindi
import bot.nlu.learning
import bot.nlu.nearness
import bot.nlu.slips
import bot.nlu.spelling
import bot.nlu.understand
from bot.nlu.danger import Danger
from bot.nlu.encoder import Encoder, readable
from bot.nlu.encoder_files import encoder_folder, verified_model_sha256
from bot.nlu.examples import is_kept_back, told
from bot.nlu.head import Head
from bot.nlu.learning import Settings, learn, learn_danger
from bot.nlu.spelling import Speller
from bot.nlu.understand import (
    DANGER_ARRAYS,
    DANGER_PLAIN,
    HEAD_ARRAYS,
    HEAD_PLAIN,
    WORDS,
    Parsed,
    Understanding,
)
from bot.settings import ROOT

RESPONSES = "responses.json"
LEARNT_BY = (
    bot.nlu.danger,
    bot.nlu.encoder,
    bot.nlu.examples,
    bot.nlu.head,
    bot.nlu.hindi,
    bot.nlu.learning,
    bot.nlu.nearness,
    bot.nlu.slips,
    bot.nlu.spelling,
    bot.nlu.understand,
)
SIMILARITY, WORRYING, ALSO_ASKED = "similarity", "worrying", "also_asked"
BESIDE = "beside"
# What the desk names beside a message that suggests a question of the screening.
RAISED = "raised"
_RAISE_QUESTION = "raise_question"
_MORE_PRESSING = ("report_emergency", "crisis")
# How many intents and topics a message's parse lists.
RANKING_LENGTH = 10

Answers = dict[str, list[dict[str, Any]]]


def _folder(config: dict[str, Any]) -> Path:
    return Path(config["encoder"]) if config.get("encoder") else encoder_folder()


def _told(config: dict[str, Any]) -> list[tuple[str, str]]:
    return list(told(ROOT / config["danger"])) if config.get("danger") else []


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class SentenceIntent(GraphComponent, IntentClassifier):
    """Classifies intents and FAQ topics in one step, and says when it is unsure.

    Keys in config.yml, all optional:
        encoder: the encoder's folder; by default the built one in the data folder.
        danger: the folder of messages that teach danger, in the project's root;
            without it the safety intents' probabilities decide.
        sharpness, ridge, cosine_weight, alarm, worry, keep: how to learn; see
            `bot.nlu.learning.Settings`.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        understanding: Understanding | None = None,
        answers: Answers | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._understanding = understanding
        self._answers = answers or {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return every key and its default."""
        settings = {field.name: field.default for field in fields(Settings)}
        return {"encoder": None, "danger": None, **settings}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Let Rasa train anew when the encoder or the way of learning is another."""
        code = [inspect.getsource(module) for module in LEARNT_BY]
        messages = [f"{label} {text}" for text, label in _told(config)]
        facts = [verified_model_sha256(_folder(config)), *code, bot.nlu.hindi.LEXICON]
        return "\0".join([*facts, *messages])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceIntent:
        """Return an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceIntent:
        """Return the trained component.

        Raises:
            WrongModel: trained with another encoder than the one at hand.
        """
        with model_storage.read_from(resource) as folder:
            head = Head.load(folder / HEAD_ARRAYS, (folder / HEAD_PLAIN).read_text())
            if (folder / DANGER_ARRAYS).exists():
                numbers = (folder / DANGER_PLAIN).read_text()
                danger = Danger.load(folder / DANGER_ARRAYS, numbers)
                head = replace(head, danger=danger)
            understanding = Understanding.of(
                head, (folder / WORDS).read_text(), _folder(config)
            )
            answers = rasa.shared.utils.io.read_json_file(folder / RESPONSES)
        return cls(config, model_storage, resource, understanding, answers)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples; seconds, and the same result every time."""
        examples = [
            message
            for message in training_data.intent_examples
            if message.get(TEXT) and message.get(INTENT)
        ]
        texts = [message.get(TEXT) for message in examples]
        encoder = Encoder.open(_folder(self._config))
        settings = Settings(
            **{field.name: self._config[field.name] for field in fields(Settings)}
        )
        labels = [message.get_full_intent() for message in examples]
        fresh = [is_kept_back(text) for text in texts]
        speller = Speller.of(texts)
        # As a visitor's message will be read.
        vectors = encoder.encode_many(
            [speller.repair(readable(text)) for text in texts]
        )
        head, _ = learn(vectors, labels, settings, fresh)
        messages = list(_told(self._config))
        if messages:
            repaired = [speller.repair(readable(text)) for text, _ in messages]
            more = encoder.encode_many(repaired)
            meant = [label for _, label in messages]
            danger = learn_danger(vectors, labels, more, meant, settings)
            head = replace(head, danger=danger)
        self._understanding = Understanding(encoder, speller, head)
        self._answers = {
            name: variants
            for name, variants in training_data.responses.items()
            if "/" in name
        }
        with self._storage.write_to(self._resource) as folder:
            self._understanding.save(folder)
            rasa.shared.utils.io.dump_obj_as_json_to_file(
                folder / RESPONSES, self._answers
            )
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the data as they are: nothing after this component needs more."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Put intent, ranking, similarity and the answers' ranking on each message.

        A button's payload (`/intent{...}`) is left to Rasa, which reads it itself.
        Where the desk says that the words suggest a question, asking it is the intent.
        """
        for message in messages:
            text = message.get(TEXT) or ""
            if self._understanding and not text.startswith(INTENT_MESSAGE_PREFIX):
                parsed = self._understanding.parse(text)
                self._describe(message, parsed)
                raised = (message.get("metadata") or {}).get(RAISED)
                if raised and parsed.intent not in _MORE_PRESSING:
                    _raise(message, str(raised), parsed.topic)
        return messages

    def _describe(self, message: Message, parsed: Parsed) -> None:
        ranking = [_ranked(INTENT_NAME_KEY, *pair) for pair in parsed.intents]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking[:RANKING_LENGTH], add_to_output=True)
        message.set(SIMILARITY, parsed.similarity, add_to_output=True)
        message.set(WORRYING, parsed.worrying, add_to_output=True)
        message.set(ALSO_ASKED, parsed.also, add_to_output=True)
        beside = asdict(parsed.beside) if parsed.beside else None
        message.set(BESIDE, beside, add_to_output=True)
        message.set(
            RESPONSE_SELECTOR_PROPERTY_NAME, self._selection(parsed), add_to_output=True
        )

    def _selection(self, parsed: Parsed) -> dict[str, Any]:
        """Return what Rasa's own response selectors would say of a message."""
        retrieval = sorted(
            {label.partition("/")[0] for label, _ in parsed.ranking if "/" in label}
        )
        selection: dict[str, Any] = {RESPONSE_SELECTOR_RETRIEVAL_INTENTS: retrieval}
        for intent in retrieval:
            ranked = [
                pair for pair in parsed.ranking if pair[0].startswith(f"{intent}/")
            ]
            total = sum(chance for _, chance in ranked) or 1.0
            ranking = [
                _ranked(INTENT_RESPONSE_KEY, label, chance / total)
                for label, chance in ranked
            ]
            utter = intent_response_key_to_template_key(ranking[0][INTENT_RESPONSE_KEY])
            selection[intent] = {
                RESPONSE_SELECTOR_PREDICTION_KEY: {
                    RESPONSE_SELECTOR_RESPONSES_KEY: self._answers.get(utter, []),
                    RESPONSE_SELECTOR_UTTER_ACTION_KEY: utter,
                    **ranking[0],
                },
                RESPONSE_SELECTOR_RANKING_KEY: ranking[:RANKING_LENGTH],
            }
        return selection


def _raise(message: Message, question: str, topic: str | None) -> None:
    """Let a question be asked first, and keep the topic that was asked about."""
    found = {"question": question, **({"topic": topic} if topic else {})}
    entities = [
        {ENTITY_ATTRIBUTE_TYPE: name, ENTITY_ATTRIBUTE_VALUE: value}
        for name, value in found.items()
    ]
    raised = _ranked(INTENT_NAME_KEY, _RAISE_QUESTION, 1.0)
    message.set(INTENT, raised, add_to_output=True)
    message.set(ENTITIES, entities, add_to_output=True)


def _ranked(key: str, name: str, confidence: float) -> dict[str, Any]:
    return {key: name, PREDICTED_CONFIDENCE_KEY: confidence}
