"""What is kept answers with the state the service adds before the properties as sent."""

from app.clinical.episode import Episode
from app.clinical.resource import EpisodeHeader, EpisodeResource


def test_a_kept_episode_is_its_state_and_every_property_of_an_episode() -> None:
    assert set(EpisodeResource.model_fields) == EpisodeHeader.model_fields.keys() | Episode.model_fields.keys()
    assert not EpisodeHeader.model_fields.keys() & Episode.model_fields.keys()
