"""Lets nothing, no form and no rule, stand between an emergency and its answer."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import (
    ACTION_DEACTIVATE_LOOP_NAME,
    ACTION_LISTEN_NAME,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_NAME_KEY

ACTIONS = {"report_emergency": "action_emergency", "crisis": "action_crisis"}
# Rasa's RulePolicy has 6, and its forms speak through it.
_ABOVE_RULES = 7


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class SafetyPolicy(Policy):
    """On an emergency or a crisis: advice first, then out of any form, then listen.

    There is nothing to learn; Rasa's graph wants every policy trainable.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the priority; Rasa reads it from here."""
        return {"priority": _ABOVE_RULES, "max_history": 1}

    @staticmethod
    def supported_data() -> SupportedData:
        """Accept rules and stories alike; neither is looked at."""
        return SupportedData.ML_AND_RULE_DATA

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Return the (empty) resource."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafetyPolicy:
        """Return the policy; nothing was stored."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Name the next step after an emergency message; abstain after any other."""
        scores = self._default_predictions(domain)
        step = _next_step(tracker)
        if step:
            scores[domain.index_for_action(step)] = 1.0
        return self._prediction(scores)


def _next_step(tracker: DialogueStateTracker) -> str | None:
    message = tracker.latest_message
    action = ACTIONS.get(message.intent.get(INTENT_NAME_KEY)) if message else None
    if action is None or tracker.latest_action_name == ACTION_LISTEN_NAME:
        return action
    if tracker.active_loop_name:
        return str(ACTION_DEACTIVATE_LOOP_NAME)
    return str(ACTION_LISTEN_NAME)
